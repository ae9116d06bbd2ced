import {
  type Backend,
  type BackendInfo,
  backendInfo,
  defineGRU,
  defineGRUCell,
  type FloatArray,
  type GRUCellClass,
  type GRUClass,
  hostBackend,
  hostTraining,
} from '@congruent/runtime';
import * as float32 from './generated/gru.float32.ts';
import * as float64 from './generated/gru.float64.ts';
import { scalarKernels } from './kernels.ts';

export * from '@congruent/runtime/public';

const scalar: Backend<'sync', FloatArray> = /* @__PURE__ */ hostBackend({
  name: 'scalar',
  supports: { float64: true, deterministic: true },
  signature: float32.signature,
  kernels: ({ dtype }) => scalarKernels(dtype === 'float64' ? float64 : float32, dtype),
  training: hostTraining,
});

/** torch.nn.GRU in plain TypeScript. */
export const GRU: GRUClass<'sync'> = /* @__PURE__ */ defineGRU(scalar);

/** torch.nn.GRUCell in plain TypeScript. */
export const GRUCell: GRUCellClass<'sync'> = /* @__PURE__ */ defineGRUCell(scalar);

/** The backend's name and what it supports. */
export const backend: BackendInfo = /* @__PURE__ */ backendInfo(scalar);
