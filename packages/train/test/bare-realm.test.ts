import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';
import * as here from '../src/index.ts';

/** Trains a layer for three steps, in whatever realm it is called. */
function trained({ Adam, clipGradNorm, crossEntropy, Linear, shuffledBatches }: typeof here): string {
  const layer = new Linear({ inFeatures: 2, outFeatures: 2 });
  const optimizer = new Adam({ lr: 0.1 });
  const losses = [0, 1, 2].map((epoch) => {
    const { output, pullback } = layer.vjp({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
    const { loss, gradient } = crossEntropy(output, shuffledBatches(2, { batchSize: 2, epoch }).flat());
    const { gradients } = clipGradNorm(pullback(gradient).parameters, { maxNorm: 1 });
    layer.loadStateDict(optimizer.step(layer.stateDict(), gradients));
    return loss;
  });
  return JSON.stringify([losses, Object.values(layer.stateDict()).map(({ data }) => Array.from(data))]);
}

/** Leaves of Math what gives the same bits in every engine. */
function keepExactMath(): void {
  const exact = ['LOG2E', 'SQRT2', 'abs', 'ceil', 'floor', 'fround', 'imul', 'max', 'min', 'sqrt'];
  for (const name of Object.getOwnPropertyNames(Math)) {
    if (!exact.includes(name)) delete (Math as unknown as Record<string, unknown>)[name];
  }
}

test('runs where there is the language alone: no API of Node or of browsers, no eval, no WebAssembly, no Math.exp', async () => {
  const conditions = ['@congruent/source'];
  const bundles = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions },
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL('../src/index.ts', import.meta.url)), formats: ['iife'], name: 'train' },
    },
  })) as Rolldown.RolldownOutput[];
  const realm = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  runInContext(`delete globalThis.WebAssembly;\n(${keepExactMath})();\n${bundles[0]!.output[0].code}`, realm);
  expect(runInContext(`(${trained})(train)`, realm)).toBe(trained(here));
});
