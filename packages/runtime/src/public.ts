// What every backend package re-exports beside its own GRU, GRUCell and backend: `export * from '@congruent/runtime/public'`.
export type { Pullback } from './api/module.ts';
export type {
  GRUCellGradients,
  GRUCellVjp,
  GRUCotangents,
  GRUGradients,
  GRUResult,
  GRUStream,
  GRUStreamOptions,
  GRUVjp,
  LSTMCellGradients,
  LSTMCellVjp,
  LSTMCotangents,
  LSTMGradients,
  LSTMResult,
  LSTMStream,
  LSTMStreamOptions,
  LSTMVjp,
} from './api/torch.ts';
export type { Supports } from './backend/supports.ts';
export { CongruentError, ERROR_CODES, type ErrorCode } from './errors.ts';
export { readSafetensors, type SafetensorsFile } from './formats/safetensors.ts';
export { writeSafetensors } from './formats/write-safetensors.ts';
export type {
  GRUCellOptions,
  GRUOptions,
  LSTMCellOptions,
  LSTMOptions,
  RNNCellOptions,
  RNNOptions,
} from './options/torch-options.ts';
export type { LoadOptions, LoadResult, StateDict, StateDictOptions } from './parameters/state-dict.ts';
export {
  type PackPaddedSequenceOptions,
  type PackSequenceOptions,
  type PadPackedSequenceOptions,
  type PadSequenceOptions,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
} from './sequences/pack.ts';
export type { PackedSequence } from './sequences/packed.ts';
export { type DType, type FloatArray, type Tensor, tensor } from './tensor.ts';
