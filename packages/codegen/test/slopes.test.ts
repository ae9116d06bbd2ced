import { readFileSync } from 'node:fs';
import { defineCell } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { compile, float32, float64, interpreter } from '../src/index.ts';

/** As JSON has them: NaN, infinities and −0 as strings. */
type Numbers = readonly (number | string)[];

interface Slopes {
  readonly operands: readonly Numbers[];
  readonly gradient: Numbers;
  readonly expected: readonly Numbers[];
}

/** What torch.autograd recorded: tools/vectors/record_slopes.py. */
const { functions } = JSON.parse(readFileSync(new URL('./vectors/slopes.json', import.meta.url), 'utf8')) as {
  readonly functions: Readonly<Record<string, Slopes>>;
};

const numbers = (values: Numbers): readonly number[] => values.map(Number);

describe.each([float64, float32])('in $dtype', (arithmetic) => {
  test.each(Object.entries(functions))(
    'gradients of %s at zeros, infinities, NaN and ties are those of PyTorch',
    (name, slopes) => {
      const names = ['a', 'b'].slice(0, slopes.operands.length);
      const inputs = names.map((operand) => `${operand}[N]`).join(', ');
      const cell = defineCell(`f(${inputs}, s[N]) -> y, s'\ny = ${name}(${names.join(', ')})\ns' = s`);
      const { forward, backward } = interpreter(compile(cell), arithmetic, {});
      const s = slopes.gradient.map(() => 0);
      const given = Object.fromEntries(names.map((operand, index) => [operand, numbers(slopes.operands[index]!)]));
      const { residuals } = forward({ ...given, s });
      const got = backward(residuals, { y: numbers(slopes.gradient) }, { s }).inputs;
      for (const [index, operand] of names.entries()) expect(got[operand]).toEqual(numbers(slopes.expected[index]!));
    },
  );
});
