import { expect, test } from 'vitest';
import { directionOf, predictedSlope, slopeOf } from '../src/checks/gradients/slope.ts';
import { moduleOf, referenceBackend } from '../src/reference/backend.ts';
import { subjectOf } from '../src/subject/open.ts';
import { gradientVectors } from '../src/vectors/gradient-vectors.ts';
import { decode } from '../src/vectors/vectors.ts';

const subject = subjectOf(moduleOf(referenceBackend()), {}, { seed: 1, runs: 1 });

// Small enough for the fourth power of it times what saturated gates bend, large enough for float64's rounding.
const STEP = 2e-5;

// PyTorch and the interpreter have nothing in common but the equations. That also shows that operands, cotangents and
// dropout masks are here what they were there.
for (const [topic, cases] of Object.entries(gradientVectors)) {
  test(`PyTorch's gradients are the slope of the float64 interpreter within 1e-8: ${topic}`, async () => {
    for (const vector of cases) {
      const direction = directionOf(vector.expected);
      const recorded = Object.entries(vector.expected).map(([name, array]) => [name, { data: decode(array) }]);
      const { expected, magnitude } = predictedSlope(Object.fromEntries(recorded), direction);
      const off = Math.abs((await slopeOf(subject, vector, direction, STEP)) - expected) / magnitude;
      expect(off, vector.name).toBeLessThan(1e-8);
    }
  });
}
