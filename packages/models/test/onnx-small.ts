import { expect } from 'vitest';
import { type Layer, type Model, type ReadOptions, readModel } from '../src/index.ts';
import * as onnx from './onnx-model.ts';

// What the tests of small files have in common.

export const numbers = (count: number): number[] => Array.from({ length: count }, (_, k) => k + 1);

/** The sizes of the layers in them. */
export const [I, H] = [2, 3];

/** The weights of a layer in one direction, by the names W, R and B. */
export const weights = (gates: number): readonly onnx.Message[] => [
  onnx.initializer(onnx.raw('W', [1, gates * H, I], numbers(gates * H * I))),
  onnx.initializer(onnx.raw('R', [1, gates * H, H], numbers(gates * H * H))),
  onnx.initializer(onnx.raw('B', [1, 2 * gates * H], numbers(2 * gates * H))),
];

export const gru = (...attributes: readonly onnx.Message[]): onnx.Message =>
  onnx.node('GRU', ['X', 'W', 'R', 'B'], ['Y'], 'gru', ...attributes);

export const read = (bytes: Uint8Array, files: NonNullable<ReadOptions['files']> = {}): Promise<Model> =>
  readModel(bytes, { files });

export const layersOf = async (...fields: readonly onnx.Message[]): Promise<readonly Layer[]> =>
  (await read(onnx.model(...fields))).layers;

export const rejects = (bytes: Uint8Array, code: string, words: RegExp, files = {}): Promise<void> =>
  expect(read(bytes, files)).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
