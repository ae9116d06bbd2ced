import { type ElementwiseStage, namesIn, type ProductStage, type Program, type Stage } from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import { identifier } from './expression.ts';

/** Where a value lies while the kernel runs: row r of it starts at `array[start + r * stride]`. */
export interface Place {
  readonly array: string;
  /** Where the kernel gets the array from. */
  readonly owner: 'weights' | 'scratch' | 'argument';
  readonly stride: string;
  readonly start: string;
}

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
export interface Layout {
  readonly products: ReadonlyMap<ProductStage, StackedProduct>;
  readonly scratch: readonly ScratchArray[];
  readonly places: ReadonlyMap<string, Place>;
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

export function layoutOf({ schedule }: Program): Layout {
  const { cell, prepare, before, step, inPlace } = schedule;
  const products = new Map<ProductStage, StackedProduct>();
  const scratch: ScratchArray[] = [];
  const places = new Map<string, Place>();
  const vectors: string[] = [];
  const taken = new Set<string>();

  for (const { name, shape } of [...cell.inputs, ...cell.states]) {
    places.set(name, { array: arrayOf(name), owner: 'argument', stride: size(shape), start: '0' });
  }
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
        stride: perRow ? product.rows : '0',
        start: extent(above),
      });
    });
  };

  const placeStores = (stage: ElementwiseStage, perRow: boolean): void => {
    if (stage.shape.length === 0)
      throw new TypeError(`${stage.stores.join()}: a number of its own is not supported by this emitter`);
    for (const name of stage.stores) {
      const state = inPlaceStates.get(name);
      const length = size(stage.shape);
      if (state) {
        places.set(name, places.get(state)!);
        continue;
      }
      places.set(name, { array: arrayOf(name), owner: 'scratch', stride: perRow ? length : '0', start: '0' });
      scratch.push({ name: arrayOf(name), length, perRow });
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
  const prepared = prepare.flatMap((stage) =>
    stage.kind === 'elementwise' ? stage.stores : stage.blocks.map(({ name }) => name),
  );
  const early = new Set([...cell.parameters.map(({ name }) => name), ...prepared]);
  for (const stage of [...before, ...step]) {
    if (stage.kind === 'product') continue;
    for (const name of readsOf(stage)) if (early.has(name) && !vectors.includes(name)) vectors.push(name);
  }
  for (const name of vectors) places.set(name, { array: arrayOf(name), owner: 'weights', stride: '0', start: '0' });
  return { products, scratch, places, vectors };
}

/** The names an element-wise stage reads from outside itself, in order of first use. */
export function readsOf({ definitions }: ElementwiseStage): readonly string[] {
  const own = new Set(definitions.map(({ name }) => name));
  return [...new Set(definitions.flatMap(({ value }) => namesIn(value)))].filter((name) => !own.has(name));
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
export function dimensionsOf({ schedule: { cell } }: Program): readonly string[] {
  return [...new Set([...cell.inputs, ...cell.states].flatMap(({ shape }) => shape))];
}

/** The names that the code of some stages takes out of `weights` and `scratch`. */
export function usesOf(
  stages: readonly Stage[],
  { products, places }: Layout,
): { weights: string[]; scratch: string[] } {
  const uses = { weights: new Set<string>(), scratch: new Set<string>() };
  const use = (name: string): void => {
    const { owner, array } = places.get(name)!;
    if (owner !== 'argument') uses[owner].add(array);
  };
  for (const stage of stages) {
    const shapes = stage.kind === 'product' ? stage.blocks.map(({ matrix }) => matrix.shape) : [stage.shape];
    for (const dimension of shapes.flat()) uses.weights.add(dimension);
  }
  for (const stage of stages) {
    if (stage.kind === 'elementwise') {
      [...readsOf(stage), ...stage.stores].forEach(use);
      continue;
    }
    const { matrix, bias } = products.get(stage)!;
    uses.weights.add(matrix);
    if (bias) uses.weights.add(bias);
    [stage.operand.name, stage.blocks[0]!.name].forEach(use);
  }
  return { weights: [...uses.weights], scratch: [...uses.scratch] };
}
