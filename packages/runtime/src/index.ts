export type { BackendInfo, ModuleClass } from './api/module.ts';
export type { Like } from './api/names.ts';
export type { CellClass, LayerClass, OwnCell, OwnLayer, OwnNames } from './api/own.ts';
export type {
  GRU,
  GRUCell,
  GRUCellClass,
  GRUClass,
  LSTM,
  LSTMCell,
  LSTMCellClass,
  LSTMClass,
  RNN,
  RNNCell,
  RNNCellClass,
  RNNClass,
} from './api/torch.ts';
export { arrayMemory } from './backend/array-memory.ts';
export type { Backend } from './backend/backend.ts';
export { backendInfo } from './backend/backend-info.ts';
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
export { dimensionNames, lengthOf, widthOf } from './backend/signature.ts';
export { type StackInDict, stackIn } from './classes/from-state-dict.ts';
export { defineGRU, defineGRUCell, type GRUCells } from './classes/gru.ts';
export { type LayerInDict, layersIn } from './classes/layers-in-dict.ts';
export { defineLSTM, defineLSTMCell, type LSTMCells } from './classes/lstm.ts';
export { checkStack, defineCell, defineLayer } from './classes/own.ts';
export { defineRNN, defineRNNCell, type RNNCells } from './classes/rnn.ts';
export { waitAll } from './drive.ts';
export { bytesPerElement, readElements } from './formats/elements.ts';
export { kindOfFile } from './formats/file-kind.ts';
export { decodeUTF8 } from './formats/utf8.ts';
export { type Gradients, gradients } from './gradients/gradients.ts';
export { type Hints, hints } from './hints/hints.ts';
export { asyncDriver } from './layers/async-driver.ts';
export { type Driver, syncDriver } from './layers/driver.ts';
export { MATH, type Resolved, THREADS } from './options/options.ts';
export { type CellLayouts, type Layouts, layoutsOf } from './parameters/layouts.ts';
export * from './public.ts';
export * from './shared.ts';
export { arrayOf, copy } from './tensor.ts';
