import {
  type Backend,
  type BackendInfo,
  backendInfo,
  type DType,
  defineGRU,
  defineGRUCell,
  type Engine,
  type FloatArray,
  type GRUCellClass,
  type GRUClass,
  gradients,
} from '@congruent/runtime';
import { ScalarEngine } from './engine.ts';
import * as float32 from './generated/gru.float32.ts';
import * as float64 from './generated/gru.float64.ts';

export * from '@congruent/runtime/public';

const openSync = ({ dtype }: { readonly dtype: DType }): Engine<'sync', FloatArray> =>
  dtype === 'float64'
    ? new ScalarEngine<Float64Array>({ ...float64, vector: (length) => new Float64Array(length) })
    : new ScalarEngine<Float32Array>({ ...float32, vector: (length) => new Float32Array(length) });

const scalar: Backend<'sync', FloatArray> = {
  name: 'scalar',
  mode: 'sync',
  supports: { sync: true, float64: true, training: true, deterministic: true },
  options: [],
  signature: float32.signature,
  gradients,
  open: async (options) => openSync(options),
  openSync,
};

/** torch.nn.GRU in plain TypeScript. */
export const GRU: GRUClass<'sync'> = /* @__PURE__ */ defineGRU(scalar);

/** torch.nn.GRUCell in plain TypeScript. */
export const GRUCell: GRUCellClass<'sync'> = /* @__PURE__ */ defineGRUCell(scalar);

/** The backend's name and what it supports. */
export const backend: BackendInfo = /* @__PURE__ */ backendInfo(scalar);
