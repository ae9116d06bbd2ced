import type { GeneratedFile, Program } from '@congruent/codegen';
import type { FloatArray } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { DIMENSIONS } from '../../../tools/testing/operands.ts';
import emitter from '../codegen/index.ts';
import { instantiateSync } from '../src/compile.ts';
import type { Kernel } from '../src/kernel.ts';

/** The values of a cell's dimensions, in the order in which the functions take them. */
export const dimensionsOf = ({ inputs, states }: Cell): readonly number[] =>
  [...new Set([...inputs, ...states].flatMap(({ shape }) => shape as ('I' | 'H')[]))].map((name) => DIMENSIONS[name]);

/** Exported functions, of numbers. */
export type Functions = Record<string, (...operands: number[]) => number>;

/** What was emitted for a cell, which takes seconds. */
const emitted = new Map<Cell, readonly GeneratedFile[]>();

/** Instances of the emitted modules: for inference, and for gradients in the same memory. */
export function load(program: Program, dtype: string) {
  const { cell } = program;
  const files = emitted.get(cell) ?? emitter.emit(program);
  emitted.set(cell, files);
  const bytesOf = (name: string): string => {
    const file = files.find(({ path }) => path === `${cell.name}.${name}.ts`)!;
    return /'([0-9a-f]+)'/.exec(file.contents as string)![1]!;
  };
  const { memory, ...functions } = instantiateSync<Kernel>(bytesOf(dtype));
  memory.grow(1);
  const training = instantiateSync<Functions>(bytesOf(`${dtype}.training`), { inference: { memory } });
  return { memory, inference: functions as unknown as Functions, training };
}

/** Lays arrays into a memory, one after the other. */
export class Placer {
  private readonly memory: Kernel['memory'];
  private readonly Vector: Float32ArrayConstructor | Float64ArrayConstructor;
  private top = 64;

  constructor(memory: Kernel['memory'], Vector: Float32ArrayConstructor | Float64ArrayConstructor) {
    this.memory = memory;
    this.Vector = Vector;
  }

  /** A view of a copy. */
  place(values: ArrayLike<number>): FloatArray {
    const view = new this.Vector(this.memory.buffer, this.top, values.length);
    view.set(values);
    this.top = Math.ceil((this.top + view.byteLength) / 64) * 64;
    return view;
  }

  /** The address of so many bytes. */
  reserve(bytes: number): number {
    return this.place(new this.Vector(bytes / this.Vector.BYTES_PER_ELEMENT)).byteOffset;
  }

  /** The address of integers. */
  integers(values: readonly number[]): number {
    const at = this.top;
    new Int32Array(this.memory.buffer, at, values.length).set(values);
    this.top = Math.ceil((at + 4 * values.length) / 64) * 64;
    return at;
  }
}

export const addresses = (views: readonly { readonly byteOffset: number }[]): readonly number[] =>
  views.map(({ byteOffset }) => byteOffset);
