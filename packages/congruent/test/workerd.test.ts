import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { enginesInstalled } from '../../../tools/engines/engines.mjs';
import { bundledWorker, serveWorker } from '../../../tools/testing/workerd.ts';
import { GRU, tensor } from '../src/index.ts';

const root = new URL('..', import.meta.url).pathname;
const FILES = ['gru.float32.inference.wasm', 'gru.float32.training.wasm'] as const;
const options = { inputSize: 2, hiddenSize: 5, seed: 3 };

const WORKER = `
  import { GRU, tensor } from 'congruent';
  import inference from '${FILES[0]}';
  import training from '${FILES[1]}';

  async function answer(more) {
    const gru = await GRU.create({ ...${JSON.stringify(options)}, ...more });
    return { backend: gru.backend, output: [...gru.forward(tensor([0.1, 0.2], [1, 1, 2])).output.data] };
  }

  export default {
    fetch: async () => Response.json([await answer({}), await answer({ modules: { inference, training } })]),
  };
`;

test.skipIf(!enginesInstalled())('in workerd wasm runs where it is given compiled modules, else scalar', async () => {
  const published = (name: string) => readFileSync(new URL(`../../wasm/dist/modules/${name}`, import.meta.url));
  const modules = Object.fromEntries(FILES.map((name) => [name, published(name)]));
  const url = await serveWorker({ 'worker.js': await bundledWorker(root, WORKER), ...modules });
  const output = [...(await GRU.create(options)).forward(tensor([0.1, 0.2], [1, 1, 2])).output.data];
  expect(await (await fetch(url)).json()).toEqual([
    { backend: 'scalar', output },
    { backend: 'wasm', output },
  ]);
});
