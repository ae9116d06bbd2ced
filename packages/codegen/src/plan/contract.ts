import type { Definition } from '../ir/definition.ts';
import type { Contraction, Reference } from '../ir/expression.ts';
import { printStack, printStacked } from '../print/expression.ts';
import type { ContractStage } from '../schedule/schedule.ts';
import type { Constants, Matrix } from './constants.ts';
import type { ContractPlan, CopyPlan, PlanStage, ReducePlan, View } from './plan.ts';

/** Where the stage of a contraction finds and leaves what it works on. */
export interface ContractPlaces {
  read(name: string): View;
  /** Where the vectors of an operand lie one below the other, and the copies of those that are not there yet. */
  stack(
    product: string,
    vectors: readonly Reference[],
  ): {
    readonly operand: View;
    /** Where it lies in several places. */
    readonly parts?: readonly View[];
    readonly copies: readonly CopyPlan[];
  };
  /** Keeps the copies that make a bias for when weights are made; gives them back where they are to be made at once. */
  biased(copies: readonly CopyPlan[]): readonly CopyPlan[];
  /** Where each result is written at first, one below the other. */
  readonly results: readonly View[];
}

/** The matrix of a product, made of the parameters, and what it multiplies. */
export function planContraction(
  { definitions }: ContractStage,
  constants: Constants,
  places: ContractPlaces,
): readonly PlanStage[] {
  const [{ name, value }] = definitions as readonly [Definition<Contraction>];
  const values = definitions.map((each) => each.value);
  const label = `${printStack(definitions.map((each) => each.name))} = ${printStacked(values)}`;
  if (value.kind === 'sum') return [planSum(label, values, places)];
  const product = ({ matrix, rows, columns }: Matrix, operand: View, bias?: View): ContractPlan => {
    return { kind: 'contract', label, matrix, rows, columns, operand, bias, result: places.results[0]! };
  };
  switch (value.kind) {
    case 'total': {
      const { operand } = value;
      return [product(constants.ones(operand.shape[0]!), places.read(operand.name))];
    }
    case 'transposed': {
      const matrix = constants.matrix(`V_${name}`, value.matrices, true);
      const { operand, parts, copies } = places.stack(name, value.vectors);
      return [...copies, parts ? { ...product(matrix, operand), parts } : product(matrix, operand)];
    }
    case 'product': {
      const products = values.filter((each) => each.kind === 'product');
      const { vector } = value;
      const matrix = constants.matrix(
        `W_${vector.name}`,
        products.map((each) => each.matrix),
        false,
      );
      const biases = products.flatMap(({ bias }) => bias ?? []);
      if (biases.length === 0) return [product(matrix, places.read(vector.name))];
      const { view, copies } = constants.bias(`b_${vector.name}`, biases);
      return [...places.biased(copies), product(matrix, places.read(vector.name), view)];
    }
    default:
      return value satisfies never;
  }
}

function planSum(label: string, values: readonly Contraction[], { read, results }: ContractPlaces): ReducePlan {
  const sums = values.filter((each) => each.kind === 'sum');
  const lefts = sums.map(({ left }) => read(left.name));
  const { right } = sums[0]!;
  const over = lefts.some(({ buffer }) => buffer.rows === 'sequence') ? 'sequence' : 'one';
  return { kind: 'reduce', label, over, lefts, right: right && read(right.name), results };
}

export const copiesOf = (from: View, places: readonly View[]): readonly CopyPlan[] =>
  places.map((to) => ({ kind: 'copy', from, to }));
