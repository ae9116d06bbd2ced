export type { BackendInfo, GRU, GRUCell, GRUCellClass, GRUClass, Like } from './api.ts';
export { arrayMemory } from './backend/array-memory.ts';
export type { Backend } from './backend/backend.ts';
export type {
  Call,
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
  Trace,
} from './backend/engine.ts';
export { rowsOf } from './backend/engine.ts';
export { type HostTarget, hostBackend } from './backend/host.ts';
export type { HostTraining } from './backend/host-cell.ts';
export type { Allocate, BackwardKernels, HostBuffer, HostKernels, HostMemory } from './backend/host-kernels.ts';
export { hostTraining } from './backend/host-training.ts';
export type {
  CellSignature,
  Dimensions,
  SignatureOutput,
  SignatureParameter,
  SignatureValue,
} from './backend/signature.ts';
export { widthOf } from './backend/signature.ts';
export { drive, waitAll } from './drive.ts';
export { type Gradients, gradients } from './gradients/gradients.ts';
export { backendInfo, defineGRU, defineGRUCell } from './layers/define.ts';
export type { Resolved } from './options/options.ts';
export * from './public.ts';
export * from './shared.ts';
export { arrayOf, copy } from './tensor.ts';
