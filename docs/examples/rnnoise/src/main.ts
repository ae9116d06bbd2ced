// `npm run example:rnnoise`: the network on recorded features, beside RNNoise itself; with `-- --page`, a page that removes
// noise.
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Tensor } from '@congruent/runtime';
import { type Agreement, agreementOf } from './agreement.ts';
import { type BackendName, bestBackend, classOf } from './backends.ts';
import { besideOriginal } from './beside.ts';
import { type Exported, exportNetwork } from './exported.ts';
import { rnnoise } from './network.ts';
import { FAINT, LOUD, noiseFrames } from './noise.ts';
import { installOriginals, moduleIn, type Original, original, smallOriginal } from './original.ts';
import { pageFiles } from './page-files.ts';
import { featuresOf, readRecording } from './recording.ts';
import { serve } from './serve.ts';
import { Denoiser } from './sound/denoiser.ts';
import { networkOf } from './sound/exported-network.ts';
import { FRAME } from './sound/spectrum.ts';
import { noisySpeech } from './speech.ts';
import { streamedNetwork } from './stream-network.ts';
import { medianTimes } from './times.ts';
import { readWeights } from './weights.ts';

/** A frame in microseconds. */
const DEADLINE = 10_000;

/** Where the exported network is put. */
const OUT = new URL('../out/', import.meta.url);

async function main(): Promise<void> {
  const { values: given } = parseArgs({ options: { page: { type: 'boolean' } } });
  installOriginals();
  const javascript = await original.read();
  const weights = readWeights(moduleIn(javascript));
  if (given.page) await showPage(weights);
  else await compare(weights, javascript);
}

/** Until it is stopped. */
async function showPage(weights: Readonly<Record<string, Tensor>>): Promise<void> {
  await exportNetwork(weights, OUT);
  const { address } = await serve(await pageFiles(OUT));
  console.log(`A page that removes noise: ${address}\nCtrl+C ends it.`);
}

async function compare(weights: Readonly<Record<string, Tensor>>, javascript: string): Promise<void> {
  const recording = await readRecording();
  const backend = await bestBackend();

  console.log(`\nThe specification:\n\n${rnnoise.source.replaceAll(/^(?=.)/gm, '  ')}\n`);
  const count = Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);
  console.log(`${count.toLocaleString('en')} weights of ${original.title}; the network runs on ${backend}.\n`);

  const vad = await probabilities(backend, weights, featuresOf(recording));
  console.log('Probability of a voice, frame by frame:\n');
  console.log(table(vad, recording.vadPackage));
  console.log(`\n${agreementText(agreementOf(vad, recording.vadPackage))}\n`);
  const exported = await exportNetwork(weights, OUT);
  console.log(`${await soundText(backend, weights)}\n`);
  console.log(`${await timesText(backend, exported, weights, featuresOf(recording))}\n`);
  console.log(sizesText(javascript, exported));
}

async function probabilities(
  backend: BackendName,
  weights: Readonly<Record<string, Tensor>>,
  features: Tensor,
): Promise<Float32Array> {
  const network = await (await classOf(backend)).create();
  network.loadStateDict(weights);
  const { outputs } = network.forward(features);
  network.dispose();
  return outputs.vad.data as Float32Array;
}

const WIDTH = 40;

function table(here: ArrayLike<number>, original: readonly number[]): string {
  const lines = original.map((theirs, frame) => {
    const ours = here[frame]!;
    const numbers = [String(frame).padStart(5), ours.toFixed(4), theirs.toFixed(4).padStart(8)].join('  ');
    return `${numbers}  ${'█'.repeat(Math.round(ours * WIDTH))}`.trimEnd();
  });
  return ['frame    here  original', ...lines].join('\n');
}

const agreementText = ({ correlation, equalDecisions, largestDifference }: Agreement): string =>
  [
    `correlation with the original's  ${correlation.toFixed(7)}`,
    `the same decision at 0.5         ${(100 * equalDecisions).toFixed(1)} % of the frames`,
    `largest difference               ${largestDifference.toFixed(4)}, as the original rounds activations to integers`,
  ].join('\n');

