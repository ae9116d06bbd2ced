import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { exportNetwork, type ModelName, openExported, readParameters } from '../src/model.ts';
import { openNetwork } from '../src/network.ts';
import { openOnnxruntime } from '../src/onnxruntime.ts';
import { farthest } from '../src/report.ts';
import { withoutContext } from '../src/state-dict.ts';
import { chunks, recorded, withModel } from './silero.ts';

/** How far probabilities may be from those of onnxruntime. */
const NEAR = 1e-5;

withModel('over 20 chunks the probabilities and states are those that onnxruntime-node gave', async () => {
  const { detect, states } = await openNetwork('silero_vad', await readParameters());
  const { prob, state } = recorded.withContext;
  const steps = chunks.map((chunk) => ({ probability: detect(chunk), states: states().slice(-2).flatMap(valuesOf) }));
  expect(
    farthest(
      steps.map(({ probability }) => probability),
      prob,
    ),
  ).toBeLessThan(NEAR);
  expect(
    farthest(
      steps.flatMap((step) => step.states),
      state.data,
    ),
  ).toBeLessThan(NEAR);
});

withModel('without context they are those that it gave without context', async () => {
  const { detect, states } = await openNetwork('silero_vad_plain', withoutContext(await readParameters()));
  expect(farthest(chunks.map(detect), recorded.plain.prob)).toBeLessThan(NEAR);
  expect(farthest(states().flatMap(valuesOf), recorded.plain.lastState.data)).toBeLessThan(NEAR);
});

const valuesOf = ({ data }: { readonly data: ArrayLike<number> }): number[] => Array.from(data);

withModel('onnxruntime-web gives what was recorded', async () => {
  expect(farthest(await inOnnxruntime('silero_vad_v5.onnx'), recorded.withContext.prob)).toBeLessThan(NEAR);
});

withModel('with the weights of v6 the probabilities are those of onnxruntime-web, too', async () => {
  const { detect } = await openNetwork('silero_vad', await readParameters('silero_vad_v6.onnx'));
  const expected = await inOnnxruntime('silero_vad_v6.onnx');
  expect(farthest(chunks.map(detect), expected)).toBeLessThan(NEAR);
  expect(farthest(expected, recorded.withContext.prob)).toBeGreaterThan(0.01);
});

async function inOnnxruntime(name: ModelName): Promise<readonly number[]> {
  const onnxruntime = await openOnnxruntime(name);
  const probabilities: number[] = [];
  for (const chunk of chunks) probabilities.push(await onnxruntime(chunk));
  return probabilities;
}

withModel('the exported network has the bits of the class', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'congruent-vad-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const parameters = await readParameters();
  await exportNetwork(parameters, folder);
  const [exported, { detect }] = [await openExported(folder), await openNetwork('silero_vad', parameters)];
  for (const chunk of chunks) expect(exported(chunk)).toBe(detect(chunk));
});
