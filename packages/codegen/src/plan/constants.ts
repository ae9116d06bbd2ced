import type { Shape } from '@congruent/spec';
import { type Reference, reference } from '../ir/expression.ts';
import { type Extent, extentOf, product, total, up } from './extent.ts';
import { buffersName, copyOf, type Memory, wholeOf } from './memory.ts';
import type { Buffer, CopyPlan, PackPlan, Target, View } from './plan.ts';

/** The tensors of a layout in order, each with its blocks. */
export type Tensors = readonly { readonly name: string; readonly blocks: readonly Reference[] }[];

/** A packed matrix. */
export interface Matrix {
  readonly matrix: Buffer;
  readonly rows: Extent;
  readonly columns: Extent;
}

/** What a product adds, and the copies that make it. */
export interface Bias {
  readonly view: View;
  readonly copies: readonly CopyPlan[];
}

/** Gives every parameter its place in the tensors of the layout, one buffer each. */
export function placeTensors(
  tensors: Tensors,
  space: 'tensor' | 'gradient',
  memory: Memory,
): ReadonlyMap<string, View> {
  const views = tensors.flatMap(({ name, blocks }): [string, View][] => {
    const places = memory.values(space === 'tensor' ? name : `d${name}`, blocks, { space, rows: 'one' });
    return blocks.map((block, index) => [block.name, places[index]!]);
  });
  return new Map(views);
}

/** What is made once of the parameters: where its values lie, and the packing that makes it. */
export class Constants {
  /** What makes the weights of the parameters as they are. */
  readonly packs: (PackPlan | CopyPlan)[] = [];
  /** What ends the making of weights: biases of products of rows, some of which are computed there. */
  readonly biases: CopyPlan[] = [];
  private readonly memory: Memory;
  private readonly target: Target;
  private readonly given: ReadonlyMap<string, View>;
  private readonly values = new Map<string, View>();
  /** Packed matrices by their blocks. */
  private readonly matrices = new Map<string, Matrix>();

  constructor(given: ReadonlyMap<string, View>, target: Target, memory: Memory) {
    this.given = given;
    this.target = target;
    this.memory = memory;
  }

  has(name: string): boolean {
    return this.given.has(name) || this.values.has(name);
  }

  /** Where a value lies while the weights are made: a parameter in its tensor. */
  read(name: string): View {
    return this.values.get(name) ?? this.given.get(name)!;
  }

  /** Where a value lies afterwards: a parameter that anything reads is copied. */
  kept(name: string): View {
    const known = this.values.get(name);
    if (known) return known;
    const from = this.given.get(name)!;
    const to = this.place(reference(name, from.shape));
    this.packs.push(copyOf(from, to));
    return to;
  }

  /** A place for a computed value. */
  place(value: Reference): View {
    const width = (size: Extent): Extent => up(size, this.target.lanes ?? 1);
    return this.keep(buffersName(value.name), [value], width)[0]!;
  }

  /** Results of one product, one below the other. */
  stacked(wish: string, results: readonly Reference[]): readonly View[] {
    return this.keep(wish, results, this.target.packed);
  }

  /** A packed matrix: the blocks one below the other; transposed, their transposes side by side. The same is packed once. */
  matrix(wish: string, blocks: readonly Reference[], transposed: boolean): Matrix {
    const key = `${blocks.map(({ name }) => name)} ${transposed}`;
    const matrix = this.matrices.get(key) ?? this.packBlocks(wish, blocks, transposed);
    this.matrices.set(key, matrix);
    return matrix;
  }

  private packBlocks(wish: string, blocks: readonly Reference[], transposed: boolean): Matrix {
    const heights = blocks.map(({ shape }): Shape => [shape[0]!]);
    const width = extentOf(blocks[0]!.shape[1]!);
    const [rows, columns]: readonly [Extent, Extent] = transposed ? [width, total(heights)] : [total(heights), width];
    const holds = `${blocks.map(({ name }) => name).join(', ')}${transposed ? ', transposed' : ''}`;
    return this.pack(
      wish,
      { blocks: blocks.map(({ name }) => this.given.get(name)!), transposed, rows, columns },
      holds,
    );
  }

  /** A row of ones. */
  ones(columns: Extent): Matrix {
    return this.pack('ones', { blocks: [], transposed: false, rows: 1, columns }, 'ones');
  }

  /** Vectors one below the other. */
  bias(wish: string, blocks: readonly Reference[]): Bias {
    const places = this.memory.values(wish, blocks, { space: 'weights', rows: 'one', width: this.target.packed });
    return {
      view: wholeOf(places),
      copies: blocks.map(({ name }, index) => copyOf(this.read(name), places[index]!)),
    };
  }

  private pack(wish: string, plan: Omit<PackPlan, 'kind' | 'to'>, holds: string): Matrix {
    const { rows, columns } = plan;
    const width = product(this.target.packed?.(rows) ?? rows, columns);
    const to = this.memory.buffer(wish, { space: 'weights', rows: 'one', width, holds });
    this.packs.push({ kind: 'pack', to, ...plan });
    return { matrix: to, rows, columns };
  }

  private keep(wish: string, values: readonly Reference[], width: Target['packed']): readonly View[] {
    const views = this.memory.values(wish, values, { space: 'weights', rows: 'one', width });
    for (const [index, { name }] of values.entries()) this.values.set(name, views[index]!);
    return views;
  }
}
