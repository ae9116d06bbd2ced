// What an application does where WebAssembly may be forbidden; its title says how that went.
import { GRU, tensor } from 'congruent';

async function use() {
  const gru = await GRU.create({ inputSize: 2, hiddenSize: 4 });
  gru.forward(tensor(new Float32Array(6), [3, 1, 2]));
  return gru.backend;
}

use().then(
  (backend) => (document.title = `fine: ${backend}`),
  (error) => (document.title = `failed: ${error.stack ?? error}`),
);
