import {
  callsFunction,
  type Definition,
  type FunctionIr,
  type MapExpression,
  type MapPlan,
  namesIn,
  printDefinition,
  printExtent,
  sizeOf,
  type View,
} from '@congruent/codegen';
import { addressOf, strideOf } from './address.ts';
import { inI32, scaled } from './extent.ts';
import { Inliner, nth } from './inliner.ts';
import type { Lanes } from './lanes.ts';
import { storeUpTo } from './store.ts';
import { add, advance, atLeast, below, get, i32, repeat, set, sub, type Wat, when } from './wat.ts';

/** What a fused loop works on, and for how many rows. */
interface MapLoop extends Omit<MapPlan, 'kind'> {
  /** The local that holds the number of rows; absent for one row. */
  readonly rows: string | undefined;
}

/**
 * Vectors that go through definitions with functions in turns, statement by statement. The operations of a function wait
 * for each other, and a processor does not look ahead far enough to find the next vector's among them.
 */
export const ABREAST = 2;

/** One fused loop: load the vectors of each operand, the definitions in their order, store. */
export function mapLoop(loop: MapLoop, lanes: Lanes, functions: readonly FunctionIr[]): Wat[] {
  const { shape, loads, definitions, stores, rows } = loop;
  const pointers = new Pointers(lanes);
  const sources = loads.map(({ name, from }) => {
    return { name, at: pointers.to(name, from), isNumber: from.shape.length === 0 };
  });
  const destinations = stores.map(({ name, to }) => ({ name, at: pointers.to(name, to) }));
  const numbers = shape.length === 0 ? [] : sources.filter((source) => source.isNumber);
  const vectors = sources.filter((source) => !numbers.includes(source));
  const shared = new Set(numbers.map(({ name }) => name));
  const local = (name: string, index: number): string => (shared.has(name) ? name : nth(name, index));
  const inliner = new Inliner(lanes, functions, local);
  const abreast = definitions.some(({ value }) => callsFunction(value)) ? ABREAST : 1;
  const row = [
    ...numbers.map(({ name, at }) => set(name, [lanes.loadSplat, get(at)])),
    set('j', i32(0)),
    repeat(
      'elements',
      [
        set('left', sub(get('length'), get('j'))),
        ...computed(definitions, vectors, inliner, abreast, lanes),
        stored(destinations, local, abreast, lanes),
        advance('j', abreast * lanes.vectorBytes),
      ],
      below(get('j'), get('length')),
    ),
  ];
  const setup = [set('length', inI32(scaled(sizeOf(shape), lanes.bytes))), ...pointers.first(), ...inliner.constants()];
  if (rows === undefined) return [...setup, ...row];
  const next = [...pointers.next(), set('row', sub(get('row'), i32(1)))];
  return [...setup, set('row', get(rows)), repeat('rows', [...row, ...next], get('row'))];
}

/** A value and the local that holds the address of its row. */
interface Operand {
  readonly name: string;
  readonly at: string;
}

/** The locals that hold the addresses of rows, one for each place. */
class Pointers {
  private readonly lanes: Lanes;
  /** By the place. */
  private readonly known = new Map<string, { readonly local: string; readonly view: View }>();

  constructor(lanes: Lanes) {
    this.lanes = lanes;
  }

  /** The local for the place of a value. */
  to(name: string, view: View): string {
    const place = `${view.buffer.name} + ${printExtent(view.offset)}`;
    const { local } = this.known.get(place) ?? { local: `${name}.at${this.known.size}` };
    this.known.set(place, { local, view });
    return local;
  }

  first(): Wat[] {
    return [...this.known.values()].map(({ local, view }) => set(local, addressOf(view, this.lanes)));
  }

  next(): Wat[] {
    return [...this.known.values()].flatMap(({ local, view }) => {
      const stride = strideOf(view, this.lanes);
      return stride === 0 ? [] : [advance(local, inI32(stride))];
    });
  }
}

/** The definitions of so many vectors; each operand is loaded where it is first read, so that none waits in a register. */
function computed(
  definitions: readonly Definition<MapExpression>[],
  sources: readonly Operand[],
  inliner: Inliner,
  abreast: number,
  { load: word, vectorBytes }: Lanes,
): Wat[] {
  const waiting = new Set(sources);
  const load = ({ name, at }: Operand, index: number): Wat =>
    set(nth(name, index), [word, ...offset(index * vectorBytes), element(at)]);
  const lines = definitions.flatMap((definition) => {
    const first = [...waiting].filter(({ name }) => namesIn(definition.value).has(name));
    for (const operand of first) waiting.delete(operand);
    const statements = (index: number): Wat[] => [
      ...first.map((operand) => load(operand, index)),
      ...inliner.define(definition, index),
    ];
    return [equation(definition), ...inTurns(indices(abreast).map(statements))];
  });
  const copied = [...waiting].flatMap((operand) => indices(abreast).map((index) => load(operand, index)));
  return [...lines, ...copied];
}

/** Stores so many vectors, or as much of them as the row still has. */
function stored(
  destinations: readonly Operand[],
  local: (name: string, index: number) => string,
  abreast: number,
  { store: word, vectorBytes }: Lanes,
): Wat {
  const each = (store: (at: Wat, value: Wat, index: number) => Wat): Wat[] =>
    indices(abreast).flatMap((index) =>
      destinations.map(({ name, at }) => store(element(at), get(local(name, index)), index)),
    );
  return when(
    atLeast(get('left'), abreast * vectorBytes),
    each((at, value, index) => [word, ...offset(index * vectorBytes), at, value]),
    each((at, value, index) => {
      const start = index * vectorBytes;
      return storeUpTo(add(at, start), value, sub(get('left'), start));
    }),
  );
}

const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The address of the element under way. */
const element = (pointer: string): Wat => add(get(pointer), get('j'));

/** The first of each list, the second of each, and so on; they are equally long. */
const inTurns = (lists: readonly (readonly Wat[])[]): Wat[] =>
  lists[0]!.flatMap((_, position) => lists.map((list) => list[position]!));

const offset = (bytes: number): Wat[] => (bytes === 0 ? [] : [`offset=${bytes}`]);

const equation = (definition: Definition<MapExpression>): Wat =>
  `;; ${printDefinition(definition).replace(/\s+/g, ' ')}`;
