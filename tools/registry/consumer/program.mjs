// What an application does in Node: a layer on every backend, gradients, training, a model file. Prints `fine`.
import assert from 'node:assert/strict';
import * as gpujs from '@congruent/gpujs';
import { readModel } from '@congruent/models';
import * as scalar from '@congruent/scalar';
import { Adam, mseLoss } from '@congruent/train';
import * as wasm from '@congruent/wasm';
import { GRU, LSTM, RNN, tensor, writeSafetensors } from 'congruent';

const sizes = { inputSize: 2, hiddenSize: 4, seed: 1 };
const input = tensor(new Float32Array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), [3, 1, 2]);

for (const Class of [GRU, LSTM, RNN]) {
  const layer = await Class.create(sizes);
  const { output, pullback } = layer.vjp(input);
  assert.deepEqual(output.shape, [3, 1, 4]);
  assert.deepEqual(pullback({ output }).input.shape, [3, 1, 2]);
}

const gru = await GRU.create(sizes);
const { data } = gru.forward(input).output;
for (const [name, backend, options] of [
  ['scalar', scalar, {}],
  ['wasm', wasm, {}],
  ['gpujs', gpujs, { device: 'webasm' }],
]) {
  const layer = await backend.GRU.create({ inputSize: 2, hiddenSize: 4, ...options });
  layer.loadStateDict(gru.stateDict());
  const { output, pullback } = await layer.vjp(input);
  assert.deepEqual((await pullback({ output })).input.shape, [3, 1, 2]);
  if (name === 'gpujs') for (const [i, value] of data.entries()) assert(Math.abs(value - output.data[i]) < 1e-5);
  else assert.deepEqual(output.data, data, `${name} has other bits than ${gru.backend}`);
}

const { output, pullback } = gru.vjp(input);
const { loss, gradient } = mseLoss(output, tensor(new Float32Array(12), [3, 1, 4]));
gru.loadStateDict(new Adam({ lr: 0.1 }).step(gru.stateDict(), pullback({ output: gradient }).parameters));
assert(mseLoss(gru.forward(input).output, tensor(new Float32Array(12), [3, 1, 4])).loss < loss);

const { format, layers } = await readModel(writeSafetensors(gru.stateDict()), { name: 'model.safetensors' });
assert.equal(format, 'safetensors');
const read = await GRU.create(layers[0].options);
read.loadStateDict(layers[0].parameters);
assert.deepEqual(read.forward(input).output.data, gru.forward(input).output.data);
console.log(`fine: ${gru.backend}`);
