export type { Check, Outcome } from './checks/check.ts';
export { checks } from './checks/checks.ts';
export { type EmittedCell, type EmitterSuite, emitterConformance } from './emitters/emitter-conformance.ts';
export { type Bound, recordedBound } from './expect/bounds.ts';
export type { Kind, KindOptions } from './kinds/kind.ts';
export { mutants } from './mutants/mutants.ts';
export type { Mutant } from './mutants/mutation.ts';
export {
  moduleOf,
  type ReferenceBackend,
  type ReferenceOptions,
  referenceBackend,
  referenceModule,
} from './reference/backend.ts';
export {
  type CheckResult,
  type ConformanceOptions,
  conformance,
  type Factory,
  type Report,
  runConformance,
} from './run/run.ts';
export { type ModeReport, runModes, type Summary } from './run/run-modes.ts';
export { type Available, ifAvailable } from './subject/available.ts';
export { type Mode, modesOf } from './subject/modes.ts';
export { missingExports } from './subject/open.ts';
export type { Backend, BackendModule, Subject } from './subject/subject.ts';
