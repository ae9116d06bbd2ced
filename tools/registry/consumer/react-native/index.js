// What an application on React Native does; run here as Metro builds it, without a device.

import { readModel } from '@congruent/models';
import { Adam, mseLoss } from '@congruent/train';
import { GRU, LSTM, RNN, tensor, writeSafetensors } from 'congruent';

async function use() {
  const input = tensor(new Float32Array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), [3, 1, 2]);
  for (const Class of [GRU, LSTM, RNN]) {
    const layer = await Class.create({ inputSize: 2, hiddenSize: 4, seed: 1 });
    const { output, pullback } = layer.vjp(input);
    const { gradient } = mseLoss(output, tensor(new Float32Array(12), [3, 1, 4]));
    const { parameters } = pullback({ output: gradient });
    layer.loadStateDict(new Adam({ lr: 0.1 }).step(layer.stateDict(), parameters));
    const { layers } = await readModel(writeSafetensors(layer.stateDict()));
    if (layers.length !== 1) throw new Error(`readModel gives ${layers.length} layers`);
  }
  return (await GRU.create({ inputSize: 2, hiddenSize: 4 })).backend;
}

use().then(
  (backend) => console.log(`fine: ${backend}`),
  (error) => console.log(`failed: ${error.stack ?? error}`),
);
