import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { referenceBackend } from '@congruent/conformance';
import { defineLayer } from '@congruent/runtime';
import { cell } from '@congruent/spec';
import { expect } from 'vitest';
import { agreementOf } from '../src/agreement.ts';
import { type BackendName, type ConvolutionStates, classOf, unavailable } from '../src/backends.ts';
import { exportNetwork } from '../src/exported.ts';
import { conv } from '../src/network.ts';
import { moduleIn, original, originalsInstalled } from '../src/original.ts';
import { featuresOf, readRecording } from '../src/recording.ts';
import { readWeights } from '../src/weights.ts';
import { testWithOriginal } from './present.ts';

const test = testWithOriginal();
const weights = originalsInstalled() ? readWeights(moduleIn(await original.read())) : {};
const recording = await readRecording();
const features = featuresOf(recording);
const [FEATURES, BANDS, UNITS] = [65, 32, 384];

/** Half a unit of the last digit that the recorded numbers have. */
const RECORDED = 5.1e-9;

/**
 * What is allowed in float32: 1e-6, or twice the largest error of the same network in float32 by NumPy 2.4 (with OpenBLAS)
 * in the same frames, which is 9.6e-7, 1.2e-6 and 2.0e-6 in the states, 1.8e-7 in the probabilities and 3.2e-7 in the gains.
 */
const FLOAT32 = { vad: 1e-6, gains: 1e-6, gru1: 1.9e-6, gru2: 2.4e-6, gru3: 4e-6 } as const;

type Part = keyof typeof FLOAT32;

interface Frames {
  readonly vad: ArrayLike<number>;
  readonly gains: ArrayLike<number>;
  /** The states of the GRUs after the last frame. */
  readonly states: Readonly<Record<'gru1' | 'gru2' | 'gru3', ArrayLike<number>>>;
}

async function forward(backend: BackendName, dtype: 'float32' | 'float64', frames = recording.frames): Promise<Frames> {
  const network = await (await classOf(backend)).create({ dtype });
  network.loadStateDict(weights);
  const data = features.data.slice(0, frames * FEATURES);
  const result = network.forward({
    data: dtype === 'float64' ? Float64Array.from(data) : data,
    shape: [frames, FEATURES],
  });
  network.dispose();
  const { gains, vad } = result.outputs;
  const states = { gru1: result['gru1.hn'].data, gru2: result['gru2.hn'].data, gru3: result['gru3.hn'].data };
  return { vad: vad.data, gains: gains.data, states };
}

function expectNear(got: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void {
  expect(got.length).toBe(expected.length);
  const farthest = Array.from(got, (value, at) => Math.abs(value - expected[at]!)).reduce((a, b) => Math.max(a, b), 0);
  expect(farthest).toBeLessThanOrEqual(bound);
}

const boundOf = (part: Part, dtype: 'float32' | 'float64'): number => (dtype === 'float64' ? RECORDED : FLOAT32[part]);

for (const dtype of ['float64', 'float32'] as const) {
  for (const backend of ['wasm', 'scalar'] as const) {
    test(`${backend}: probabilities, gains and states in ${dtype} are those of an independent network in float64`, async () => {
      const { vad, gains } = await forward(backend, dtype);
      expectNear(vad, recording.vad64, boundOf('vad', dtype));
      recording.gains64.frames.forEach((frame, row) => {
        const expected = recording.gains64.data.slice(row * BANDS, (row + 1) * BANDS);
        const got = Array.from(gains).slice(frame * BANDS, (frame + 1) * BANDS);
        expectNear(got, expected, boundOf('gains', dtype));
      });
      for (const { afterFrame, ...expected } of recording.gruStates64) {
        const { states } = await forward(backend, dtype, afterFrame + 1);
        for (const part of ['gru1', 'gru2', 'gru3'] as const) {
          expectNear(states[part], expected[part], boundOf(part, dtype));
        }
      }
    });
  }
}

test('the convolutions give the first GRU what they gave in float64', () => {
  const convolutions = cell`
    convolutions(x[65]) -> c2

    conv1[128] = ${conv}(x)
    c1         = tanh(conv1)
    conv2[384] = ${conv}(c1)
    c2         = tanh(conv2)
  `;
  type Names = { inputs: ['x']; states: ConvolutionStates; outputs: ['c2']; sizes: never };
  const Convolutions = defineLayer<Names, 'sync'>(referenceBackend({ cell: convolutions }), 'Convolutions');
  const layer = Convolutions.createSync({ dtype: 'float64' });
  layer.loadStateDict(Object.fromEntries(Object.entries(weights).filter(([name]) => name.startsWith('conv'))));
  const [frames] = recording.gru1Input64.shape as [number, number];
  const input = { data: Float64Array.from(features.data.slice(0, frames * FEATURES)), shape: [frames, FEATURES] };
  const { output } = layer.forward(input);
  expect(output.shape).toEqual([frames, UNITS]);
  expectNear(output.data, recording.gru1Input64.data, RECORDED);
});

test("probabilities follow RNNoise's own: correlation above 0.9999, the same decision in 99.5 % of the frames", async () => {
  const { correlation, equalDecisions, largestDifference } = agreementOf(
    (await forward('wasm', 'float32')).vad,
    recording.vadPackage,
  );
  expect(correlation).toBeGreaterThan(0.9999);
  expect(equalDecisions).toBeGreaterThanOrEqual(0.995);
  expect(largestDifference).toBeLessThan(0.009);
});

test('wasm, scalar and, where it runs, native have the same bits', async () => {
  const scalar = await forward('scalar', 'float32');
  expect(await forward('wasm', 'float32')).toEqual(scalar);
  if ((await unavailable('native')) === undefined) expect(await forward('native', 'float32')).toEqual(scalar);
});

/** The features of a frame. */
const frameAt = (frame: number): Float32Array =>
  features.data.slice(frame * FEATURES, (frame + 1) * FEATURES) as Float32Array;

test.each(['wasm', 'scalar'] as const)(
  '%s: frame by frame, a stream has the bits of all frames at once',
  async (backend) => {
    const all = await forward(backend, 'float32');
    const network = await (await classOf(backend)).create();
    network.loadStateDict(weights);
    const stream = network.stream();
    for (let frame = 0; frame < recording.frames; frame++) {
      const { gains, vad } = stream.step(frameAt(frame));
      expect(gains).toEqual(Float32Array.from(all.gains).slice(frame * BANDS, (frame + 1) * BANDS));
      expect(vad[0]).toBe(all.vad[frame]);
    }
  },
);

test('exported as WebAssembly it has the bits of a stream', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rnnoise-'));
  try {
    const model = (await exportNetwork(weights, pathToFileURL(`${folder}/`))).create();
    const { gains, vad } = await forward('scalar', 'float32');
    for (let frame = 0; frame < recording.frames; frame++) {
      const expected = [...Array.from(gains).slice(frame * BANDS, (frame + 1) * BANDS), vad[frame]];
      expect(Array.from(model.step(frameAt(frame)))).toEqual(expected);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
