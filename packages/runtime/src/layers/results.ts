import type { Operand } from '../backend/signature.ts';
import type { RowLayout } from '../sequences/sequence.ts';
import { namedStates, wrapStates } from '../sequences/states.ts';
import type { FloatArray, Tensor } from '../tensor.ts';
import type { StackShape } from './shape.ts';
import type { RowResults } from './stack.ts';

/** Outputs under their name in a result. */
const namedOutputs = (
  { outputs, outputForm }: StackShape,
  value: (output: Operand, index: number) => unknown,
): Record<string, unknown> => ({ [outputForm.key]: outputForm.unlist(outputs.map(value), outputs) });

/** What `forward` of a layer gives. */
export const layerResult = (
  shape: StackShape,
  rows: RowLayout,
  { outputs, states }: RowResults,
): Record<string, unknown> => ({
  ...namedOutputs(shape, ({ row }, i) => rows.wrap(outputs[i]!, row)),
  ...namedStates(wrapStates(states, rows, shape.states), shape.states.values, 'n'),
});

/** Whether a cell gives more than its next states. */
export const hasOwnOutputs = ({ outputs, states }: StackShape): boolean =>
  outputs.some(({ name }) => !states.values.some((state) => name === `${state.name}'`));

/** What a step of a cell gives: its next states, and by name where there are outputs besides. */
export function cellResult(shape: StackShape, leading: readonly number[], { outputs, states }: RowResults): unknown {
  const tensor = (data: FloatArray, { row }: Operand): Tensor => ({ data, shape: [...leading, ...row] });
  const { values } = shape.states;
  const next = values.map((state, i) => tensor(states[0]![i]!, state));
  if (!hasOwnOutputs(shape)) return next.length === 1 ? next[0] : next;
  return { ...namedOutputs(shape, (output, i) => tensor(outputs[i]!, output)), ...namedStates(next, values, '1') };
}
