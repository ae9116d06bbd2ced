import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIMITS, supervise, type Tried } from '../src/engine/supervise.ts';
import { readOptions } from '../src/options.ts';
import { failureText, tableOf } from '../src/report.ts';
import { hostileOf } from '../src/surfaces/hostile.ts';
import { workspace } from '../src/workspace.ts';

// Beside the thread, which counts on what lies there.
const module = new URL('tools/fuzz/dist/planted.js', workspace);

beforeAll(() =>
  build({
    entryPoints: ['test/planted.ts'],
    outfile: module.pathname,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
  }),
);
afterAll(() => rmSync(module));

/** What the line says that tries a failure again. */
const optionsIn = (text: string) => readOptions(/again: npm run fuzz -- (.*)$/.exec(text)![1]!.split(' '), ['foreign']);

const fuzzed = (only: readonly string[], more: object = {}, limits = LIMITS): Promise<Tried> =>
  supervise({ module: module.href, only, frozen: false, seed: 1, path: undefined, milliseconds: 500, ...more }, limits);

test('an error of JavaScript is found, made small, and found again by the line that is printed', async () => {
  const { tallies, failures } = await fuzzed(['good', 'foreign']);
  expect(tallies.get('good')!.tried).toBeGreaterThan(100);
  expect(failures).toHaveLength(1);
  const [failure] = failures;
  expect(failure).toMatchObject({ surface: 'foreign', input: '[7,0,0,0]' });
  expect(failure!.problem).toContain('RangeError: Offset is outside');
  const text = failureText(failure!);
  expect(text).toContain('input: [7,0,0,0]');
  const { only, seed, path } = optionsIn(text);
  const again = await fuzzed(only!, { seed, path });
  expect(again.failures).toMatchObject([{ surface: 'foreign', input: '[7,0,0,0]' }]);
});

test('the line that is printed may have any seed', () => {
  const failure = { surface: 'foreign', seed: -83_182_171, path: '1:0', problem: '' };
  expect(optionsIn(failureText(failure))).toMatchObject({ only: ['foreign'], seed: failure.seed, path: '1:0' });
});

test('of an array that claims to be endless no copy is made', () => {
  const endless = new Array(2 ** 32 - 1);
  expect(hostileOf('longer', endless)).toBe(endless);
  expect(hostileOf('otherRealm', { endless })).toMatchObject({
    endless: expect.toSatisfy((value) => value === endless),
  });
});

test('what is refused is counted by its code', async () => {
  const { tallies, failures } = await fuzzed(['foreign'], { seed: 3, path: '0' });
  expect(failures).toEqual([]);
  expect(tableOf({ tallies, failures })).toMatch(/^\s+inputs {2}accepted {2}refused\n {2}foreign {2,}1 /);
});

test('a code that docs/errors.md does not have', async () => {
  const { failures } = await fuzzed(['undocumented']);
  expect(failures[0]!.problem).toContain('no heading for the code MODEL_SECRET');
});

test('with frozen intrinsics', async () => {
  const { tallies, failures } = await fuzzed(['good', 'foreign'], { frozen: true });
  expect(tallies.get('good')!.tried).toBeGreaterThan(100);
  expect(failures).toMatchObject([{ surface: 'foreign', input: '[7,0,0,0]' }]);
});

test('what never ends is ended, and said', async () => {
  const { failures } = await fuzzed(['endless'], {}, { ...LIMITS, time: 1500 });
  expect(failures).toMatchObject([{ surface: 'endless', problem: 'no answer within 1.5 s' }]);
  const [{ seed, path }] = failures as [(typeof failures)[0]];
  const again = await fuzzed(['endless'], { seed, path }, { ...LIMITS, time: 1500 });
  expect(again.failures).toMatchObject([{ problem: 'no answer within 1.5 s' }]);
});

test('what takes all memory is ended, and said', async () => {
  const { failures } = await fuzzed(['greedy'], {}, { ...LIMITS, heap: 2 ** 26 });
  expect(failures).toMatchObject([{ surface: 'greedy', problem: expect.stringContaining('memory limit') }]);
});
