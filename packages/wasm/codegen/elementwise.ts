import {
  callsFunction,
  type Definition,
  type ElementwiseStage,
  type Expression,
  type FunctionIr,
  namesIn,
  printDefinition,
} from '@congruent/codegen';
import { type Extent, inI32, product } from './extent.ts';
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
const ABREAST = 4;

/** One fused loop: load the vectors of each operand, the definitions in their order, store. */
export function elementwise(stage: ElementwiseStage, loop: ElementwiseLoop): Wat[] {
  const { lanes, functions, places, copies, rows } = loop;
  const reads = readsOf(stage);
  const targets = stage.stores.flatMap((name) =>
    [places.get(name)!, ...(copies.get(name) ?? [])].map((place) => ({ name, place })),
  );
  const pointers = new Map<string, Place>();
  const pointerTo = (name: string, place: Place): string => {
    const taken = [...pointers.keys()].filter((local) => local.startsWith(`${name}.at`)).length;
    const local = `${name}.at${taken === 0 ? '' : `.${taken + 1}`}`;
    pointers.set(local, place);
    return local;
  };
  const sources = reads.map((name) => ({ name, at: pointerTo(name, places.get(name)!) }));
  const destinations = targets.map(({ name, place }, index) => {
    const same = [...pointers].find(([, other]) => samePlace(other, place));
    return { name, at: same ? same[0] : pointerTo(index === 0 ? name : `${name}.${place.pointer}`, place) };
  });
  const element = (pointer: string): Wat => add(get(pointer), get('j'));
  const inliner = new Inliner(lanes, functions);
  // Each operand is loaded where it is first read, so that none waits in a register that something else needs.
  const loaded = new Set<string>();
  const firstReadBy = (definition: Definition): readonly { readonly name: string; readonly at: string }[] => {
    const first = sources.filter(({ name }) => namesIn(definition.value).includes(name) && !loaded.has(name));
    for (const { name } of first) loaded.add(name);
    return first;
  };
  const count = stage.definitions.some(({ value }) => callsFunction(value)) ? ABREAST : 1;
  const abreast = Array.from({ length: count }, (_, index) => index);
  const body = [
    ...stage.definitions.flatMap((definition) => {
      const loads = firstReadBy(definition);
      return [
        equation(definition),
        ...inTurns(
          abreast.map((index) => [
            ...loads.map(({ name, at }) => set(nth(name, index), ['v128.load', ...offset(index), element(at)])),
            ...inliner.define(definition, index),
          ]),
        ),
      ];
    }),
    when(
      atLeast(get('left'), count * VECTOR_BYTES),
      abreast.flatMap((index) =>
        destinations.map(({ name, at }) => ['v128.store', ...offset(index), element(at), get(nth(name, index))]),
      ),
      abreast.flatMap((index) =>
        destinations.map(({ name, at }) =>
          storeUpTo(
            add(element(at), index * VECTOR_BYTES),
            get(nth(name, index)),
            sub(get('left'), index * VECTOR_BYTES),
          ),
        ),
      ),
    ),
  ];
  const length: Extent = product(lanes.bytes, ...stage.shape);
  const starts = [...pointers].map(([local, place]) => set(local, addressOf(place)));
  const row = [
    set('j', i32(0)),
    repeat(
      'elements',
      [set('left', sub(get('length'), get('j'))), ...body, advance('j', count * VECTOR_BYTES)],
      below(get('j'), get('length')),
    ),
  ];
  const next = [...pointers]
    .filter(([, { stride }]) => stride !== 0)
    .map(([local, { stride }]) => advance(local, inI32(stride)));
  const loops =
    rows === undefined
      ? row
      : [set('row', get(rows)), repeat('rows', [...row, ...next, set('row', sub(get('row'), i32(1)))], get('row'))];
  return [set('length', inI32(length)), ...starts, ...inliner.constants(), ...loops];
}

/** The first of each list, the second of each, and so on; they are equally long. */
const inTurns = (lists: readonly (readonly Wat[])[]): Wat[] =>
  lists[0]!.flatMap((_, position) => lists.map((list) => list[position]!));

