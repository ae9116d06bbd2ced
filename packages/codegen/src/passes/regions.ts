import type { CellIr } from '../ir/definition.ts';
import { type Expression, namesIn, type Value } from '../ir/expression.ts';

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
