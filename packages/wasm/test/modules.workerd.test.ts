import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { enginesInstalled } from '../../../tools/engines/engines.mjs';
import { bundledWorker, serveWorker } from '../../../tools/testing/workerd.ts';
import { GRU, tensor } from '../src/index.ts';

const root = new URL('..', import.meta.url).pathname;
const FILES = ['gru.float32.inference.wasm', 'gru.float32.training.wasm'] as const;
const options = { inputSize: 2, hiddenSize: 5, seed: 3 };
const input = { data: [0.1, 0.2, 0.3, 0.4], shape: [2, 1, 2] };

const WORKER = `
  import { GRU, tensor } from '@congruent/wasm';
  import inference from '${FILES[0]}';
  import training from '${FILES[1]}';

  const options = ${JSON.stringify(options)};
  const modules = { inference, training };
  const input = tensor(${JSON.stringify(input.data)}, ${JSON.stringify(input.shape)});

  function gradientsOf(gru) {
    const { output, pullback } = gru.vjp(input);
    return [...output.data, ...pullback({ output }).input.data];
  }

  async function answer() {
    const { code, message } = await GRU.create(options).catch((error) => error);
    const made = [await GRU.create({ ...options, modules }), GRU.createSync({ ...options, modules })];
    return { code, message, gradients: made.map(gradientsOf) };
  }

  export default { fetch: async () => Response.json(await answer()) };
`;

interface Answer {
  readonly code: string;
  readonly message: string;
  readonly gradients: readonly (readonly number[])[];
}

test.skipIf(!enginesInstalled())(
  'in workerd the compiled modules run, with the bits of bytes; without them it is said that they are the remedy',
  async () => {
    const modules = FILES.map((name) => [name, readFileSync(`${root}/dist/modules/${name}`)] as const);
    const url = await serveWorker({ 'worker.js': await bundledWorker(root, WORKER), ...Object.fromEntries(modules) });
    const { code, message, gradients } = (await (await fetch(url)).json()) as Answer;
    expect(code).toBe('WASM_UNAVAILABLE');
    expect(message).toContain('this engine compiles no bytes');
    expect(message).toContain('Give the option modules');
    expect(message).not.toContain('unsafe-eval');
    const gru = await GRU.create(options);
    const { output, pullback } = gru.vjp(tensor(input.data, input.shape));
    const wanted = [...output.data, ...pullback({ output }).input.data];
    expect(gradients).toEqual([wanted, wanted]);
  },
);
