import { expect, test } from 'vitest';
import { besideOriginal } from '../src/beside.ts';
import { noiseFrames } from '../src/noise.ts';
import { moduleIn, original, smallOriginal } from '../src/original.ts';
import { Analyser } from '../src/sound/analysis.ts';
import { atFrequencies, BANDS, bandSums, cosineTransform } from '../src/sound/bands.ts';
import { Denoiser } from '../src/sound/denoiser.ts';
import { complex, Fourier } from '../src/sound/fourier.ts';
import { HighPass } from '../src/sound/high-pass.ts';
import { periodOf, REMEMBERED } from '../src/sound/period.ts';
import { FRAME, Spectra, WINDOW } from '../src/sound/spectrum.ts';
import { noisySpeech } from '../src/speech.ts';
import { streamedNetwork } from '../src/stream-network.ts';
import { readWeights } from '../src/weights.ts';
import { testWithOriginal } from './present.ts';

test.each([1, 2, 7, 12, 60, 960])('a Fourier transform of %i is what it is defined as', (length) => {
  const [x, y] = [complex(length), complex(length)];
  for (let n = 0; n < length; n++) [x.re[n], x.im[n]] = [Math.sin(n * n), Math.cos(3 * n * n)];
  new Fourier(length).transform(x, y);
  for (let k = 0; k < length; k++) {
    let [re, im] = [0, 0];
    for (let n = 0; n < length; n++) {
      const angle = (-2 * Math.PI * ((k * n) % length)) / length;
      re += x.re[n]! * Math.cos(angle) - x.im[n]! * Math.sin(angle);
      im += x.re[n]! * Math.sin(angle) + x.im[n]! * Math.cos(angle);
    }
    expect(y.re[k]).toBeCloseTo(re, 9);
    expect(y.im[k]).toBeCloseTo(im, 9);
  }
});

test('overlapping windows give back the sound', () => {
  const spectra = new Spectra();
  const sound = Float64Array.from({ length: 3 * FRAME }, (_, i) => 1000 * Math.sin(0.01 * i * i));
  const both = spectra.spectraOf(sound.subarray(0, WINDOW), sound.subarray(FRAME));
  const [first, second] = both.map((spectrum) => spectra.samplesOf(spectrum).slice());
  for (let i = 0; i < FRAME; i++) expect(first![FRAME + i]! + second![i]!).toBeCloseTo(sound[FRAME + i]!, 8);
});

test('a high pass takes away what does not change, and leaves a tone', () => {
  const filter = new HighPass();
  expect(Math.abs(filter.filter(new Float32Array(48_000).fill(1000)).at(-1)!)).toBeLessThan(1e-3);
  const tone = Float32Array.from({ length: 48_000 }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / 48_000));
  const largest = Math.max(...new HighPass().filter(tone).slice(24_000));
  expect(largest).toBeGreaterThan(0.98);
  expect(largest).toBeLessThan(1.02);
});

test('the gains of bands are 1 at every frequency up to 20 kHz where all are 1, and go from band to band in a line', () => {
  expect([...atFrequencies(new Float64Array(BANDS).fill(1)).subarray(0, 400)].every((gain) => gain === 1)).toBe(true);
  const gains = atFrequencies(Float64Array.from({ length: BANDS }, (_, band) => band));
  expect([gains[0], gains[2], gains[3], gains[4], gains[356], gains[399], gains[400]]).toEqual([
    0, 0, 0.5, 1, 31, 31, 0,
  ]);
});

test('every frequency up to 20 kHz counts once in the energies of the bands, those at both ends for two thirds', () => {
  const sums = bandSums(() => 1);
  expect(sums.slice(1, -1).reduce((a, b) => a + b, 0) + 1.5 * (sums[0]! + sums[BANDS - 1]!)).toBeCloseTo(400, 9);
});

test('the cosine transform of equal bands is their mean alone', () => {
  const [mean, ...rest] = cosineTransform(new Float64Array(BANDS).fill(2));
  expect(mean).toBeCloseTo(2 * 32 * Math.sqrt(1 / 22), 9);
  for (const value of rest) expect(value).toBeCloseTo(0, 9);
});

test.each([192, 241, 301, 444, 445, 701])('the period of pulses %i samples apart is found, or a multiple', (period) => {
  const pulses = Float64Array.from(
    { length: REMEMBERED },
    (_, i) => 5000 * Math.exp(-(i % period) / 20) * Math.cos(i % period),
  );
  expect(periodOf(pulses) % period).toBe(0);
});

test('no sound has some period', () => {
  expect(periodOf(new Float64Array(REMEMBERED))).toBe(180);
});

