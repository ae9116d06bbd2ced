import { expect, test } from 'vitest';
import { directionOf, predictedSlope, slopeOf } from '../src/checks/gradients/slope.ts';
import { referenceModule } from '../src/reference/backend.ts';
import { backendOf, subjectOf } from '../src/subject/open.ts';
import { gradientVectors } from '../src/vectors/gradient-vectors.ts';
import { decode, kindOfCase } from '../src/vectors/vectors.ts';

const backend = backendOf(referenceModule(), {}, { seed: 1, runs: 1 });

// Small enough for the fourth power of it times what saturated gates bend, large enough for float64's rounding.
const STEP = 5e-6;

// PyTorch and the interpreter have nothing in common but the equations. That also shows that operands, cotangents and
// dropout masks are here what they were there.
for (const [topic, cases] of Object.entries(gradientVectors)) {
  test(`PyTorch's gradients are the slope of the float64 interpreter within 1e-8: ${topic}`, async () => {
    // A difference across the kink of relu is no slope.
    for (const vector of cases.filter((each) => kindOfCase(each).smooth)) {
      const direction = directionOf(vector.expected);
      const recorded = Object.entries(vector.expected).map(([name, array]) => [name, { data: decode(array) }]);
      const { expected, magnitude } = predictedSlope(Object.fromEntries(recorded), direction);
      const off =
        Math.abs((await slopeOf(subjectOf(backend, kindOfCase(vector)), vector, direction, STEP)) - expected) /
        magnitude;
      expect(off, vector.name).toBeLessThan(1e-8);
    }
  });
}
