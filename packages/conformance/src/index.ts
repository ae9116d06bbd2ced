export { type Bound, recordedBound } from './bounds.ts';
export type { BackendModule, Check, Outcome, Subject } from './check.ts';
export { checks } from './checks.ts';
export { type Mode, modesOf } from './modes.ts';
export { mutants } from './mutants.ts';
export type { Mutant } from './mutation.ts';
export { moduleOf, type ReferenceBackend, type ReferenceOptions, referenceBackend } from './reference.ts';
export {
  type CheckResult,
  type ConformanceOptions,
  conformance,
  type Factory,
  type Report,
  runConformance,
} from './run.ts';
export { type ModeReport, runModes, type Summary } from './run-modes.ts';
export { missingExports } from './subject.ts';
