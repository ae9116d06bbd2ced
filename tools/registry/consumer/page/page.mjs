// What an application does in a page; its title says how that went.

import * as gpujs from '@congruent/gpujs';
import { readModel } from '@congruent/models';
import * as scalar from '@congruent/scalar';
import { Adam, mseLoss } from '@congruent/train';
import { GRU, LSTM, RNN, tensor, writeSafetensors } from 'congruent';

const sizes = { inputSize: 2, hiddenSize: 4, seed: 1 };
const input = tensor(new Float32Array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), [3, 1, 2]);
const assert = (holds, what) => {
  if (!holds) throw new Error(what);
};

async function use() {
  for (const Class of [GRU, LSTM, RNN]) {
    const { output, pullback } = (await Class.create(sizes)).vjp(input);
    assert(pullback({ output }).input.data.length === 6, `${Class.name}: gradients`);
  }
  const gru = await GRU.create(sizes);
  const { data } = gru.forward(input).output;
  const exact = await scalar.GRU.create(sizes);
  exact.loadStateDict(gru.stateDict());
  assert(exact.forward(input).output.data.join() === data.join(), 'scalar has other bits');

  const onDevice = await gpujs.GRU.create({ inputSize: 2, hiddenSize: 4, device: 'webasm' });
  onDevice.loadStateDict(gru.stateDict());
  const near = (await onDevice.forward(input)).output.data;
  assert(
    data.every((value, i) => Math.abs(value - near[i]) < 1e-5),
    'gpujs has other results',
  );

  const { output, pullback } = gru.vjp(input);
  const { gradient } = mseLoss(output, tensor(new Float32Array(12), [3, 1, 4]));
  gru.loadStateDict(new Adam({ lr: 0.1 }).step(gru.stateDict(), pullback({ output: gradient }).parameters));

  const { layers } = await readModel(writeSafetensors(gru.stateDict()));
  const read = await GRU.create(layers[0].options);
  read.loadStateDict(layers[0].parameters);
  assert(read.forward(input).output.data.join() === gru.forward(input).output.data.join(), 'a model file');
  return gru.backend;
}

use().then(
  (backend) => (document.title = `fine: ${backend}`),
  (error) => (document.title = `failed: ${error.code ?? ''} ${error.stack ?? error}`),
);
