export type { BackendInfo, GRU, GRUCell, GRUCellClass, GRUClass, Like } from './api.ts';
export type {
  Backend,
  Call,
  CellSignature,
  Dimension,
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
  Trace,
} from './backend.ts';
export { backendInfo, defineGRU, defineGRUCell } from './define.ts';
export { drive, waitAll } from './drive.ts';
export { type Gradients, gradients } from './gradients.ts';
export type { Resolved } from './options.ts';
export * from './public.ts';
export * from './shared.ts';
export { copy } from './tensor.ts';