test('the features of silence are those of the least levels', () => {
  const { features, isSilent } = new Analyser(new Spectra()).analyse(new Float64Array(FRAME));
  const [mean, slope, ...rest] = features;
  expect(isSilent).toBe(true);
  expect(mean).toBeCloseTo(-2 * 32 * Math.sqrt(1 / 22) - 12, 5);
  expect(slope).toBeCloseTo(-4, 5);
  expect(rest.pop()).toBeCloseTo(0.01 * (180 - 300), 5);
  for (const feature of rest) expect(feature).toBeCloseTo(0, 5);
});

/** A tone of 1 kHz, of which each frame is like the one before. */
const tone = Float32Array.from({ length: FRAME }, (_, i) => 3000 * Math.sin((2 * Math.PI * i) / 48));

test('gains fall to no less than 0.6 of the last ones', () => {
  let gain = 1;
  const denoiser = new Denoiser(() => ({ gains: new Float32Array(BANDS).fill(gain), vad: 0 }));
  const result = new Float32Array(FRAME);
  const energies = Array.from({ length: 16 }, (_, frame) => {
    if (frame === 10) gain = 0;
    denoiser.process(tone, result);
    return result.reduce((sum, sample) => sum + sample * sample, 0);
  });
  for (const frame of [12, 13, 14, 15]) expect(energies[frame]! / energies[frame - 1]!).toBeCloseTo(0.6 ** 2, 2);
});

test('where less than all is kept, the sound one period earlier makes a voice clearer', () => {
  // Pulses, which have all frequencies, as the noise has.
  const pulse = (n: number): number => (n % 300 === 0 ? 15_000 : 0);
  const voice = Array.from({ length: 60 }, (_, frame) =>
    Float32Array.from({ length: FRAME }, (_, i) => pulse(frame * FRAME + i)),
  );
  const noisy = noiseFrames(60, 1500).map((noise, frame) => noise.map((sample, i) => sample + voice[frame]![i]!));
  const denoised = (gain: number): readonly number[] => {
    const denoiser = new Denoiser(() => ({ gains: new Float32Array(BANDS).fill(gain), vad: 0 }));
    const result = new Float32Array(FRAME);
    return noisy.flatMap((frame) => {
      denoiser.process(frame, result);
      return [...result];
    });
  };
  const filter = new HighPass();
  const reference = voice.flatMap((frame) => [...filter.filter(frame)]);
  /** The correlation with the voice alone, which is two frames earlier. */
  const likeness = (sound: readonly number[]): number => {
    const [start, delay] = [10 * FRAME, 2 * FRAME];
    const [left, right] = [sound.slice(start + delay), reference.slice(start, -delay)];
    const product = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    return product(left, right) / Math.sqrt(product(left, left) * product(right, right));
  };
  expect(likeness(denoised(0.3))).toBeGreaterThan(likeness(denoised(1)) + 0.08);
});

test('a network that keeps everything gives back the sound two frames later, one that keeps nothing gives silence', () => {
  const sound = noiseFrames(12, 1000);
  const kept = new Denoiser(() => ({ gains: new Float32Array(BANDS).fill(1), vad: 1 }));
  const dropped = new Denoiser(() => ({ gains: new Float32Array(BANDS), vad: 0.25 }));
  const result = new Float32Array(FRAME);
  const loud = sound.map((frame) => {
    expect(kept.process(frame, result)).toBe(1);
    return result.reduce((sum, sample) => sum + sample * sample, 0);
  });
  const energy = sound[0]!.reduce((sum, sample) => sum + sample * sample, 0);
  // What is above 20 kHz, a sixth of white noise, is in no band.
  expect(loud.at(-1)! / energy).toBeGreaterThan(0.7);
  expect(loud.at(-1)! / energy).toBeLessThan(1);
  for (const frame of sound) expect(dropped.process(frame, result)).toBe(0.25);
  expect(Math.max(...result)).toBeLessThan(1e-6);
});

testWithOriginal().each([
  // 0.9987, 0.995, 30.2 dB, 19.6 dB
  { what: original, correlated: 0.9985, decided: 0.99, above: 30, quiet: 19 },
  // 0.9997, 1, 30.9 dB, 16.6 dB
  { what: smallOriginal, correlated: 0.9995, decided: 0.995, above: 30.5, quiet: 16 },
])('noise is removed from speech as by $what.title', async ({ what, correlated, decided, above, quiet }) => {
  const network = await streamedNetwork('wasm', readWeights(moduleIn(await what.read())));
  const { sound, pause } = await noisySpeech();
  const { agreement, aboveDifference, quieter } = await besideOriginal(what, network, sound, pause);
  expect(agreement.correlation).toBeGreaterThan(correlated);
  expect(agreement.equalDecisions).toBeGreaterThanOrEqual(decided);
  expect(aboveDifference).toBeGreaterThan(above);
  expect(quieter).toBeGreaterThan(quiet);
});
