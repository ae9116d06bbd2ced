import { alive, type Definition, readBy } from '../ir/definition.ts';
import { type MapExpression, namesIn } from '../ir/expression.ts';
import { type ContractStage, definitionsIn, type MapStage, type Stage } from '../schedule/schedule.ts';
import { isCopied } from './contract.ts';

/** A map with all that it computes itself, and the products that it alone reads. */
export interface MapKernel extends MapStage {
  readonly products: readonly ContractStage[];
}

export type Kernel = MapKernel | ContractStage;

/**
 * The stages of one phase as kernels, each of which gives one buffer. Work on single elements is done again wherever it
 * is read, so that nothing but what must be whole leaves a kernel. A product is summed inside the map that alone reads
 * it, unless that stores several values: each of its elements would sum for all of them.
 *
 * @param alone  names with a buffer of their own
 * @param whole  other names that are read outside their kernel, in the order in which they lie best side by side
 */
export function kernelsOf(
  stages: readonly Stage[],
  alone: ReadonlySet<string>,
  whole: readonly string[],
): readonly Kernel[] {
  const maps = mapKernels(stages, alone, whole);
  const everywhere = new Set([...alone, ...whole]);
  const readIn = new Map([...maps.values()].flat().map((kernel) => [kernel, readBy(kernel.definitions)]));
  /** The kernel that a product is summed in. */
  const inside = new Map<string, MapKernel>();
  const read = new Set(everywhere);
  for (const { name, value } of definitionsIn(stages.filter(({ kind }) => kind === 'contract'))) {
    const readers = [...readIn].filter(([, names]) => names.has(name)).map(([kernel]) => kernel);
    if (readers.length > 0) read.add(name);
    const [only] = readers;
    if (isCopied(value) || everywhere.has(name) || readers.length !== 1 || only!.stores.length > 1) continue;
    if (`${only!.shape}` === `${value.shape}`) inside.set(name, only!);
  }
  const products = (kernel: MapKernel): readonly ContractStage[] =>
    stages.flatMap((stage) => (stage.kind === 'contract' ? part(stage, (name) => inside.get(name) === kernel) : []));
  return stages.flatMap((stage): readonly Kernel[] => {
    if (stage.kind === 'map') return maps.get(stage)!.map((kernel) => ({ ...kernel, products: products(kernel) }));
    const own = stage.definitions.filter(({ name }) => alone.has(name));
    return [
      ...part(stage, (name) => read.has(name) && !inside.has(name) && !alone.has(name)),
      ...own.map((definition): ContractStage => ({ kind: 'contract', definitions: [definition] })),
    ];
  });
}

/** The part of a product that belongs together, where there is any. */
function part({ definitions }: ContractStage, belongs: (name: string) => boolean): readonly ContractStage[] {
  const some = definitions.filter(({ name }) => belongs(name));
  return some.length > 0 ? [{ kind: 'contract', definitions: some }] : [];
}

/** For each map, a kernel for all values side by side, and one for each that stands alone. */
function mapKernels(
  stages: readonly Stage[],
  alone: ReadonlySet<string>,
  whole: readonly string[],
): ReadonlyMap<Stage, readonly MapKernel[]> {
  const maps = stages.filter((stage) => stage.kind === 'map');
  const all = maps.flatMap(({ definitions }) => definitions);
  const stored = new Set<string>();
  return new Map(
    maps.map((stage) => {
      const own = stage.definitions.map(({ name }) => name);
      const together = whole.filter((name) => own.includes(name) && !alone.has(name));
      const single = own.filter((name) => alone.has(name)).map((name) => [name]);
      const first = (names: readonly string[]): number => Math.min(...names.map((name) => own.indexOf(name)));
      const groups = [...(together.length > 0 ? [together] : []), ...single].sort((a, b) => first(a) - first(b));
      const kernels = groups.map((stores): MapKernel => {
        const definitions = computing(stores, all, stored);
        for (const name of stores) stored.add(name);
        return { kind: 'map', shape: stage.shape, definitions, stores, records: [], products: [] };
      });
      return [stage, kernels];
    }),
  );
}

/** The definitions that values need, but for what is stored already. */
function computing(
  names: readonly string[],
  definitions: readonly Definition<MapExpression>[],
  stored: ReadonlySet<string>,
): readonly Definition<MapExpression>[] {
  return alive(
    definitions.filter(({ name }) => !stored.has(name)),
    names,
  );
}

/** The vectors that contractions read, in order. */
export const vectorsOf = (stages: readonly Stage[]): readonly string[] =>
  stages
    .filter((stage) => stage.kind === 'contract')
    .flatMap(({ definitions }) => definitions)
    .flatMap(({ value }) => {
      if (value.kind === 'product') return [value.vector.name];
      if (value.kind === 'transposed') return value.vectors.map(({ name }) => name);
      return [...namesIn(value)];
    });