/** The name of a value in the vector of this index. */
const nth = (name: string, index: number): string => (index === 0 ? name : `${name}.${index + 1}`);

const offset = (index: number): Wat[] => (index === 0 ? [] : [`offset=${index * VECTOR_BYTES}`]);

const equation = (definition: Definition): Wat => `;; ${printDefinition(definition).replace(/\s+/g, ' ')}`;

const samePlace = (a: Place, b: Place): boolean =>
  a.pointer === b.pointer && JSON.stringify([a.start, a.stride]) === JSON.stringify([b.start, b.stride]);

type Call = Extract<Expression, { kind: 'call' }>;

/** Where an expression stands. */
interface Scope {
  /** The local that holds the value of a name. */
  readonly local: (name: string) => string;
  /** Of the vector. */
  readonly index: number;
}

/** Definitions as vector code, calls replaced by the functions' operations. */
class Inliner {
  private readonly lanes: Lanes;
  private readonly functions: ReadonlyMap<string, FunctionIr>;
  private readonly named: { readonly value: number; readonly name: string }[] = [];
  private calls = 0;

  constructor(lanes: Lanes, functions: readonly FunctionIr[]) {
    this.lanes = lanes;
    this.functions = new Map(functions.map((called) => [called.name, called]));
  }

  /** Sets the local of a definition in the vector of this index. */
  define({ name, value }: Definition, index: number): Wat[] {
    const before: Wat[] = [];
    const scope = { local: (of: string) => nth(of, index), index };
    const result = value.kind === 'call' ? this.inlined(value, scope, before) : this.value(value, scope, before);
    return [...before, set(nth(name, index), result)];
  }

  /** Sets the locals of the constants, which stand before the loops: an engine would make them anew in each turn. */
  constants(): Wat[] {
    return this.named.map(({ value, name }) => set(name, this.lanes.constant(value)));
  }

  private value(expression: Expression, scope: Scope, before: Wat[]): Wat {
    const { lanes } = this;
    const value = (inner: Expression): Wat => this.value(inner, scope, before);
    switch (expression.kind) {
      case 'reference':
        return get(scope.local(expression.name));
      case 'constant':
        return get(this.constant(expression.value));
      case 'matvec':
      case 'vecmat':
      case 'outer':
      case 'total':
        throw new TypeError('a product is a stage of its own');
      case 'unary':
        return lanes.unary(expression.operator, value(expression.operand), (constant) => get(this.constant(constant)));
      case 'binary':
        return lanes.binary(expression.operator, value(expression.left), value(expression.right));
      case 'select': {
        const [left, right] = [value(expression.left), value(expression.right)];
        return lanes.select(
          expression.comparison,
          left,
          right,
          value(expression.whenTrue),
          value(expression.whenFalse),
        );
      }
      case 'call': {
        // A local of its own: another call in the same expression must not overwrite it.
        const result = nth(`${expression.function}.${++this.calls}`, scope.index);
        before.push(set(result, this.inlined(expression, scope, before)));
        return get(result);
      }
      default:
        return expression satisfies never;
    }
  }

  /** The value of a call, in terms of locals that `before` sets and that the next call of the function sets anew. */
  private inlined(call: Call, scope: Scope, before: Wat[]): Wat {
    const { name, operand, definitions } = this.functions.get(call.function)!;
    const inner = { local: (of: string) => nth(`${name}.${of}`, scope.index), index: scope.index };
    before.push(set(inner.local(operand), this.value(call.operand, scope, before)));
    for (const { name: of, value } of definitions.slice(0, -1)) {
      before.push(set(inner.local(of), this.value(value, inner, before)));
    }
    return this.value(definitions.at(-1)!.value, inner, before);
  }

  private constant(value: number): string {
    const known = this.named.find((each) => Object.is(each.value, value));
    if (known) return known.name;
    const name = Object.is(value, -0) ? '-0' : `${value}`; // $0.5 is a name in the text format
    this.named.push({ value, name });
    return name;
  }
}
