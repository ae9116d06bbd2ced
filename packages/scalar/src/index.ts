import {
  type BackendInfo,
  type DefinedBackend,
  type DType,
  defineBackend,
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

const defined: DefinedBackend<'sync'> = defineBackend({
  name: 'scalar',
  mode: 'sync',
  supports: { sync: true, float64: true, training: true, deterministic: true },
  options: [],
  signature: float32.signature,
  gradients,
  open: async (options) => openSync(options),
  openSync,
});

/** torch.nn.GRU in plain TypeScript. */
export const GRU: GRUClass<'sync'> = defined.GRU;

/** torch.nn.GRUCell in plain TypeScript. */
export const GRUCell: GRUCellClass<'sync'> = defined.GRUCell;

/** The backend's name and what it supports. */
export const backend: BackendInfo = defined.backend;
