import { type CellIr, type Definition, givenTo, referenceTo } from '../ir/definition.ts';
import { type Expression, namesIn, type Reference, type Value } from '../ir/expression.ts';
import { instanceOf } from '../ir/names.ts';

/** When a value is known: before everything, once the parameters are, once the inputs are, or only step by step. */
export type Region = 'constant' | 'parameter' | 'input' | 'state';

const ORDER: readonly Region[] = ['constant', 'parameter', 'input', 'state'];

/** The regions of a cell's values. */
export interface Regions {
  /** Of a name. */
  of(name: string): Region;
  /** Whether a name is known before any row. */
  isEarly(name: string): boolean;
  /** Of a value: the latest of the names it reads. */
  within(value: Value | Expression): Region;
}

/**
 * Finds the regions of a cell, whose definitions are in order. The next value of a state belongs to its step, and an
 * output to its row, whatever they are computed from.
 */
export function regionsOf({ parameters, inputs, carries, definitions, outputs }: CellIr<Value | Expression>): Regions {
  const regions = new Map<string, number>();
  for (const { name } of parameters) regions.set(name, 1);
  for (const { name } of inputs) regions.set(name, 2);
  for (const { given } of carries) regions.set(given.name, 3);
  const known = new WeakMap<Value | Expression, number>();
  const within = (value: Value | Expression): number => {
    let latest = known.get(value);
    if (latest === undefined) {
      latest = 0;
      for (const name of namesIn(value)) latest = Math.max(latest, regions.get(name) ?? 0);
      known.set(value, latest);
    }
    return latest;
  };
  const earliest = new Map(outputs.map(({ name }) => [name, 2]));
  for (const { next } of carries) earliest.set(next.name, 3);
  for (const { name, value } of definitions) regions.set(name, Math.max(within(value), earliest.get(name) ?? 0));
  return {
    of: (name) => ORDER[regions.get(name) ?? 0]!,
    isEarly: (name) => (regions.get(name) ?? 0) < 2,
    within: (value) => ORDER[within(value)]!,
  };
}

/**
 * The regions of a definition's operands as the cell knows them that its equation is written in: what other cells give
 * is an input. So sums are ordered, and biases found, in a called cell as in that cell on its own.
 */
export function regionsByInstance(cell: CellIr): (of: Definition<Expression>) => Regions {
  const known = new Map<string | undefined, Regions>();
  return ({ instance }) => {
    const regions = known.get(instance) ?? regionsOf(partOf(cell, instance));
    known.set(instance, regions);
    return regions;
  };
}

/** The equations of one instance, with all else that there is as inputs. */
function partOf(cell: CellIr, instance: string | undefined): CellIr {
  const isOwn = ({ name }: Reference): boolean => instanceOf(name) === instance;
  const definitions = cell.definitions.filter((each) => each.instance === instance);
  const parameters = cell.parameters.filter(isOwn);
  const carries = cell.carries.filter(({ given }) => isOwn(given));
  const own = new Set([...parameters, ...carries.map(({ given }) => given)]);
  const others = cell.definitions.filter((each) => each.instance !== instance).map(referenceTo);
  const inputs = [...givenTo(cell).filter((each) => !own.has(each)), ...others];
  // That an output belongs to its row says nothing of when its value is known.
  return { ...cell, parameters, carries, inputs, definitions, outputs: [] };
}
