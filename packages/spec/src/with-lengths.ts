import type { Cell, Variable } from './checked-cell.ts';
import { type Length, type Shape, sumOfLengths, termsOf } from './syntax.ts';

/**
 * A cell of a certain size: the same equations, with numbers for its dimensions. Calls of it need no shapes to be stated.
 *
 * @param lengths  by the names of dimensions; one that is left out keeps its name
 */
export function withLengths(cell: Cell, lengths: Readonly<Record<string, number>>): Cell {
  const length = (of: Length): Length => sumOfLengths(termsOf(of).map((term) => lengths[term] ?? term));
  const shape = (of: Shape): Shape => of.map(length);
  const variable = (of: Variable): Variable => ({ ...of, shape: shape(of.shape) });
  return {
    ...cell,
    inputs: cell.inputs.map(variable),
    states: cell.states.map(variable),
    outputs: cell.outputs.map(variable),
    parameters: cell.parameters.map(variable),
    equations: cell.equations.map((equation) => ({ ...equation, shape: equation.shape && shape(equation.shape) })),
  };
}
