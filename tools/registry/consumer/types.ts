// What an application declares, of every package that it can import, with the types that it infers.

import * as gpujs from '@congruent/gpujs';
import * as models from '@congruent/models';
import * as native from '@congruent/native';
import * as scalar from '@congruent/scalar';
import { Adam, mseLoss } from '@congruent/train';
import * as wasm from '@congruent/wasm';
import * as inference from '@congruent/wasm/inference';
import { backend, GRU, LSTM, RNN, tensor, writeSafetensors } from 'congruent';

const options = { inputSize: 3, hiddenSize: 5 };
const input = tensor(new Float32Array(3), [1, 1, 3]);

export const layers = async () => [await GRU.create(options), await LSTM.create(options), await RNN.create(options)];
export const gru = scalar.GRU.createSync(options);
export const stream = wasm.LSTM.createSync(options).stream();
export const result = inference.GRU.createSync(options).forward(input);
export const differentiated = native.GRU.createSync(options).vjp(input);
export const onDevice = async () => (await gpujs.GRU.create({ ...options, device: 'auto' })).device;
export const optimizer = new Adam({ lr: 0.1 });
export const loss = mseLoss(input, input);
export const bytes = writeSafetensors(gru.stateDict());
export const about = backend;

export async function read(file: Uint8Array) {
  const { layers } = await models.readModel(file);
  return layers.map(({ options }) => options);
}

export class Model {
  layer: GRU | null = null;
  readonly head = gru;
  run = (): unknown => this.layer?.forward(input);
  last = () => this.head.forward(input).hn;
}
