export type { BackendInfo, GRU, GRUCell, GRUCellClass, GRUClass, Like } from './api.ts';
export { arrayMemory } from './backend/array-memory.ts';
export { type HostTarget, type HostTraining, hostBackend } from './backend/host.ts';
export type { Allocate, BackwardKernels, HostKernels, HostMemory } from './backend/host-kernels.ts';
export { hostTraining } from './backend/host-training.ts';
export type {
  Backend,
  Call,
  CellSignature,
  Dimensions,
  Engine,
  EngineOptions,
  Layer,
  LayerGradients,
  LayerStream,
  Mode,
  RecordedRun,
  Reply,
  Run,
  Sequence,
  SignatureOutput,
  SignatureParameter,
  SignatureValue,
  Trace,
} from './backend.ts';
export { backendInfo, defineGRU, defineGRUCell } from './define.ts';
export { drive, waitAll } from './drive.ts';
export { type Gradients, gradients } from './gradients.ts';
export type { Resolved } from './options.ts';
export * from './public.ts';
export * from './shared.ts';
export { rowsOf } from './stack.ts';
export { arrayOf, copy } from './tensor.ts';
