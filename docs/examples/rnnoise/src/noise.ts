import { FRAME } from './sound/spectrum.ts';

/** The amplitude of noise, where RNNoise's samples are up to ±32768. */
export const LOUD = 4000;

/** That of noise which RNNoise calls silence. */
export const FAINT = 0.1;

/** Frames of white noise, the same ones each time. */
export function noiseFrames(count: number, amplitude: number): readonly Float32Array[] {
  let state = 1;
  // xorshift32, by G. Marsaglia.
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (amplitude * state) / 2 ** 31;
  };
  return Array.from({ length: count }, () => Float32Array.from({ length: FRAME }, next));
}
