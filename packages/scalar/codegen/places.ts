import {
  definitionsOf,
  type ElementwiseStage,
  identifier,
  namesIn,
  type ProductStage,
  type Reference,
  type Schedule,
  type Stage,
} from '@congruent/codegen';
import type { Shape } from '@congruent/spec';

/** Where a value lies while the kernel runs: row r of it starts at `array[start + r * stride]`. */
export interface Place {
  readonly array: string;
  /** Where the kernel gets the array from. */
  readonly owner: Owner;
  /** Whether the array has a row for each of the sequence, for each of the step in hand, or one that serves all. */
  readonly per: 'sequence' | 'step' | 'all';
  readonly stride: string;
  readonly start: string;
}

export type Owner = 'weights' | 'scratch' | 'trace' | 'argument';

/** The place a stage reads a value from, and those an element-wise stage writes its values to. */
export interface Places {
  read(name: string): Place;
  writes(stage: ElementwiseStage): readonly (readonly [name: string, to: Place])[];
}

/** Where what the forward pass records of a value lies. */
export const tracePlace = ({ name, shape }: Reference): Place => ({
  ...wholeArray(name, shape, 'trace', 'sequence'),
  array: `kept_${arrayOf(name)}`,
});

/** A place of its own: a whole array. */
export const wholeArray = (name: string, shape: Shape, owner: Owner, per: Place['per']): Place => ({
  array: arrayOf(name),
  owner,
  per,
  stride: size(shape),
  start: '0',
});

/** A product stage with the names of its stacked matrix, its stacked bias and its result. */
export interface StackedProduct {
  readonly stage: ProductStage;
  readonly matrix: string;
  readonly bias: string | undefined;
  readonly result: string;
  /** Rows of the stacked matrix. */
  readonly rows: string;
  /** Its columns. */
  readonly columns: string;
}

/** An array of the kernel's scratch memory. */
export interface ScratchArray {
  readonly name: string;
  readonly length: string;
  /** Whether it has a row for each row of the sequence, or one row that every step overwrites. */
  readonly perRow: boolean;
}

/** Everything the emitter must name: stacked products, scratch arrays, and the place of every value. */
export interface Layout extends Places {
  readonly products: ReadonlyMap<ProductStage, StackedProduct>;
  readonly scratch: readonly ScratchArray[];
  /** Vectors among the parameters and prepared values that the stages read themselves. */
  readonly vectors: readonly string[];
}

/** `['H', 'H', 'H']` as `3 * H`. */
export function extent(dimensions: readonly string[]): string {
  const names = [...new Set(dimensions)];
  const summands = names.map((name) => {
    const count = dimensions.filter((dimension) => dimension === name).length;
    return count > 1 ? `${count} * ${name}` : name;
  });
  return summands.join(' + ') || '0';
}

/** `['H', 'I']` as `H * I`. */
export const size = (shape: Shape): string => shape.join(' * ');

/** The array that holds all elements of a value; the value's own name stands for one of them. */
export const arrayOf = (name: string): string => `${identifier(name)}s`;

