import { expect, test } from 'vitest';
import { enginesInstalled } from '../../../tools/engines/engines.mjs';
import { serveWorker } from '../../../tools/testing/workerd.ts';
import { series, streamed } from './engine-model.ts';
import { engineFiles } from './exported.ts';

/** The `.wasm` import is a compiled module: the worker may not compile bytes. */
const WORKER = `
import { create, inputSize } from './model.js';
import module from './model.wasm';

function compiles() {
  try {
    return Boolean(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  } catch {
    return false;
  }
}

export default {
  async fetch(request) {
    const values = new Float32Array(await request.arrayBuffer());
    const model = create(module);
    const steps = values.length / inputSize;
    const rows = [];
    for (let t = 0; t < steps; t++) rows.push(...model.step(values.subarray(t * inputSize, (t + 1) * inputSize)));
    model.reset();
    return Response.json({ compiles: compiles(), stepped: rows, run: [...model.run(values, steps)] });
  },
};
`;

test.skipIf(!enginesInstalled())(
  'workerd, whose workers compile nothing, runs an exported model from a .wasm import, with the bits of a stream',
  async () => {
    const { bytes, source } = engineFiles();
    const url = await serveWorker({ 'worker.js': WORKER, 'model.js': source, 'model.wasm': bytes });
    const values = series(9);
    const response = await fetch(url, { method: 'POST', body: values.slice().buffer });
    const { compiles, stepped, run } = (await response.json()) as Record<'stepped' | 'run', number[]> & {
      compiles: boolean;
    };
    const wanted = Array.from(streamed(values));
    expect(compiles).toBe(false);
    expect(stepped).toEqual(wanted);
    expect(run).toEqual(wanted);
  },
);
