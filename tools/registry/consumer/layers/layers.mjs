// What an application does in a page that only runs layers; its title says how that went.
import '@congruent/wasm/sync/gru.float64';
import * as gpujs from '@congruent/gpujs';
import { GRU, tensor } from 'congruent';

async function use() {
  const input = tensor(new Float32Array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), [3, 1, 2]);
  const gru = await GRU.create({ inputSize: 2, hiddenSize: 4, seed: 1 });
  const { data } = gru.forward(input).output;
  const onDevice = await gpujs.GRU.create({ inputSize: 2, hiddenSize: 4, device: 'webasm' });
  onDevice.loadStateDict(gru.stateDict());
  const near = (await onDevice.forward(input)).output.data;
  if (!data.every((value, i) => Math.abs(value - near[i]) < 1e-5)) throw new Error('gpujs has other results');
  GRU.createSync({ inputSize: 2, hiddenSize: 4, dtype: 'float64' });
  return gru.backend;
}

use().then(
  (backend) => (document.title = `fine: ${backend}`),
  (error) => (document.title = `failed: ${error.code ?? ''} ${error.stack ?? error}`),
);