/** Noise removed from speech, with the features and the synthesis that are here and the network of either package. */
async function soundText(backend: BackendName, weights: Readonly<Record<string, Tensor>>): Promise<string> {
  const { sound, pause } = await noisySpeech();
  const textOf = async (of: Original, its: Readonly<Record<string, Tensor>>): Promise<string> => {
    const beside = await besideOriginal(of, await streamedNetwork(backend, its), sound, pause);
    const { correlation, equalDecisions } = beside.agreement;
    return [
      `${of.title}`,
      `  correlation with the original's  ${correlation.toFixed(5)}`,
      `  the same decision at 0.5         ${(100 * equalDecisions).toFixed(2)} % of the frames`,
      `  the original's sound             ${beside.aboveDifference.toFixed(0)} dB above the difference`,
      `  noise alone                      ${beside.quieter.toFixed(0)} dB quieter`,
    ].join('\n');
  };
  return [
    `A word in white noise, again and again, ${sound.length / 100} s, with the features extracted and the sound made here:\n`,
    await textOf(original, weights),
    await textOf(smallOriginal, readWeights(moduleIn(await smallOriginal.read()))),
  ].join('\n');
}

/** Each frame alone, as they come in: the network's step here, and all that RNNoise itself does. */
async function timesText(
  backend: BackendName,
  exported: Exported,
  weights: Readonly<Record<string, Tensor>>,
  { data, shape }: Tensor,
): Promise<string> {
  const [frames, width] = shape as readonly [number, number];
  const rows = Array.from({ length: frames }, (_, frame) => data.slice(frame * width, (frame + 1) * width));
  const network = await (await classOf(backend)).create();
  network.loadStateDict(weights);
  const stream = network.stream();
  const model = exported.create();
  const [loud, faint] = [noiseFrames(frames, LOUD), noiseFrames(frames, FAINT)];
  const times = medianTimes({
    [`the network, on ${backend}`]: (frame) => stream.step(rows[frame % frames]!),
    'the network, exported as WebAssembly': (frame) => model.step(rows[frame % frames] as Float32Array),
    'all of it here, in white noise': denoiserIn(exported, loud),
    'RNNoise itself, in white noise': await originalIn(original, loud),
    'RNNoise itself, in what it calls silence': await originalIn(original, faint),
    'its smaller network, in white noise': await originalIn(smallOriginal, loud),
  });
  const lines = Object.entries(times).map(
    ([what, time]) => `${what.padEnd(42)}${time.toFixed(0).padStart(5)}  ${((100 * time) / DEADLINE).toFixed(1)} %`,
  );
  return [
    'Microseconds for a frame of 10 ms, medians, and their share of it:\n',
    ...lines,
    '',
    'All of it is the exported network with the extraction of features and the synthesis, which are JavaScript. RNNoise itself',
    'was compiled without vector instructions; it leaves the network out of what it calls silence, here noise of less than a',
    `sample. Its smaller network is that of ${smallOriginal.title}, with a third of the weights.`,
  ].join('\n');
}

/** RNNoise itself on frames of sound, again and again. */
async function originalIn(of: Original, sound: readonly Float32Array[]): Promise<(frame: number) => number> {
  const running = await of.open();
  const samples = new Float32Array(FRAME);
  return (frame) => {
    samples.set(sound[frame % sound.length]!);
    return running.processFrame(samples);
  };
}

/** All of it here, likewise. */
function denoiserIn(exported: Exported, sound: readonly Float32Array[]): (frame: number) => number {
  const denoiser = new Denoiser(networkOf(exported.create()));
  const result = new Float32Array(FRAME);
  return (frame) => denoiser.process(sound[frame % sound.length]!, result);
}

function sizesText(javascript: string, { code, weights }: Exported): string {
  const kilobytes = (bytes: number): string =>
    `${Math.round(bytes / 1000)
      .toLocaleString('en')
      .padStart(6)} KB`;
  return [
    'Sizes:\n',
    `${kilobytes(javascript.length)}  what a page loads of the package, with all of RNNoise (${kilobytes(gzipSync(javascript).length).trim()} after gzip)`,
    `${kilobytes(moduleIn(javascript).length)}  the WebAssembly in it, with weights of 8 bits`,
    `${kilobytes(code)}  code of the network, exported as WebAssembly, and its JavaScript`,
    `${kilobytes(weights)}  weights in it, as float32`,
  ].join('\n');
}

await main();
