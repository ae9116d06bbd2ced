// What every backend package re-exports beside its own GRU, GRUCell and backend: `export * from '@congruent/runtime/public'`.

// The types that an application's declarations are inferred to have. They must be named from here, because a strict package
// manager gives the application no other way to the runtime. `GRU` itself is each backend's own.
export type { CellGradients, CellResult, CellVjp, RecurrentCell } from './api/cell.ts';
export type { LayerGradients, LayerResult, LayerVjp, RecurrentLayer, RecurrentStream } from './api/layer.ts';
export type { BackendInfo, Pullback } from './api/module.ts';
export type { OneState, TwoStates } from './api/names.ts';
export type { OwnCell, OwnLayer } from './api/own.ts';
export type {
  GRU as GRUModule,
  GRUCell as GRUCellModule,
  GRUCellGradients,
  GRUCellVjp,
  GRUCotangents,
  GRUGradients,
  GRUResult,
  GRUStream,
  GRUStreamOptions,
  GRUVjp,
  LSTM as LSTMModule,
  LSTMCell as LSTMCellModule,
  LSTMCellGradients,
  LSTMCellVjp,
  LSTMCotangents,
  LSTMGradients,
  LSTMResult,
  LSTMStream,
  LSTMStreamOptions,
  LSTMVjp,
  RNN as RNNModule,
  RNNCell as RNNCellModule,
} from './api/torch.ts';
export type { Supports } from './backend/supports.ts';
export { CongruentError, ERROR_CODES, type ErrorCode } from './errors.ts';
export type { StoredArray, StoredDType, StoredTensor } from './formats/elements.ts';
export { readSafetensors, type SafetensorsFile, type UnreadTensor } from './formats/safetensors.ts';
export { type WritableTensor, writeSafetensors } from './formats/write-safetensors.ts';
export type {
  GRUCellOptions,
  GRUOptions,
  LSTMCellOptions,
  LSTMOptions,
  RNNCellOptions,
  RNNOptions,
} from './options/torch-options.ts';
export type { LoadOptions, LoadResult, StateDict, StateDictOptions, StoredStateDict } from './parameters/state-dict.ts';
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
export { type DType, type FloatArray, type NestedNumbers, type Tensor, tensor } from './tensor.ts';
