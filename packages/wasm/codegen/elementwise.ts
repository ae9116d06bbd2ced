import {
  callsFunction,
  type Definition,
  type ElementwiseStage,
  type FunctionIr,
  namesIn,
  printDefinition,
} from '@congruent/codegen';
import { inI32, product } from './extent.ts';
import { Inliner, nth } from './inliner.ts';
import { type Lanes, storeUpTo, VECTOR_BYTES } from './lanes.ts';
import { addressOf, type Place, readsOf } from './layout.ts';
import { add, advance, atLeast, below, get, i32, repeat, set, sub, type Wat, when } from './wat.ts';

/** What the loops of a stage need to know beside its definitions. */
export interface ElementwiseLoop {
  readonly lanes: Lanes;
  readonly functions: readonly FunctionIr[];
  readonly places: ReadonlyMap<string, Place>;
  /** More places where a value is stored. */
  readonly copies: ReadonlyMap<string, readonly Place[]>;
  /** The local that holds the number of rows; absent for one row. */
  readonly rows?: string;
}

/**
 * Vectors that go through definitions with functions in turns, statement by statement. The operations of a function wait
 * for each other, and a processor does not look ahead far enough to find the next vector's among them.
 */
export const ABREAST = 4;

/** One fused loop: load the vectors of each operand, the definitions in their order, store. */
export function elementwise(stage: ElementwiseStage, loop: ElementwiseLoop): Wat[] {
  const { lanes, functions, rows } = loop;
  const { pointers, sources, destinations } = arraysOf(stage, loop);
  const inliner = new Inliner(lanes, functions);
  const abreast = stage.definitions.some(({ value }) => callsFunction(value)) ? ABREAST : 1;
  const row = [
    set('j', i32(0)),
    repeat(
      'elements',
      [
        set('left', sub(get('length'), get('j'))),
        ...computed(stage, sources, inliner, abreast),
        stored(destinations, abreast),
        advance('j', abreast * VECTOR_BYTES),
      ],
      below(get('j'), get('length')),
    ),
  ];
  const next = [...pointers]
    .filter(([, { stride }]) => stride !== 0)
    .map(([local, { stride }]) => advance(local, inI32(stride)));
  return [
    set('length', inI32(product(lanes.bytes, ...stage.shape))),
    ...[...pointers].map(([local, place]) => set(local, addressOf(place))),
    ...inliner.constants(),
    ...(rows === undefined
      ? row
      : [set('row', get(rows)), repeat('rows', [...row, ...next, set('row', sub(get('row'), i32(1)))], get('row'))]),
  ];
}

/** A value and the local that holds the address of its row. */
interface Operand {
  readonly name: string;
  readonly at: string;
}

/** What a stage reads and where it stores, and the place of each local that holds an address. */
function arraysOf(
  stage: ElementwiseStage,
  { places, copies }: ElementwiseLoop,
): {
  readonly pointers: ReadonlyMap<string, Place>;
  readonly sources: readonly Operand[];
  readonly destinations: readonly Operand[];
} {
  const pointers = new Map<string, Place>();
  const pointerTo = (name: string, place: Place): string => {
    const taken = [...pointers.keys()].filter((local) => local.startsWith(`${name}.at`)).length;
    const local = `${name}.at${taken === 0 ? '' : `.${taken + 1}`}`;
    pointers.set(local, place);
    return local;
  };
  const sources = readsOf(stage).map((name) => ({ name, at: pointerTo(name, places.get(name)!) }));
  const targets = stage.stores.flatMap((name) =>
    [places.get(name)!, ...(copies.get(name) ?? [])].map((place) => ({ name, place })),
  );
  const destinations = targets.map(({ name, place }, index) => {
    const same = [...pointers].find(([, other]) => samePlace(other, place));
    return { name, at: same ? same[0] : pointerTo(index === 0 ? name : `${name}.${place.pointer}`, place) };
  });
  return { pointers, sources, destinations };
}

/** The definitions of so many vectors; each operand is loaded where it is first read, so that none waits in a register. */
function computed(stage: ElementwiseStage, sources: readonly Operand[], inliner: Inliner, abreast: number): Wat[] {
  const loaded = new Set<string>();
  return stage.definitions.flatMap((definition) => {
    const first = sources.filter(({ name }) => namesIn(definition.value).includes(name) && !loaded.has(name));
    for (const { name } of first) loaded.add(name);
    const statements = (index: number): Wat[] => [
      ...first.map(({ name, at }) => set(nth(name, index), ['v128.load', ...offset(index), element(at)])),
      ...inliner.define(definition, index),
    ];
    return [equation(definition), ...inTurns(indices(abreast).map(statements))];
  });
}

/** Stores so many vectors, or as much of them as the row still has. */
function stored(destinations: readonly Operand[], abreast: number): Wat {
  const each = (store: (operand: Operand, index: number) => Wat): Wat[] =>
    indices(abreast).flatMap((index) => destinations.map((operand) => store(operand, index)));
  return when(
    atLeast(get('left'), abreast * VECTOR_BYTES),
    each(({ name, at }, index) => ['v128.store', ...offset(index), element(at), get(nth(name, index))]),
    each(({ name, at }, index) => {
      const start = index * VECTOR_BYTES;
      return storeUpTo(add(element(at), start), get(nth(name, index)), sub(get('left'), start));
    }),
  );
}

const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The address of the element under way. */
const element = (pointer: string): Wat => add(get(pointer), get('j'));

/** The first of each list, the second of each, and so on; they are equally long. */
const inTurns = (lists: readonly (readonly Wat[])[]): Wat[] =>
  lists[0]!.flatMap((_, position) => lists.map((list) => list[position]!));

const offset = (index: number): Wat[] => (index === 0 ? [] : [`offset=${index * VECTOR_BYTES}`]);

const equation = (definition: Definition): Wat => `;; ${printDefinition(definition).replace(/\s+/g, ' ')}`;

const samePlace = (a: Place, b: Place): boolean =>
  a.pointer === b.pointer && JSON.stringify([a.start, a.stride]) === JSON.stringify([b.start, b.stride]);
