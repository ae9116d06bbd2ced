import type { Carry } from '../ir/definition.ts';
import { namesIn } from '../ir/expression.ts';
import { definitionsIn, type Schedule, type Stage, sectionsOf } from '../schedule/schedule.ts';

/** Where a value of rows is computed and read: phases for rows and steps by their index, `AFTER` for sums over them. */
export interface Uses {
  /** The phase that computes a value, or that it is given to. */
  definedIn(name: string): number | undefined;
  readIn(name: string): ReadonlySet<number>;
  /** Whether a loop over time hands a carry on; otherwise its last value is that of its last row. */
  isLooped(carry: Carry): boolean;
  /** The stage of that phase that computes a value, by its index. */
  stageOf(name: string): number | undefined;
  /** The last stage of that phase that reads it; −1 where none does. */
  lastReader(name: string): number;
}

export const AFTER: number = Number.POSITIVE_INFINITY;

/** Finds the uses of every value of rows. */
export function usesOf(schedule: Schedule): Uses {
  const { rows, sums, finish } = sectionsOf(schedule);
  const defined = new Map<string, number>();
  const read = new Map<string, Set<number>>();
  const stageOf = new Map<string, number>();
  const lastReader = new Map<string, number>();
  const reads = (stages: readonly Stage[], phase: number): void => {
    for (const name of stages.flatMap(readsOf)) read.set(name, (read.get(name) ?? new Set()).add(phase));
  };
  rows.forEach(({ stages, ...phase }, index) => {
    const given = phase.kind === 'steps' ? phase.carries.map((carry) => carry.given) : [];
    for (const { name } of [...given, ...definitionsIn(stages)]) defined.set(name, index);
    reads(stages, index);
    for (const [at, stage] of stages.entries()) {
      for (const { name } of stage.definitions) stageOf.set(name, at);
      for (const name of readsOf(stage)) if (defined.get(name) === index) lastReader.set(name, at);
    }
  });
  reads([...sums, ...finish], AFTER);
  return {
    definedIn: (name) => defined.get(name),
    isLooped: ({ given }) => defined.has(given.name),
    readIn: (name) => read.get(name) ?? new Set(),
    stageOf: (name) => stageOf.get(name),
    lastReader: (name) => lastReader.get(name) ?? -1,
  };
}

/** The names that a stage reads from outside itself, in order of first use. */
export function readsOf(stage: Stage): readonly string[] {
  const own = new Set(stage.definitions.map(({ name }) => name));
  const kept = stage.kind === 'map' ? [...stage.stores, ...stage.records] : [];
  const read = [...definitionsIn([stage]).flatMap(({ value }) => [...namesIn(value)]), ...kept];
  return [...new Set(read)].filter((name) => !own.has(name));
}
