/// <reference types="node" />
import { existsSync, readFileSync } from 'node:fs';
import type { GRU, Tensor } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { recordedBound } from '../src/expect/bounds.ts';
import { expectWithin } from '../src/expect/expect.ts';
import { referenceModule } from '../src/index.ts';
import { golden } from './public-vectors.mjs';

// Results that others published for the same arithmetic: additional, as they are too regular to tell much.
const present = existsSync(golden);
const published = test.skipIf(!present);
if (!present) test.skip(`no public vectors in ${golden}: set CONGRUENT_VECTORS`, () => {});

const { GRU: Reference } = referenceModule();

interface Recorded {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'float64';
  readonly b64: string;
}

const read = (name: string) => JSON.parse(readFileSync(`${golden}/${name}.json`, 'utf8'));

function decode({ shape, dtype, b64 }: Recorded): Tensor {
  const { buffer } = Uint8Array.from(Buffer.from(b64, 'base64'));
  return { data: dtype === 'float64' ? new Float64Array(buffer) : new Float32Array(buffer), shape };
}

const decodeAll = (tensors: Readonly<Record<string, Recorded>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, decode(tensor)]));

/** Nested lists as a float32 tensor. */
function nested(lists: unknown): Tensor {
  const shape: number[] = [];
  for (let at = lists; Array.isArray(at); at = at[0]) shape.push(at.length);
  return { data: Float32Array.from((lists as number[]).flat(Infinity) as number[]), shape };
}

function load(parameters: Readonly<Record<string, Tensor>>, numLayers = 1, batchFirst = false): GRU {
  const [rows, inputSize] = parameters['weight_ih_l0']!.shape as [number, number];
  const bias = 'bias_ih_l0' in parameters;
  const gru = Reference.createSync({ inputSize, hiddenSize: rows / 3, numLayers, bias, batchFirst });
  gru.loadStateDict(parameters);
  return gru;
}

for (const name of ['trained_centaur_gru1x8', 'trained_centaur_gru8x16']) {
  published(`a trained GRU gives what PyTorch gives: ${name}`, async () => {
    const { params, inputs, expected64, torch_error } = read(name);
    const { output } = await load(decodeAll(params)).forward(decode(inputs.input));
    const expected = decode(expected64.output).data;
    expectWithin(name, output.data, expected, recordedBound('float32', expected, torch_error.output.max_abs));
  });
}

published('two trained GRUs and a linear layer give what PyTorch gives: rtneural_gru_torch', async () => {
  const { state_dict, x, y, tolerance } = read('rtneural_gru_torch');
  const parameters = decodeAll(state_dict);
  const below = (prefix: string): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(parameters).flatMap(([name, value]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
      ),
    );
  const { data } = decode(x);
  const first = await load(below('gru.')).forward({ data: Float32Array.from(data), shape: [data.length, 1] });
  const { output } = await load(below('gru2.'), 3).forward(first.output);
  const [weight, bias] = [parameters['dense.weight']!.data, parameters['dense.bias']!.data];
  const got = Array.from(
    data,
    (_, t) => bias[0]! + Array.from(weight).reduce((sum, w, j) => sum + w * output.data[t * 8 + j]!, 0),
  );
  expectWithin('y', got, decode(y).data, () => tolerance.max_abs);
});

for (const name of ['correctness', 'no_bias', 'initial_state']) {
  published(`Keras's GRU with reset_after gives the same: ${name}`, async () => {
    const { cases, tolerance } = read('keras_gru');
    const recorded = cases.find((given: { name: string }) => given.name === name);
    const parameters = Object.fromEntries(
      Object.entries(recorded.torch_params).map(([key, lists]) => [key, nested(lists)]),
    );
    const initial = recorded.initial_state && nested([recorded.initial_state]);
    const { hn } = await load(parameters, 1, true).forward(nested(recorded.x), initial);
    const { data } = nested(recorded.expected.last);
    expect(hn.data.length).toBe(data.length);
    expectWithin(name, hn.data, data, (value) => Number(tolerance.atol) + Number(tolerance.rtol) * Math.abs(value));
  });
}
