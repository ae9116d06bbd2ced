import type { FunctionIr, Program } from '@congruent/codegen';
import { type AdjointArray, type AdjointLayout, adjointLayoutOf } from './adjoint-layout.ts';
import { type Extent, inI32 } from './extent.ts';
import type { Lanes } from './lanes.ts';
import { TRACE, tensorPointers } from './layout.ts';
import { add, get, mul, type Wat } from './wat.ts';

/** What the functions of the backward pass are made from. */
export interface AdjointPlan {
  readonly program: Program;
  readonly lanes: Lanes;
  readonly layout: AdjointLayout;
  readonly functions: readonly FunctionIr[];
  /** The addresses of the layout's tensors: of parameters, or of their gradients. */
  readonly tensors: readonly string[];
  /** Arrays with a row for each row of the sequence that the caller gives. */
  readonly sequences: readonly string[];
}

export function adjointPlanOf(program: Program, lanes: Lanes): AdjointPlan {
  const layout = adjointLayoutOf(program, lanes.bytes);
  const trace = program.adjoint.adjoint.kept.length > 0 ? [TRACE] : [];
  return {
    program,
    lanes,
    layout,
    functions: program.functions[lanes.dtype],
    tensors: tensorPointers(program.cell),
    sequences: [...trace, ...layout.inputs, layout.output, ...layout.inputGradients],
  };
}

/** What a function works on: the rows of one step, or of a chunk after the steps. */
export type RowsInHand = Exclude<AdjointArray['per'], 'sequence'>;

/** The scratch arrays that a function on such rows takes. */
const arraysOf = ({ layout }: AdjointPlan, per: RowsInHand): readonly AdjointArray[] =>
  layout.scratch.filter((array) => array.per === 'sequence' || array.per === per);

/** The first parameters of such a function. */
export const rowParameters = (plan: AdjointPlan, per: RowsInHand): readonly string[] => [
  ...plan.layout.dimensions,
  'weights',
  ...arraysOf(plan, per).map(({ name }) => name),
  ...plan.sequences,
];

/** The first arguments: what has a row for each row of the sequence, from row `row` on. */
export function rowOperands(plan: AdjointPlan, per: RowsInHand): Wat[] {
  const { dimensions, places, copies } = plan.layout;
  const all = [...places.values(), ...[...copies.values()].flat()];
  const strides = new Map(all.map(({ pointer, stride }) => [pointer, stride]));
  const fromRow = (array: string, stride: Extent): Wat => add(get(array), mul(get('row'), inI32(stride)));
  const arrays = arraysOf(plan, per).map((array) =>
    array.per === 'sequence' ? fromRow(array.name, array.rowBytes) : get(array.name),
  );
  const sequences = plan.sequences.map((array) => fromRow(array, strides.get(array)!));
  return [...dimensions.map(get), get('weights'), ...arrays, ...sequences];
}
