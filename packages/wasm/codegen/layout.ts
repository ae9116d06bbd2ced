import {
  type CellIr,
  type Definition,
  type ElementwiseStage,
  namesIn,
  type ProductStage,
  type Program,
  type Reference,
  type Stage,
} from '@congruent/codegen';
import type { Cell, Shape } from '@congruent/spec';
import { type Extent, inI32, product, sum, total, up } from './extent.ts';
import { VECTOR_BYTES } from './lanes.ts';
import { columnBytes } from './panels.ts';
import type { Wat } from './wat.ts';

/** Where a value lies: row r starts at `pointer + start + r · stride`, in bytes. */
export interface Place {
  /** The local or parameter that holds the address. */
  readonly pointer: string;
  readonly start: Extent;
  readonly stride: Extent;
}

/** A product stage with the names of its packed matrix, its bias and its result. */
export interface StackedProduct {
  readonly stage: ProductStage;
  readonly matrix: string;
  readonly bias: string | undefined;
  readonly result: string;
  /** Bytes of a row of the result, as many as of a column of the packed matrix. */
  readonly rowBytes: Extent;
  readonly columns: string;
}

/** A piece of a region of memory, in the order in which the pieces lie. */
export interface Piece {
  readonly name: string;
  readonly bytes: Extent;
  readonly comment: string;
}

/** An array of the scratch memory: a row for each row of a chunk, or for each row of a step. */
export interface ScratchArray {
  readonly name: string;
  readonly rowBytes: Extent;
  readonly per: 'chunk' | 'step';
  readonly comment: string;
}

/** Everything the emitter must name: products, the pieces of the weights, scratch arrays, and where every value lies. */
export interface Layout {
  readonly dimensions: readonly string[];
  readonly products: ReadonlyMap<ProductStage, StackedProduct>;
  readonly weights: readonly Piece[];
  readonly scratch: readonly ScratchArray[];
  readonly places: ReadonlyMap<string, Place>;
  /** States that may not be overwritten while the step runs, with the scratch array of their next value. */
  readonly commits: ReadonlyMap<string, string>;
}

export function layoutOf({ schedule }: Program, elementBytes: number): Layout {
  const { cell, prepare, before, step, inPlace, kept: recorded } = schedule;
  const products = new Map<ProductStage, StackedProduct>();
  const weights: Piece[] = [];
  const scratch: ScratchArray[] = [];
  const places = new Map<string, Place>();
  const commits = new Map<string, string>();
  const bytesOf = (shape: readonly string[]): Extent => product(elementBytes, ...shape);

  for (const { name, shape } of [...cell.inputs, ...cell.states]) {
    places.set(name, { pointer: arrayOf(name), start: 0, stride: bytesOf(shape) });
  }
  for (const [name, place] of tracePlaces(recorded, elementBytes)) places.set(keptName(name), place);
  const overwrites = new Map(cell.states.map(({ name }, index) => [`${name}'`, inPlace[index] ? name : undefined]));

  const stored = new Set(step.flatMap((stage) => (stage.kind === 'elementwise' ? stage.stores : [])));
  for (const { name } of cell.states) {
    if (!stored.has(`${name}'`)) {
      throw new TypeError(`${name}': a next state that no element-wise stage of the step gives is not supported`);
    }
  }

  const placeProduct = (stage: ProductStage, per: ScratchArray['per']): void => {
    const stacked = stackedProduct(stage, [...products.values()], elementBytes);
    products.set(stage, stacked);
    const { matrix, bias, result, rowBytes, columns } = stacked;
    const names = (of: readonly string[]): string => of.join(', ');
    weights.push({
      name: matrix,
      bytes: product(rowBytes, columns),
      comment: names(stage.blocks.map((block) => block.matrix.name)),
    });
    if (bias)
      weights.push({ name: bias, bytes: rowBytes, comment: names(stage.blocks.map((each) => each.bias!.name)) });
    scratch.push({ name: result, rowBytes, per, comment: names(stage.blocks.map(({ name }) => name)) });
    stage.blocks.forEach(({ name }, index) => {
      const above = stage.blocks.slice(0, index).map(({ matrix: { shape } }) => shape[0]!);
      places.set(name, { pointer: result, start: product(elementBytes, total(above)), stride: rowBytes });
    });
  };

  const placeStores = (stage: ElementwiseStage, per: ScratchArray['per']): void => {
    for (const name of stage.stores) {
      const state = overwrites.get(name);
      if (state) {
        places.set(name, places.get(state)!);
        continue;
      }
      if (overwrites.has(name)) commits.set(name.replace("'", ''), name);
      const rowBytes = up(bytesOf(stage.shape), VECTOR_BYTES);
      places.set(name, { pointer: arrayOf(name), start: 0, stride: rowBytes });
      scratch.push({ name: arrayOf(name), rowBytes, per, comment: name });
    }
  };

  const placeStages = (stages: readonly Stage[], per: ScratchArray['per']): void => {
    for (const stage of stages) stage.kind === 'product' ? placeProduct(stage, per) : placeStores(stage, per);
  };

  placeStages(before, 'chunk');
  placeStages(step, 'step');
  const kept = (name: string, shape: readonly string[]): void => {
    if (weights.some((piece) => piece.name === arrayOf(name))) return;
    weights.push({ name: arrayOf(name), bytes: up(bytesOf(shape), VECTOR_BYTES), comment: name });
    places.set(name, { pointer: arrayOf(name), start: 0, stride: 0 });
  };
  const early = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  for (const stage of prepare) {
    if (stage.kind === 'product') throw new TypeError('a product of parameters alone is not supported by this emitter');
    for (const name of stage.stores) kept(name, stage.shape);
  }
  for (const stage of [...before, ...step]) {
    if (stage.kind === 'product') continue;
    for (const name of readsOf(stage)) if (early.has(name)) kept(name, early.get(name)!);
  }
  return { dimensions: dimensionsOf(schedule.cell), products, weights, scratch, places, commits };
}

