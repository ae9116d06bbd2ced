import { readFile } from 'node:fs/promises';
import { noiseFrames } from './noise.ts';
import { FRAME } from './sound/spectrum.ts';

/** Bytes of the header of data/speech.wav, after which 16-bit samples at 16 kHz stand. */
const HEADER = 44;

/** How many samples at 48 kHz there are for each. */
const RATIO = 3;

/** Frames of the word in data/speech.wav, said again and again, at 48 kHz, samples up to ±32768. */
async function speechFrames(count: number): Promise<readonly Float32Array[]> {
  const bytes = await readFile(new URL('../data/speech.wav', import.meta.url));
  const length = (bytes.length - HEADER) / 2;
  const at = (i: number): number => bytes.readInt16LE(HEADER + 2 * (i % length));
  const sample = (n: number): number => {
    const [i, between] = [Math.floor(n / RATIO), (n % RATIO) / RATIO];
    return (1 - between) * at(i) + between * at(i + 1);
  };
  return Array.from({ length: count }, (_, frame) =>
    Float32Array.from({ length: FRAME }, (_, i) => sample(frame * FRAME + i)),
  );
}

/** Frames of sound, the first of which have no speech. */
export interface NoisySpeech {
  readonly sound: readonly Float32Array[];
  readonly pause: number;
}

/** Four seconds of the word in white noise, which begins alone. */
export async function noisySpeech(): Promise<NoisySpeech> {
  const [frames, pause, amplitude] = [400, 20, 500];
  const speech = await speechFrames(frames - pause);
  const sound = noiseFrames(frames, amplitude).map((noise, at) =>
    at < pause ? noise : noise.map((sample, i) => sample + speech[at - pause]![i]!),
  );
  return { sound, pause };
}
