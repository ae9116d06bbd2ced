export { type Cell, cell, defineCell, type Variable } from './cell.ts';
export { gru } from './cells/gru.ts';
export { type Span, SpecError, type SpecErrorCode, specErrorCodes } from './error.ts';
export { functions, type SpecFunction } from './functions.ts';
export type { Shape } from './shapes.ts';
export {
  type BinaryOperator,
  type Equation,
  type Expression,
  type Layout,
  operandsOf,
  type StackedTensor,
} from './syntax.ts';