/** The address of all elements of a value; the value's own name stands for a vector of them. */
export const arrayOf = (name: string): string => `${name}s`;

/** The address of the first row. */
export const addressOf = ({ pointer, start }: Place): Wat => inI32(sum(pointer, start));

/** The addresses of the layout's tensors; a dot, as a tensor may have the name of a value. */
export const tensorPointers = ({ layouts }: Cell): readonly string[] =>
  layouts[0]!.tensors.map(({ name }) => `${name}.tensor`);

/** Where the parameters lie in the tensors that a caller gives. */
export function parameterPlaces(cell: Cell, elementBytes: number): ReadonlyMap<string, Place> {
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  const pointers = tensorPointers(cell);
  const blocks = cell.layouts[0]!.tensors.flatMap((tensor, at) =>
    tensor.blocks.map(({ name }, index): [string, Place] => {
      const start = product(index, elementBytes, ...shapes.get(name)!);
      return [name, { pointer: pointers[at]!, start, stride: 0 }];
    }),
  );
  return new Map(blocks);
}

/** The parameter that holds the address of what is recorded. */
export const TRACE = 'trace';

/** Where a value of the forward pass is recorded: row r of the trace has all of those of row r, one after the other. */
export function tracePlaces(recorded: readonly Reference[], elementBytes: number): ReadonlyMap<string, Place> {
  const lengthOf = (values: readonly Reference[]): Extent =>
    product(elementBytes, total(values.flatMap(({ shape }) => shape)));
  const stride = lengthOf(recorded);
  return new Map(
    recorded.map(({ name }, index) => [name, { pointer: TRACE, start: lengthOf(recorded.slice(0, index)), stride }]),
  );
}

const keptName = (name: string): string => `${name}.kept`;

/** The stage with definitions that store what it keeps. */
export function keepingStage(stage: ElementwiseStage): ElementwiseStage {
  const copies = stage.keeps.map((name) => copyDefinition(keptName(name), name, stage.shape));
  const stores = copies.map(({ name }) => name);
  return { ...stage, definitions: [...stage.definitions, ...copies], stores: [...stage.stores, ...stores] };
}

/** A stage that reads a value and stores it under another name. */
export const copyStage = (name: string, from: string, shape: Shape): ElementwiseStage => ({
  kind: 'elementwise',
  shape,
  definitions: [copyDefinition(name, from, shape)],
  stores: [name],
  keeps: [],
});

const copyDefinition = (name: string, from: string, shape: Shape): Definition => ({
  name,
  value: { kind: 'reference', name: from, shape },
});

/** The names an element-wise stage reads from outside itself, in order of first use. */
export function readsOf({ definitions }: ElementwiseStage): readonly string[] {
  const own = new Set(definitions.map(({ name }) => name));
  return [...new Set(definitions.flatMap(({ value }) => namesIn(value)))].filter((name) => !own.has(name));
}

function stackedProduct(stage: ProductStage, others: readonly StackedProduct[], elementBytes: number): StackedProduct {
  const taken = new Set(others.map(({ result }) => result));
  let name = stage.operand.name;
  for (let number = 2; taken.has(`W${name}`); number++) name = `${stage.operand.name}${number}`;
  return {
    stage,
    matrix: `W_${name}`,
    bias: stage.biased ? `b_${name}` : undefined,
    result: `W${name}`,
    rowBytes: columnBytes(product(elementBytes, total(stage.blocks.map(({ matrix }) => matrix.shape[0]!)))),
    columns: stage.operand.shape[0]!,
  };
}

/** Every dimension of the cell, the inputs' first. */
export const dimensionsOf = ({ inputs, states }: CellIr): readonly string[] => [
  ...new Set([...inputs, ...states].flatMap(({ shape }) => shape)),
];

/** What the pieces and arrays add up to; used for the whole and, by taking fewer, for where the next one starts. */
export const sizeOf = (pieces: readonly Piece[]): Extent => sum(...pieces.map(({ bytes }) => bytes));
