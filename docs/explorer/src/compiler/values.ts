import {
  type Definition,
  extractProducts,
  foldSums,
  nameCalls,
  namesIn,
  type Program,
  prefixed,
} from '@congruent/codegen';
import type { Value } from './compiled.ts';

/** The values of a program, and for every name that the compiler makes of them, the one that it belongs to. */
export interface Values {
  readonly list: readonly Value[];
  /** By name: the index of a value. */
  readonly of: ReadonlyMap<string, number>;
}

/**
 * A name that the compiler made belongs to the equation that it was taken out of; an adjoint to what it is the adjoint
 * of.
 */
export function valuesOf(program: Program): Values {
  const { inputs, carries, parameters, definitions } = program.ir;
  const list: Value[] = [
    ...inputs.map(({ name }): Value => ({ name, role: 'input' })),
    ...carries.map(({ given }): Value => ({ name: given.name, role: 'state' })),
    ...definitions.map(({ name }): Value => ({ name, role: 'equation' })),
    ...parameters.map(({ name }): Value => ({ name, role: 'parameter' })),
  ];
  const of = new Map(list.map(({ name }, index) => [name, index]));
  addForward(program, of);
  addBackward(program, of);
  return { list, of };
}

/** Each pass puts what it takes out of an equation before the equation. */
function addForward({ ir, adjoint }: Program, of: Map<string, number>): void {
  for (const { definitions } of [nameCalls(extractProducts(foldSums(ir))), adjoint.forward]) {
    let owner: number | undefined;
    for (const { name } of definitions.toReversed()) {
      owner = of.get(name) ?? owner;
      if (owner !== undefined) of.set(name, owner);
    }
  }
}

function addBackward({ ir, adjoint, backward }: Program, of: Map<string, number>): void {
  const own = (name: string, owner: number | undefined): void => {
    if (owner !== undefined && !of.has(name)) of.set(name, owner);
  };
  for (const [index, { name }] of adjoint.outputs.entries()) own(name, of.get(ir.outputs[index]!.name));
  for (const [index, { given, next }] of adjoint.carries.entries()) {
    own(given.name, of.get(ir.carries[index]!.next.name));
    own(next.name, of.get(ir.carries[index]!.given.name));
  }
  const received = new Set([...adjoint.outputs, ...adjoint.carries.map(({ given }) => given)].map(({ name }) => name));
  for (const [adjointName, name] of adjoint.origins) own(adjointName, of.get(name));
  const definitions = [...adjoint.definitions, ...adjoint.sums, ...adjoint.finish];
  for (const { name, value } of definitions) {
    // Only the total of a value's adjoint reads what is received of it.
    const total = [...namesIn(value)].find((operand) => received.has(operand));
    if (total !== undefined) own(name, of.get(total));
  }
  addRead(definitions, of);
  for (const [name, gradient] of adjoint.gradients) own(gradient, of.get(name));
  for (const [name] of backward.gradients) own(prefixed('d', name), of.get(name));
}

/** What is left was taken out of the definition that reads it. */
function addRead(definitions: readonly Definition[], of: Map<string, number>): void {
  for (const { name, value } of definitions.toReversed()) {
    const owner = of.get(name);
    if (owner === undefined) continue;
    for (const operand of namesIn(value)) if (!of.has(operand)) of.set(operand, owner);
  }
}
