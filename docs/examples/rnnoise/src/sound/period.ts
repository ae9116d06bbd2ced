/** Periods that are looked for, in samples at 48 kHz: 62.5 to 267 Hz; and samples of the sound, so that two fit in. */
const LONGEST = 768;
const SHORTEST = 180;
const COMPARED = 960;

/** How much sound it takes, the newest last. */
export const REMEMBERED: number = LONGEST + COMPARED;

/** Of the linear prediction, and of its filter: each further coefficient is weakened by this. */
const [ORDER, WEAKENED, SMOOTHED] = [4, 0.9, 0.8];

/**
 * The period of a voice: after how many samples the sound of the last 20 ms is most like itself, by the correlation of the
 * two. RNNoise has Opus's search, which also looks at fractions of the period; this finds the same one in most frames, and
 * half or twice of it in others.
 *
 * @param sound  [1728] samples at 48 kHz
 * @returns samples, 180 to 769
 */
export function periodOf(sound: Float64Array): number {
  const flat = flattened(halved(sound));
  const [shortest, longest, compared] = [SHORTEST / 2, LONGEST / 2, COMPARED / 2];
  const start = flat.length - compared;
  const correlations = new Float64Array(longest + 1);
  let [best, highest] = [shortest, Number.NEGATIVE_INFINITY];
  let energy = product(flat.subarray(0, flat.length + 1 - shortest), start + 1 - shortest, 0);
  for (let period = shortest; period <= longest; period++) {
    // Of the sound one period earlier: a sample more at its front, a sample less at its end.
    energy += flat[start - period]! ** 2 - flat[flat.length - period]! ** 2;
    correlations[period] = product(flat, start, period);
    const likeness = correlations[period]! / Math.sqrt(1 + Math.max(0, energy));
    if (likeness > highest) [best, highest] = [period, likeness];
  }
  return 2 * best + Math.round(peak(correlations, best));
}

/** Between −1 and 1: where the parabola through a value and its neighbours is highest, in halves of their distance. */
function peak(values: Float64Array, at: number): number {
  const [left, middle, right] = [values[at - 1]!, values[at]!, values[at + 1] ?? 0];
  const curvature = 2 * middle - left - right;
  return at > SHORTEST / 2 && curvature > 0 ? Math.max(-1, Math.min(1, (right - left) / curvature)) : 0;
}

/** At half the rate, each sample smoothed with its neighbours. */
const halved = (sound: Float64Array): Float64Array =>
  Float64Array.from({ length: sound.length / 2 }, (_, i) =>
    i === 0 ? sound[0]! : 0.25 * sound[2 * i - 1]! + 0.5 * sound[2 * i]! + 0.25 * sound[2 * i + 1]!,
  );

/**
 * Less of the mouth and more of the voice: what a linear prediction of each sample by the last ones leaves, smoothed. The
 * very first samples, which have none before them, become 0.
 */
function flattened(sound: Float64Array): Float64Array {
  const weights = prediction(sound).map((weight, at) => weight * WEAKENED ** (at + 1));
  const result = new Float64Array(sound.length);
  let before = 0;
  for (let i = ORDER; i < sound.length; i++) {
    let rest = sound[i]!;
    for (let at = 0; at < weights.length; at++) rest += weights[at]! * sound[i - 1 - at]!;
    result[i] = rest + SMOOTHED * before;
    before = rest;
  }
  return result;
}

/** The weights of the last samples whose sum, added to a sample, leaves least (N. Levinson, 1947; J. Durbin, 1960). */
function prediction(sound: Float64Array): readonly number[] {
  const products = Array.from({ length: ORDER + 1 }, (_, lag) => product(sound, lag, lag));
  // A little noise, so that nothing is predicted too well.
  let error = 1.0001 * products[0]!;
  let weights: readonly number[] = [];
  for (let order = 1; order <= ORDER && error > 0; order++) {
    const left = weights.reduce((sum, weight, at) => sum + weight * products[order - 1 - at]!, products[order]!);
    const reflection = -left / error;
    weights = [...weights.map((weight, at) => weight + reflection * weights[order - 2 - at]!), reflection];
    error *= 1 - reflection * reflection;
  }
  return weights;
}

/** The sum of samples from `start` on, each times that `lag` earlier. */
function product(sound: Float64Array, start: number, lag: number): number {
  let sum = 0;
  for (let i = start; i < sound.length; i++) sum += sound[i]! * sound[i - lag]!;
  return sum;
}
