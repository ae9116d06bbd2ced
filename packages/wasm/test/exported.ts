import { assemble, modelOf } from '@congruent/cli';
import { compile, type ExportedModel } from '@congruent/codegen';
import type { StateDict } from '@congruent/runtime';
import { type Cell, gru, termsOf, withLengths } from '@congruent/spec';
import { numbers } from '../../../tools/testing/numbers.ts';
import exporter from '../codegen/export.ts';
import { stateDict } from './engine-model.ts';

/** What the module of an exported model exports, as the types beside it say. */
export interface Wrapper {
  readonly inputSize: number;
  readonly outputSize: number;
  create(moduleOrBytes: object): Running;
}

interface Running {
  step(x: ArrayLike<number>): Float32Array;
  run(xs: ArrayLike<number>, steps: number): Float32Array;
  reset(): void;
}

/** The files of an exported model. */
export interface Files {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly source: string;
  readonly types: string;
  /** Bytes of the module that are not weights. */
  readonly code: number;
}

/** A model of a cell with the parameters of a layer, as the command makes it of a file of them. */
export const modelFrom = (cell: Cell, tensors: StateDict, prefix = ''): ExportedModel =>
  modelOf('model', cell, { path: 'model.safetensors', tensors }, prefix, ['A model.']);

/** A model of any cell, its dimensions of different lengths, with numbers of both signs for parameters. */
export function modelOfCell(cell: Cell, base = 3): ExportedModel {
  const shapes = [...cell.inputs, ...cell.states, ...cell.parameters].flatMap(({ shape }) => shape.flatMap(termsOf));
  const names = [...new Set(shapes)].filter((name) => typeof name === 'string');
  const literal = withLengths(cell, Object.fromEntries(names.map((name, index) => [name, base + index])));
  const sizes = new Map(literal.parameters.map(({ name, shape }) => [name, sizeOf(shape)]));
  const tensors = literal.tensors.map(({ name, blocks }, index): [string, Float32Array] => [
    name,
    numbers('float32', sizes.get(blocks[0]!.name)! * blocks.length, index + 1),
  ]);
  return { name: 'model', program: compile(literal), tensors: new Map(tensors), header: [] };
}

export const sizeOf = (shape: readonly (number | string)[]): number =>
  shape.reduce<number>((size, length) => size * Number(length), 1);

export function filesOf(model: ExportedModel, simd = true): Files {
  const [{ contents, weights = 0 }, source, types] = exporter.export(model, { simd, training: false }, assemble)
    .files as readonly unknown[] as readonly [Module, Text, Text];
  return {
    bytes: Uint8Array.from(contents),
    source: source.contents,
    types: types.contents,
    code: contents.length - weights,
  };
}

type Module = { readonly contents: Uint8Array; readonly weights?: number };
type Text = { readonly contents: string };

/** The files of the model that engines are given. */
export const engineFiles = (simd = true): Files => filesOf(modelFrom(gru, stateDict), simd);

/** The wrapper as a module that runs. */
export const wrapperOf = async ({ source }: Files): Promise<Wrapper> =>
  await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`);

/** A running model. */
export async function running(model: ExportedModel, simd = true): Promise<Running> {
  const files = filesOf(model, simd);
  return (await wrapperOf(files)).create(files.bytes);
}
