import {
  type Buffer,
  type Code,
  type ExportedModel,
  float32,
  type Plan,
  PlanRunner,
  type Plans,
  type Program,
  planFor,
  type Table,
  withoutRecording,
} from '@congruent/codegen';
import { C_WORDS } from '../words.ts';
import { HELPER_NAMES } from './helpers.ts';
import { tableOf } from './language.ts';

/** What the functions of a header name themselves. */
const OWN = 'i j k inputs outputs state weights parameters trace adjoint gradients output_adjoints input_adjoints';

/** What the names at the top level of a header end with, beside helpers and the functions that the cell calls. */
const GLOBALS =
  'H INPUT_SIZE OUTPUT_SIZE state weights exported initial initial_states reset step run ' +
  'parameters exported_parameters backward_weights trace adjoint prepare prepare_backward record_step ' +
  'adjoint_reset backward_step';

/** A model with its plans: of a single row, whose buffers have one row each. */
export interface Planned {
  readonly name: string;
  readonly program: Program;
  readonly plans: Plans;
  /** The forward pass that records nothing. */
  readonly step: Plan;
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** In the order of the step's carries; undefined: zeros. */
  readonly initialStates: readonly Float32Array[] | undefined;
  readonly table: Table<Code>;
}

export function planned({ name, program, tensors, initialStates }: ExportedModel): Planned {
  const functions = program.functions.float32.map((called) => called.name);
  const globals = [...GLOBALS.split(' '), ...HELPER_NAMES, ...functions].map((end) => `${name}_${end}`);
  const plans = planFor(program, { reserved: new Set([...C_WORDS, ...OWN.split(' '), ...globals]) }, 'float32');
  return { name, program, plans, step: withoutRecording(plans.forward), tensors, initialStates, table: tableOf(name) };
}

/** The weights of a plan, computed of the tensors as every backend computes them. */
export function weightsOf({ program, plans, tensors }: Planned, plan: Plan): ReadonlyMap<Buffer, readonly number[]> {
  const runner = new PlanRunner(plan, plans.functions, float32, {}, { batchSizes: [1], reverse: false }, true);
  for (const [index, { name }] of program.cell.tensors.entries()) {
    runner.memory[plan.tensors[index]!.name] = [...tensors.get(name)!];
  }
  runner.prepare();
  return new Map(plan.weights.map((buffer) => [buffer, runner.memory[buffer.name]!]));
}
