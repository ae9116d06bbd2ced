export { type Cell, cell, defineCell, type Variable } from './cell.ts';
export { gru } from './cells/gru.ts';
export { gruResetBefore } from './cells/gru_reset_before.ts';
export { lstm } from './cells/lstm.ts';
export { lstmProjected } from './cells/lstm_projected.ts';
export { rnnRelu } from './cells/rnn_relu.ts';
export { rnnTanh } from './cells/rnn_tanh.ts';
export type { Instance, StackedTensor } from './checked-cell.ts';
export { type Span, SpecError, type SpecErrorCode, specErrorCodes } from './error.ts';
export { functions, operations, type SpecFunction } from './functions.ts';
export {
  type BinaryOperator,
  type Block,
  type Equation,
  type Expression,
  isReduction,
  type Layout,
  type Length,
  operandsOf,
  type PackedTensor,
  type Packing,
  type Reduction,
  type Shape,
  sumOfLengths,
  termsOf,
} from './syntax.ts';
export { withLengths } from './with-lengths.ts';
