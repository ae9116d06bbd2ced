export { type Adjoint, type AdjointState, differentiate } from './adjoint.ts';
export type { AdjointSchedule, AdjointStage, SumStage } from './adjoint-schedule.ts';
export { type Arithmetic, float32, float64, SUM_BLOCK } from './arithmetic.ts';
export { compile, type Program, passes } from './compile.ts';
export { type Emitter, type GeneratedFile, header } from './emitter.ts';
export { identifier } from './identifier.ts';
export { type Environment, type Interpreter, interpreter, interpretFunction, type Value } from './interpret.ts';
export { type AdjointInterpreter, type AdjointRow, adjointInterpreter } from './interpret-adjoint.ts';
export { float32FlushedInterval, float32Interval, type Interval } from './interval.ts';
export * from './ir.ts';
export { printAdjointLatex, printLatex } from './latex.ts';
export { type DType, lowerCell, lowerFunction } from './lower.ts';
export { printAdjoint, printCell, printDefinition, printExpression, printFunction, printSchedule } from './print.ts';
export type { Schedule } from './schedule.ts';
export {
  definitionsOf,
  type ElementwiseStage,
  type ProductBlock,
  type ProductStage,
  type Stage,
  type TransposedStage,
} from './stages.ts';
export { cellRules, type Rule, scheduleRules, verifyCell, verifySchedule } from './verify.ts';
export { adjointRules, verifyAdjoint } from './verify-adjoint.ts';
