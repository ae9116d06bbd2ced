import { test } from 'vitest';
import { originalsInstalled } from '../src/original.ts';

/** `test`, or where RNNoise's packages are not installed one that is skipped, and says so; in CI they are installed before. */
export function testWithOriginal(): typeof test | typeof test.skip {
  if (originalsInstalled()) return test;
  console.warn("RNNoise's packages are not installed: npm ci --ignore-scripts in docs/examples/rnnoise/original");
  return test.skip;
}
