import type { Tensor } from '@congruent/runtime';
import { expect } from 'vitest';
import type { Model } from '../src/index.ts';
import { run } from './run.ts';

/** A layer of a record: its class and sizes, the activation, what it gives. */
interface Recorded {
  readonly name: string;
  readonly kind: string;
  readonly activation?: string;
  readonly returnSequences?: boolean;
}

/** What the class and the options of a layer of a file must be, as its record says. */
// biome-ignore lint/suspicious/noExplicitAny: a record's own keys
export function expectLayer(found: Model['layers'][number], recorded: any): void {
  expect(found).toMatchObject({ name: recorded.name, kind: recorded.kind, notes: [] });
  const { inputSize, hiddenSize, bidirectional, bias, resetAfter } = recorded;
  expect(found.options).toMatchObject({ bidirectional, batchFirst: true, dtype: 'float32' });
  if (found.cell) expect(found.options).toMatchObject({ sizes: { I: inputSize, H: hiddenSize } });
  else
    expect(found.options).toMatchObject({
      inputSize,
      hiddenSize,
      bias,
      ...(resetAfter === undefined ? {} : { resetAfter }),
    });
  expect(found.merge ?? 'concat').toBe(recorded.mergeMode ?? 'concat');
  expect(found.reverse ?? false).toBe(recorded.goBackwards ?? false);
}

/** The whole net of a record, which is a chain, with everything around the recurrent layers computed here. */
export function runNet({ layers, tensors }: Model, recorded: readonly Recorded[], input: Tensor): Tensor {
  const dense = Object.keys(tensors)
    .filter((name) => /(^|\/)(dense|time_distributed)[^/]*\/(.*\/)?(kernel|vars\/0)(:0)?$/.test(name))
    .filter((name) => !name.startsWith('optimizer'));
  return recorded.reduce((x, { name, kind, activation, returnSequences }) => {
    const found = layers.find((layer) => layer.name === name);
    if (found) return returnSequences ? run(found, x).output : lastOf(run(found, x).states[0]!);
    if (kind === 'Embedding') return embedded(tensors[`${name}/embeddings`] as Tensor, x);
    if (kind !== 'Dense' && kind !== 'TimeDistributed') return x;
    const kernel = dense.shift()!;
    const bias = kernel.replace(/kernel(?=(:0)?$)/, 'bias').replace(/vars\/0$/, 'vars/1');
    return activated(denseOf(tensors[kernel] as Tensor, tensors[bias] as Tensor, x), activation);
  }, input);
}

/** The last state of both directions side by side: [D, B, H] as [B, D·H]. */
export function lastOf({ data, shape }: Tensor): Tensor {
  const [directions, batch, width] = shape as readonly [number, number, number];
  const at = (b: number, k: number): number => (Math.floor(k / width) * batch + b) * width + (k % width);
  const rows = Array.from({ length: batch * directions * width }, (_, k) => {
    const columns = directions * width;
    return data[at(Math.floor(k / columns), k % columns)]!;
  });
  return { data: Float32Array.from(rows), shape: [batch, directions * width] };
}

function denseOf(kernel: Tensor, bias: Tensor, { data, shape }: Tensor): Tensor {
  const [inputs, outputs] = kernel.shape as readonly [number, number];
  const result = Float32Array.from({ length: (data.length / inputs) * outputs }, (_, k) => {
    const [row, column] = [Math.floor(k / outputs), k % outputs];
    let sum = bias.data[column]!;
    for (let i = 0; i < inputs; i++) sum += data[row * inputs + i]! * kernel.data[i * outputs + column]!;
    return sum;
  });
  return { data: result, shape: [...shape.slice(0, -1), outputs] };
}

function activated({ data, shape }: Tensor, activation = 'linear'): Tensor {
  if (activation === 'tanh') return { data: data.map(Math.tanh), shape };
  if (activation !== 'softmax') return { data, shape };
  const width = shape.at(-1)!;
  const exps = Array.from(data, Math.exp);
  const sum = (k: number): number => exps.slice(k - (k % width), k - (k % width) + width).reduce((a, b) => a + b);
  return { data: Float32Array.from(exps, (value, k) => value / sum(k)), shape };
}

function embedded({ data, shape }: Tensor, rows: Tensor): Tensor {
  const width = shape[1]!;
  const values = [...rows.data].flatMap((row) => [...data.subarray(row * width, (row + 1) * width)]);
  return { data: Float32Array.from(values), shape: [...rows.shape, width] };
}
