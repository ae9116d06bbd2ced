import type { PackedSequence, Tensor } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { fill } from '../src/fill.ts';
import { type GradientCase, gradientVectors } from '../src/gradient-vectors.ts';
import { sizeOf } from '../src/parameter-shapes.ts';
import { moduleOf, referenceBackend } from '../src/reference.ts';
import { slopeAtZero } from '../src/slope.ts';
import { subjectOf } from '../src/subject.ts';
import { runVector } from '../src/vector-checks.ts';
import { decode, type Operands, operandsOf, stateShape } from '../src/vectors.ts';

const subject = subjectOf(moduleOf(referenceBackend()), {}, { seed: 1, runs: 1 });

// Small enough for the fourth power of it times what saturated gates bend, large enough for float64's rounding.
const STEP = 2e-5;

// PyTorch and the interpreter have nothing in common but the equations. That also shows that operands, cotangents and
// dropout masks are here what they were there.
for (const [topic, cases] of Object.entries(gradientVectors)) {
  test(`PyTorch's gradients are the slope of the float64 interpreter within 1e-8: ${topic}`, async () => {
    for (const vector of cases) {
      const { expected, magnitude } = predictedSlope(vector);
      const off = Math.abs((await slopeOf(vector)) - expected) / magnitude;
      expect(off, vector.name).toBeLessThan(1e-8);
    }
  });
}

/** The slope along the direction that the recorded gradients predict, and the sum of its terms' magnitudes. */
function predictedSlope(vector: GradientCase): { readonly expected: number; readonly magnitude: number } {
  const direction = directionOf(vector);
  let [expected, magnitude] = [0, 0];
  for (const [name, gradient] of Object.entries(vector.expected)) {
    decode(gradient).forEach((value, i) => {
      const term = value * direction[name]![i]!;
      expected += term;
      magnitude += Math.abs(term);
    });
  }
  return { expected, magnitude };
}

async function slopeOf(vector: GradientCase): Promise<number> {
  const [operands, direction] = [operandsOf(vector), directionOf(vector)];
  return await slopeAtZero((by) => lossAt(vector, operands, direction, by), STEP);
}

/** Where all operands move at once. */
function directionOf({ expected }: GradientCase): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(expected).map(([name, { shape }], i) => [
      name,
      fill(i + 1, sizeOf(shape), 1, 'float64') as Float64Array,
    ]),
  );
}

/** What is fed back times what comes out, at operands moved along the direction. */
async function lossAt(
  vector: GradientCase,
  { stateDict, input, h0, cotangents }: Operands,
  direction: Readonly<Record<string, Float64Array>>,
  by: number,
): Promise<number> {
  const moved = (name: string, shape: readonly number[], from?: Tensor): Tensor => ({
    data: direction[name]!.map((d, i) => (from?.data[i] ?? 0) + by * d),
    shape,
  });
  const parameters = Object.entries(stateDict).map(([name, from]) => [name, moved(name, from.shape, from)]);
  const result = await runVector(
    subject,
    { ...vector, dtype: 'float64' },
    {
      stateDict: Object.fromEntries(parameters),
      input: moved('input', input.shape, input),
      h0: moved('h0', stateShape(vector), h0),
      cotangents,
    },
  );
  let loss = 0;
  for (const name of vector.cotangents) {
    const values = padded(result[name]!, vector);
    cotangents[name]!.data.forEach((g, i) => {
      loss += g * values[i]!;
    });
  }
  return loss;
}

function padded(result: Tensor | PackedSequence, { config, steps }: GradientCase): Tensor['data'] {
  if (!('batchSizes' in result)) return result.data;
  return subject.padPackedSequence(result, { batchFirst: config.batchFirst, totalLength: steps }).output.data;
}
