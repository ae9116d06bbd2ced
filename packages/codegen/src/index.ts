export { compile, type Program } from './compile.ts';
export { type Emitter, headerOf, type Origin } from './emit/emitter.ts';
export { encodeBytes } from './emit/encode-bytes.ts';
export type { Exported, ExportedFile, ExportedModel, Exporter, ExportOptions } from './emit/exporter.ts';
export { bracketed, type Code, JAVASCRIPT_WORDS, javascript } from './emit/javascript.ts';
export { type Layouts, layoutsFile, layoutsOf, layoutsReexport } from './emit/layouts.ts';
export { lineComment } from './emit/line-comment.ts';
export { commented, indented, printDeclarations } from './emit/print.ts';
export { type Signature, signatureFile, signatureOf, signatureReexport } from './emit/signature.ts';
export type { Block, Declaration, EmittedFile, Parameter, Property } from './emit/tree.ts';
export { type Carry, type CellIr, type Definition, type FlatCell, type FunctionIr, namesOf } from './ir/definition.ts';
export {
  add,
  type Binary,
  type BinaryOperator,
  binary,
  type Call,
  type Comparison,
  type Constant,
  type Contraction,
  callsFunction,
  constant,
  type Expression,
  isContraction,
  type MapExpression,
  type MatrixProduct,
  mapOperands,
  namesIn,
  operandsOf,
  type Reference,
  reference,
  type Select,
  type Unary,
  type UnaryOperator,
  type Value,
} from './ir/expression.ts';
export { Names, prefixed } from './ir/names.ts';
export { fold, type Table, type TargetExpression } from './ir/table.ts';
export { type Adjoint, differentiate } from './passes/differentiate.ts';
export { extractProducts } from './passes/extract.ts';
export { findExtrema } from './passes/extrema.ts';
export { foldSums } from './passes/fold-sums.ts';
export { fuseProducts } from './passes/fuse.ts';
export { type DType, lowerCell, lowerFunction } from './passes/lower.ts';
export { nameCalls } from './passes/name-calls.ts';
export { type Plans, planFor } from './plan/build.ts';
export { type Extent, evaluate, extentOf, printExtent, product, sizeOf, sum, total, up } from './plan/extent.ts';
export {
  type Buffer,
  type ContractPlan,
  type CopyPlan,
  type FusedProduct,
  type MapPlan,
  type PackPlan,
  type Plan,
  type PlanPhase,
  type PlanStage,
  type Product,
  type ReducePlan,
  type Rows,
  type Space,
  type Target,
  type View,
  withoutRecording,
} from './plan/plan.ts';
export { type PlanRule, planRules, verifyPlan } from './plan/verify.ts';
export { printDefinition, printExpression, printValue } from './print/expression.ts';
export { printAdjointLatex, printLatex } from './print/latex.ts';
export { printPlan } from './print/plan.ts';
export { printAdjoint, printCell, printFunction, printSchedule } from './print/schedule.ts';
export { type Arithmetic, float32, float64, SUM_BLOCK } from './reference/arithmetic.ts';
export { type Environment, interpretFunction, type Value as InterpretedValue } from './reference/evaluator.ts';
export { type BackwardRow, type ForwardRow, type Interpreter, interpreter } from './reference/interpreter.ts';
export { float32FlushedInterval, float32Interval, type Interval } from './reference/interval.ts';
export { PlanRunner } from './reference/plan-runner.ts';
export {
  type ContractStage,
  definitionsIn,
  type MapStage,
  type Phase,
  type Schedule,
  type Stage,
} from './schedule/schedule.ts';
export { cellRules, type Rule, scheduleRules, verifyCell, verifySchedule } from './schedule/verify.ts';
