import { type Agreement, agreementOf } from './agreement.ts';
import type { Original } from './original.ts';
import { Denoiser, type Network } from './sound/denoiser.ts';

/** Noise removed here and by RNNoise itself, side by side. */
export interface Beside {
  /** Of the probabilities of a voice. */
  readonly agreement: Agreement;
  /** How far the sound that RNNoise gives is above the difference of the two, in dB. */
  readonly aboveDifference: number;
  /** How far the sound that comes out is below what goes in, in dB, while nobody speaks. */
  readonly quieter: number;
}

/**
 * @param sound    frames of speech with noise; the first ones without speech
 * @param pause    how many these are
 */
export async function besideOriginal(
  original: Original,
  network: Network,
  sound: readonly Float32Array[],
  pause: number,
): Promise<Beside> {
  const [running, denoiser] = [await original.open(), new Denoiser(network)];
  const [theirs, ours]: [number[], number[]] = [[], []];
  const energies = { original: 0, difference: 0, pauseIn: 0, pauseOut: 0 };
  const result = new Float32Array(sound[0]!.length);
  sound.forEach((frame, at) => {
    const expected = frame.slice();
    theirs.push(running.processFrame(expected));
    ours.push(denoiser.process(frame, result));
    energies.original += energyOf(expected);
    energies.difference += energyOf(expected.map((sample, i) => sample - result[i]!));
    if (at >= pause) return;
    energies.pauseIn += energyOf(frame);
    energies.pauseOut += energyOf(result);
  });
  running.destroy();
  return {
    agreement: agreementOf(ours, theirs),
    aboveDifference: decibels(energies.original / energies.difference),
    quieter: decibels(energies.pauseIn / energies.pauseOut),
  };
}

const energyOf = (samples: Float32Array): number => samples.reduce((sum, sample) => sum + sample * sample, 0);

const decibels = (ratio: number): number => 10 * Math.log10(ratio);
