import { type Definition, readElsewhere } from '../ir/definition.ts';
import { type Contraction, isContraction, type MapExpression, namesIn } from '../ir/expression.ts';
import { append } from '../ir/lists.ts';
import type { ContractStage, MapStage, Stage } from './schedule.ts';

/**
 * Puts the definitions of one phase into stages. A product stands one level above what its operands need, everything
 * else at the level of its latest operand, moved up to that of its earliest reader so that little is kept from one stage
 * to the next; what only the next step reads comes last.
 *
 * @param readLater  names that are read after this phase
 * @param nexts      names that only the next step reads, beside what comes after this phase
 */
export function stagesFor(
  definitions: readonly Definition[],
  readLater: ReadonlySet<string>,
  nexts: ReadonlySet<string>,
): readonly Stage[] {
  const levels = levelsOf(definitions, nexts);
  const byLevel = new Map<number, Definition[]>();
  for (const definition of definitions) append(byLevel, levels.get(definition.name)!, definition);
  const stages = [...byLevel.keys()]
    .sort((a, b) => a - b)
    .flatMap((level): Stage[] => {
      const here = byLevel.get(level)!;
      return [
        ...contractStages(here.filter((each): each is Definition<Contraction> => isContraction(each.value))),
        ...mapStages(here.filter((each): each is Definition<MapExpression> => !isContraction(each.value))),
      ];
    });
  return withStores(stages, new Set([...readLater, ...nexts]));
}

function levelsOf(definitions: readonly Definition[], nexts: ReadonlySet<string>): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  const readers = new Map<string, Definition[]>();
  let last = 0;
  for (const definition of definitions) {
    const { name, value } = definition;
    let needed = 0;
    for (const operand of namesIn(value)) {
      needed = Math.max(needed, levels.get(operand) ?? 0);
      append(readers, operand, definition);
    }
    levels.set(name, isContraction(value) ? needed + 1 : needed);
    last = Math.max(last, levels.get(name)!);
  }
  for (const { name, value } of [...definitions].reverse()) {
    if (isContraction(value)) continue;
    const wanted = (readers.get(name) ?? []).map(
      (reader) => levels.get(reader.name)! - (isContraction(reader.value) ? 1 : 0),
    );
    const earliest = wanted.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    if (wanted.length > 0) levels.set(name, earliest);
    else if (nexts.has(name)) levels.set(name, last);
  }
  return levels;
}

/** Products of the same vector, with or without an addend, become one, and so do sums with the same right side. */
export function contractStages(definitions: readonly Definition<Contraction>[]): readonly ContractStage[] {
  const groups = new Map<string, Definition<Contraction>[]>();
  for (const definition of definitions) append(groups, stackOf(definition), definition);
  return [...groups.values()].map((group) => ({ kind: 'contract', definitions: group }));
}

/** What contractions share that are computed as one. */
function stackOf({ name, value }: Definition<Contraction>): string {
  switch (value.kind) {
    case 'product':
      return `${value.kind} ${value.vector.name} ${value.bias !== undefined}`;
    case 'sum':
      return `${value.kind} ${value.right?.name ?? ''}`;
    case 'transposed':
    case 'total':
    case 'join':
    case 'slice':
      return name;
    default:
      return value satisfies never;
  }
}

function mapStages(definitions: readonly Definition<MapExpression>[]): readonly MapStage[] {
  const groups = new Map<string, Definition<MapExpression>[]>();
  for (const definition of definitions) append(groups, definition.value.shape.join(), definition);
  // Numbers before the vectors that read them; vectors of different lengths never read each other.
  const ordered = [...groups.values()].sort((a, b) => a[0]!.value.shape.length - b[0]!.value.shape.length);
  return ordered.map((group) => mapStage(group[0]!.value.shape, group));
}

/** A map that stores nothing yet. */
export const mapStage = (
  shape: MapStage['shape'],
  definitions: readonly Definition<MapExpression>[],
  stores: readonly string[] = [],
): MapStage => ({ kind: 'map', shape, definitions, stores, records: [] });

/** The stages with what each map stores: whatever another stage, or something later, reads. */
function withStores(stages: readonly Stage[], readLater: ReadonlySet<string>): readonly Stage[] {
  const isRead = readElsewhere(stages.map((stage) => stage.definitions));
  return stages.map((stage, index) => {
    if (stage.kind === 'contract') return stage;
    const names = stage.definitions.map(({ name }) => name);
    return { ...stage, stores: names.filter((name) => readLater.has(name) || isRead(name, index)) };
  });
}
