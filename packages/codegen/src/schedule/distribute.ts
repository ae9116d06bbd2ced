import type { Carry, Definition } from '../ir/definition.ts';
import { isContraction, namesIn } from '../ir/expression.ts';
import { componentsOf } from './components.ts';

/**
 * Where a value is computed. Positions count the phases for rows and steps: an even one is for all rows at once, an odd
 * one a loop over time, or several that do not wait for each other.
 */
export interface Position {
  readonly at: number;
  /** The loop, by the index of its first definition; undefined for all rows at once. */
  readonly loop: number | undefined;
}

/**
 * Distributes definitions over loops: each set of definitions that wait for each other from step to step is a loop, and
 * so is the next value of a carry that anything reads. What waits for no loop is computed for all rows at once, before
 * or after. Work on single elements joins the loop that it reads, where its operands are at hand; a product does not.
 *
 * @param definitions  of rows, in order
 * @returns the position of every definition
 */
export function distribute(
  definitions: readonly Definition[],
  carries: readonly Carry[],
): ReadonlyMap<string, Position> {
  const indexOf = new Map(definitions.map(({ name }, index) => [name, index]));
  const nextOf = new Map(carries.map(({ given, next }) => [given.name, indexOf.get(next.name)!]));
  const edges = definitions.map(({ value }) =>
    [...namesIn(value)].flatMap((name) => indexOf.get(name) ?? nextOf.get(name) ?? []),
  );
  const awaited = new Set(
    definitions.flatMap(({ value }) => [...namesIn(value)].flatMap((name) => nextOf.get(name) ?? [])),
  );
  const positions: Position[] = [];
  for (const component of componentsOf(edges)) {
    const inside = new Set(component);
    const outside = component.flatMap((index) => edges[index]!.filter((to) => !inside.has(to)));
    const before = outside.map((index) => positions[index]!);
    const isLoop = component.length > 1 || component.some((index) => awaited.has(index));
    const position = isLoop ? loopAfter(before, component[0]!) : besides(definitions[component[0]!]!, before);
    for (const index of component) positions[index] = position;
  }
  return new Map(definitions.map(({ name }, index) => [name, positions[index]!]));
}

/** The first odd position after everything a loop reads. */
function loopAfter(before: readonly Position[], loop: number): Position {
  const last = latest(before);
  return { at: last % 2 === 0 ? last + 1 : last + 2, loop };
}

/** The position of what is no loop: in the one it reads, or for all rows. */
function besides({ value }: Definition, before: readonly Position[]): Position {
  const at = latest(before);
  const loops = new Set(before.filter((each) => each.at === at).map(({ loop }) => loop));
  if (at % 2 === 0) return { at, loop: undefined };
  if (isContraction(value) || loops.size > 1) return { at: at + 1, loop: undefined };
  return { at, loop: [...loops][0] };
}

const latest = (positions: readonly Position[]): number => positions.reduce((last, { at }) => Math.max(last, at), 0);