export function layoutOf({ cell, prepare, before, step, inPlace, kept }: Schedule): Layout {
  const products = new Map<ProductStage, StackedProduct>();
  const scratch: ScratchArray[] = [];
  const places = new Map<string, Place>();
  const vectors: string[] = [];
  const taken = new Set<string>();

  for (const { name, shape } of cell.inputs) places.set(name, wholeArray(name, shape, 'argument', 'sequence'));
  for (const { name, shape } of cell.states) places.set(name, wholeArray(name, shape, 'argument', 'step'));
  const inPlaceStates = new Map(cell.states.map(({ name }, index) => [`${name}'`, inPlace[index] ? name : undefined]));

  const placeProduct = (stage: ProductStage, perRow: boolean): void => {
    const product = stacked(stage, taken);
    products.set(stage, product);
    scratch.push({ name: product.result, length: product.rows, perRow });
    stage.blocks.forEach(({ name }, index) => {
      const above = stage.blocks.slice(0, index).map(({ matrix }) => matrix.shape[0]!);
      places.set(name, {
        array: product.result,
        owner: 'scratch',
        per: perRow ? 'sequence' : 'all',
        stride: product.rows,
        start: extent(above),
      });
    });
  };

  const placeStores = (stage: ElementwiseStage, perRow: boolean): void => {
    refuseNumbers(stage);
    for (const name of stage.stores) {
      const state = inPlaceStates.get(name);
      if (state) {
        places.set(name, places.get(state)!);
        continue;
      }
      places.set(name, wholeArray(name, stage.shape, 'scratch', perRow ? 'sequence' : 'all'));
      scratch.push({ name: arrayOf(name), length: size(stage.shape), perRow });
    }
  };

  const placeStages = (stages: readonly Stage[], perRow: boolean): void => {
    for (const stage of stages) {
      if (stage.kind === 'product') placeProduct(stage, perRow);
      else placeStores(stage, perRow);
    }
  };

  placeStages(before, true);
  placeStages(step, false);
  const early = new Set([...cell.parameters, ...definitionsOf(prepare)].map(({ name }) => name));
  for (const stage of [...before, ...step]) {
    if (stage.kind === 'product') continue;
    for (const name of readsOf(stage)) {
      if (!early.has(name) || vectors.includes(name)) continue;
      vectors.push(name);
      places.set(name, wholeArray(name, stage.shape, 'weights', 'all'));
    }
  }
  const traces = new Map(kept.map((value) => [value.name, tracePlace(value)]));
  return {
    products,
    scratch,
    vectors,
    read: (name) => places.get(name)!,
    writes: ({ stores, keeps }) => [
      ...stores.map((name) => [name, places.get(name)!] as const),
      ...keeps.map((name) => [name, traces.get(name)!] as const),
    ],
  };
}

/** Refuses definitions of numbers: the kernel's loops are over vectors. */
export function refuseNumbers({ shape, definitions }: ElementwiseStage): void {
  if (shape.length > 0) return;
  const names = definitions.map(({ name }) => name).join();
  throw new TypeError(`${names}: a number of its own is not supported by this emitter`);
}

/** The names an element-wise stage reads from outside itself, in order of first use. */
export function readsOf({ definitions, keeps }: ElementwiseStage): readonly string[] {
  const own = new Set(definitions.map(({ name }) => name));
  const read = [...definitions.flatMap(({ value }) => namesIn(value)), ...keeps];
  return [...new Set(read)].filter((name) => !own.has(name));
}

function stacked(stage: ProductStage, taken: Set<string>): StackedProduct {
  const wish = identifier(stage.operand.name);
  let name = wish;
  for (let number = 2; taken.has(name); number++) name = `${wish}${number}`;
  taken.add(name);
  return {
    stage,
    matrix: `W_${name}`,
    bias: stage.biased ? `b_${name}` : undefined,
    result: `W${name}`,
    rows: extent(stage.blocks.map(({ matrix }) => matrix.shape[0]!)),
    columns: stage.operand.shape[0]!,
  };
}

/** Every dimension of the cell, the inputs' first. */
export function dimensionsOf({ cell }: Pick<Schedule, 'cell'>): readonly string[] {
  return [...new Set([...cell.inputs, ...cell.states].flatMap(({ shape }) => shape))];
}

/** The arrays that the code of some stages takes from each of their owners, and from the weights also the lengths. */
export function usesOf(stages: readonly Stage[], layout: Layout): Readonly<Record<Owner, readonly string[]>> {
  const shapes = stages.flatMap((stage) =>
    stage.kind === 'product' ? stage.blocks.map(({ matrix }) => matrix.shape) : [stage.shape],
  );
  const matrices = stages.flatMap((stage) => {
    if (stage.kind === 'elementwise') return [];
    const { matrix, bias } = layout.products.get(stage)!;
    return [matrix, ...(bias ? [bias] : [])];
  });
  const places = stages.flatMap((stage): Place[] =>
    stage.kind === 'elementwise'
      ? [...readsOf(stage).map(layout.read), ...layout.writes(stage).map(([, to]) => to)]
      : [stage.operand.name, stage.blocks[0]!.name].map(layout.read),
  );
  return arraysOf(places, [...new Set(shapes.flat()), ...matrices]);
}

/** The arrays of some places by owner; `weights`: what is taken from the weights besides. */
export function arraysOf(
  places: readonly Place[],
  weights: readonly string[],
): Readonly<Record<Owner, readonly string[]>> {
  const of = (owner: Owner): readonly string[] => [
    ...new Set(places.filter((place) => place.owner === owner).map(({ array }) => array)),
  ];
  return {
    weights: [...new Set([...weights, ...of('weights')])],
    scratch: of('scratch'),
    trace: of('trace'),
    argument: of('argument'),
  };
}
