import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contestantCalled } from '../src/contestants.ts';

test('a backend is whoever has an emitter, under the name of its package', async () => {
  expect(existsSync(new URL('../../../packages/scalar/codegen', import.meta.url))).toBe(true);
  expect((await contestantCalled('@congruent/scalar')).sameEquations).toBe(true);
  await expect(contestantCalled('@congruent/runtime')).rejects.toThrow("no contestant '@congruent/runtime'");
});
