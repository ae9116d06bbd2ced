import type { Length, Shape } from '@congruent/spec';
import type { Definition } from '../ir/definition.ts';
import { type Contraction, joinedShape, type Reference, type Value } from '../ir/expression.ts';
import { printStack, printStacked } from '../print/expression.ts';
import type { ContractStage } from '../schedule/schedule.ts';
import type { Bias, Constants, Matrix } from './constants.ts';
import { extentOf, sizeOf, sum } from './extent.ts';
import { copyOf } from './memory.ts';
import type { ContractPlan, CopyPlan, ReducePlan, View } from './plan.ts';

/** Where the operand of a product lies. */
export interface Operand {
  readonly operand: View;
  /** Where it lies in several places. */
  readonly parts?: readonly View[] | undefined;
  /** What is to be copied there first. */
  readonly copies?: readonly CopyPlan[];
}

/** Where the stage of a contraction finds and leaves what it works on. */
export interface ContractPlaces {
  read(name: string): View;
  /** Where the vectors of an operand lie one below the other. */
  stack(product: string, vectors: readonly Reference[]): Operand;
  /** Where each result is written at first, one below the other. */
  readonly results: readonly View[];
}

/** A contraction, and the copies that it needs. */
export interface Contracted {
  readonly stage: ContractPlan | ReducePlan;
  /** To where its operand lies. */
  readonly copies: readonly CopyPlan[];
  /** Of parameters, to what it adds: once they are computed. */
  readonly biases: readonly CopyPlan[];
}

/** Whether a contraction is no more than copies. */
export const isCopied = ({ kind }: Value): boolean => kind === 'join' || kind === 'slice';

/** What makes a value that is copied from others. */
export function planCopies(value: Contraction, read: (name: string) => View, to: View): readonly CopyPlan[] {
  if (value.kind === 'slice') return [copyOf(sliceOf(read(value.operand.name), value.before, value.shape), to)];
  const parts = value.kind === 'join' ? value.parts : [];
  return parts.map(({ name, shape }, index) => {
    const [before = 0] = joinedShape(parts.slice(0, index));
    return copyOf(read(name), sliceOf(to, before, shape));
  });
}

/** A part of a vector. */
export const sliceOf = (view: View, before: Length, shape: Shape): View => ({
  ...view,
  offset: sum(view.offset, extentOf(before)),
  shape,
});

/** The matrix of a product, made of the parameters, and what it multiplies. */
export function planContraction(
  { definitions }: ContractStage,
  constants: Constants,
  places: ContractPlaces,
): Contracted {
  const [{ name, value }] = definitions as readonly [Definition<Contraction>];
  const values = definitions.map((each) => each.value);
  const label = `${printStack(definitions.map((each) => each.name))} = ${printStacked(values)}`;
  const product = (matrix: Matrix, { operand, parts, copies = [] }: Operand, bias?: Bias): Contracted => {
    const result = places.results[0]!;
    const stage = { kind: 'contract', label, ...matrix, operand, parts, bias: bias?.view, result } as const;
    return { stage, copies, biases: bias?.copies ?? [] };
  };
  switch (value.kind) {
    case 'sum':
      return { stage: planSum(label, values, places), copies: [], biases: [] };
    case 'total': {
      const { operand } = value;
      return product(constants.ones(sizeOf(operand.shape)), { operand: places.read(operand.name) });
    }
    case 'transposed':
      return product(constants.matrix(`V_${name}`, value.matrices, true), places.stack(name, value.vectors));
    case 'product': {
      const products = values.filter((each) => each.kind === 'product');
      const { vector } = value;
      const blocks = products.map(({ matrix }) => matrix);
      const biases = products.flatMap(({ bias }) => bias ?? []);
      return product(
        constants.matrix(`W_${vector.name}`, blocks, false),
        { operand: places.read(vector.name) },
        biases.length > 0 ? constants.bias(`b_${vector.name}`, biases) : undefined,
      );
    }
    case 'join':
    case 'slice':
      throw new TypeError(`${name} is copied`);
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
