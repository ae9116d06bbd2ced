import {
  type AdjointSchedule,
  type AdjointStage,
  definitionsOf,
  identifier,
  namesIn,
  type Reference,
  type TransposedStage,
} from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import { extent, type Place, type Places, readsOf, type ScratchArray, size, tracePlace, wholeArray } from './places.ts';

/** The vectors of a transposed product, one after the other in each row, and its matrix. */
export interface StackedVectors {
  readonly stage: TransposedStage;
  readonly matrix: string;
  readonly vectors: Place;
  /** Rows of the transposed matrix. */
  readonly rows: string;
  /** Its columns. */
  readonly columns: string;
}

/** Everything the backward pass must name. */
export interface AdjointLayout extends Places {
  readonly products: ReadonlyMap<TransposedStage, StackedVectors>;
  readonly scratch: readonly ScratchArray[];
  /** Vectors among the parameters and prepared values that the stages read themselves. */
  readonly vectors: readonly string[];
  /** All places of a value, that it is read from first. */
  all(name: string): readonly Place[];
}

export function adjointLayoutOf(schedule: AdjointSchedule): AdjointLayout {
  const { adjoint, forward, prepare, step, after, finish, carried, inPlace } = schedule;
  const products = new Map<TransposedStage, StackedVectors>();
  const scratch: ScratchArray[] = [];
  const places = new Map<string, Place[]>();
  const vectors: string[] = [];
  const put = (name: string, place: Place): void => void places.set(name, [...(places.get(name) ?? []), place]);

  for (const { name, shape } of forward.cell.inputs) put(name, wholeArray(name, shape, 'argument', 'sequence'));
  for (const value of adjoint.kept) put(value.name, tracePlace(value));
  put(adjoint.output.name, wholeArray(adjoint.output.name, adjoint.output.shape, 'argument', 'sequence'));
  for (const { incoming } of adjoint.states) {
    put(incoming.name, wholeArray(incoming.name, incoming.shape, 'argument', 'step'));
  }

  for (const stage of [...step, ...after]) {
    if (stage.kind !== 'transposed') continue;
    const stack = stackOf(stage);
    products.set(stage, stack);
    scratch.push({ name: stack.vectors.array, length: stack.columns, perRow: true });
    stage.vectors.forEach(({ name }, index) => {
      const above = stage.vectors.slice(0, index).flatMap(({ shape }) => shape);
      put(name, { ...stack.vectors, start: extent(above) });
    });
  }

  const given = new Map([...adjoint.gradients].map(([name, gradient]) => [gradient, name]));
  const inputs = new Set(forward.cell.inputs.map(({ name }) => name));
  const outgoing = new Map(
    adjoint.states.map(({ incoming, outgoing }, index) => [outgoing.name, inPlace[index] ? incoming.name : undefined]),
  );
  const ownPlace = ({ name, shape }: Reference, perRow: boolean): void => {
    const incoming = outgoing.get(name);
    if (incoming !== undefined) put(name, places.get(incoming)![0]!);
    else if (inputs.has(given.get(name) ?? '')) put(name, wholeArray(name, shape, 'argument', 'sequence'));
    else if (!places.has(name)) {
      put(name, wholeArray(name, shape, 'scratch', perRow ? 'sequence' : 'all'));
      scratch.push({ name: `${identifier(name)}s`, length: size(shape), perRow });
    }
  };
  const isCarried = new Set(carried.map(({ name }) => name));
  const placeResults = (stages: readonly AdjointStage[], perRow: boolean): void => {
    for (const result of stages.flatMap(resultsOf)) ownPlace(result, perRow || isCarried.has(result.name));
  };
  placeResults(step, false);
  placeResults(after, true);

  const early = new Set([...forward.cell.parameters, ...definitionsOf(prepare)].map(({ name }) => name));
  const readEarly = (names: readonly string[], shape: Shape): void => {
    for (const name of names) {
      if (!early.has(name) || vectors.includes(name)) continue;
      vectors.push(name);
      put(name, wholeArray(name, shape, 'weights', 'all'));
    }
  };
  for (const stage of [...step, ...after]) if (stage.kind === 'elementwise') readEarly(readsOf(stage), stage.shape);
  for (const { value } of finish) readEarly(namesIn(value), value.shape);
  const all = (name: string): readonly Place[] => places.get(name)!;
  return {
    products,
    scratch,
    vectors,
    all,
    read: (name) => all(name)[0]!,
    writes: ({ stores }) => stores.flatMap((name) => all(name).map((place) => [name, place] as const)),
  };
}

/** What other stages read of a stage. */
function resultsOf(stage: AdjointStage): readonly Reference[] {
  const stored = new Set(stage.kind === 'transposed' ? [stage.name] : stage.stores);
  return definitionsOf([stage])
    .filter(({ name }) => stored.has(name))
    .map(({ name, value }) => ({ kind: 'reference', name, shape: value.shape }));
}

function stackOf(stage: TransposedStage): StackedVectors {
  const name = identifier(stage.name);
  const columns = extent(stage.vectors.flatMap(({ shape }) => shape));
  return {
    stage,
    matrix: `V_${name}`,
    vectors: { array: `into_${name}`, owner: 'scratch', per: 'sequence', stride: columns, start: '0' },
    rows: stage.matrices[0]!.shape[1]!,
    columns,
  };
}
