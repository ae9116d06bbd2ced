// What every backend package re-exports beside its own GRU, GRUCell and backend: `export * from '@congruent/runtime/public'`.
export type {
  GRUCellGradients,
  GRUCellVjp,
  GRUCotangents,
  GRUGradients,
  GRUResult,
  GRUStream,
  GRUStreamOptions,
  GRUVjp,
  Pullback,
} from './api.ts';
export type { Supports } from './backend.ts';
export { CongruentError, ERROR_CODES, type ErrorCode } from './errors.ts';
export type { GRUCellOptions, GRUOptions } from './options.ts';
export {
  type PackPaddedSequenceOptions,
  type PackSequenceOptions,
  type PadPackedSequenceOptions,
  type PadSequenceOptions,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
} from './pack.ts';
export type { PackedSequence } from './packed.ts';
export { readSafetensors, type SafetensorsFile } from './safetensors.ts';
export type { LoadResult, StateDict } from './state-dict.ts';
export { type DType, type FloatArray, type Tensor, tensor } from './tensor.ts';
export { writeSafetensors } from './write-safetensors.ts';
