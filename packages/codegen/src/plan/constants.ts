import type { Shape } from '@congruent/spec';
import type { Reference } from '../ir/expression.ts';
import { type Extent, product, sizeOf, total, up } from './extent.ts';
import { buffersName, type Memory, viewOf, viewsOf } from './memory.ts';
import type { Buffer, CopyPlan, PackPlan, Target, View } from './plan.ts';

/** The tensors of a layout in order, each with its blocks. */
export type Tensors = readonly { readonly name: string; readonly blocks: readonly Reference[] }[];

/** A packed matrix. */
export interface Matrix {
  readonly matrix: Buffer;
  readonly rows: Extent;
  readonly columns: Extent;
}

/** Gives every parameter its place in the tensors of the layout, one buffer each. */
export function placeTensors(
  tensors: Tensors,
  space: 'tensor' | 'gradient',
  memory: Memory,
): ReadonlyMap<string, View> {
  const views = tensors.flatMap(({ name, blocks }): [string, View][] => {
    const shapes = blocks.map(({ shape }) => shape);
    const holds = blocks.map((block) => block.name).join(', ');
    const wish = space === 'tensor' ? name : `d${name}`;
    const buffer = memory.buffer(wish, { space, rows: 'one', width: total(shapes), holds });
    const places = viewsOf(buffer, shapes);
    return blocks.map((block, index) => [block.name, places[index]!]);
  });
  return new Map(views);
}

/** What is made once of the parameters: where its values lie, and the packing that makes it. */
export class Constants {
  /** What makes the weights of the parameters as they are. */
  readonly packs: (PackPlan | CopyPlan)[] = [];
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
    const to = this.place({ kind: 'reference', name, shape: from.shape });
    this.packs.push({ kind: 'copy', from, to });
    return to;
  }

  /** A place for a computed value. */
  place({ name, shape }: Reference): View {
    const width = up(sizeOf(shape), this.target.lanes ?? 1);
    const view = viewOf(this.weights(buffersName(name), width, name), shape);
    this.values.set(name, view);
    return view;
  }

  /** Results of one product, one below the other. */
  stacked(wish: string, results: readonly Reference[]): readonly View[] {
    const shapes = results.map(({ shape }) => shape);
    const buffer = this.weights(wish, this.packed(total(shapes)), results.map(({ name }) => name).join(', '));
    const views = viewsOf(buffer, shapes);
    for (const [index, { name }] of results.entries()) this.values.set(name, views[index]!);
    return views;
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
    const [, width] = blocks[0]!.shape as readonly [string, string];
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

  /** Vectors one below the other, as what a product adds, and the copies that make it. */
  bias(wish: string, blocks: readonly Reference[]): { readonly view: View; readonly copies: readonly CopyPlan[] } {
    const shapes = blocks.map(({ shape }) => shape);
    const buffer = this.weights(wish, this.packed(total(shapes)), blocks.map(({ name }) => name).join(', '));
    const places = viewsOf(buffer, shapes);
    const copies = blocks.map(({ name }, index): CopyPlan => {
      return { kind: 'copy', from: this.read(name), to: places[index]! };
    });
    return { view: viewOf(buffer, shapes.flat()), copies };
  }

  private pack(wish: string, plan: Omit<PackPlan, 'kind' | 'to'>, holds: string): Matrix {
    const { rows, columns } = plan;
    const to = this.memory.buffer(wish, {
      space: 'weights',
      rows: 'one',
      width: product(this.packed(rows), columns),
      holds,
    });
    this.packs.push({ kind: 'pack', to, ...plan });
    return { matrix: to, rows, columns };
  }

  private packed(rows: Extent): Extent {
    return this.target.packed?.(rows) ?? rows;
  }

  private weights(wish: string, width: Extent, holds: string): Buffer {
    return this.memory.buffer(wish, { space: 'weights', rows: 'one', width, holds });
  }
}
