import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyPackages } from '../src/against/build.ts';
import { both } from '../src/against/compare.ts';
import { inTurns } from '../src/against/measured.ts';
import { comparisonText, failures } from '../src/against/report.ts';
import type { Peer } from '../src/peer.ts';

test('copied packages find each other among the copies, and what is installed where it is', async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'congruent-copy-')));
  try {
    const [from, to] = [join(root, 'from'), join(root, 'to')];
    const file = (path: string, text: string) => {
      mkdirSync(join(from, path, '..'), { recursive: true });
      writeFileSync(join(from, path), text);
    };
    file('packages/wasm/dist/index.js', 'built');
    file('node_modules/esbuild/index.js', 'installed');
    file('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/esbuild': {} } }));
    mkdirSync(join(from, 'node_modules/@congruent'));
    symlinkSync('../../packages/wasm', join(from, 'node_modules/@congruent/wasm'), 'dir');
    await copyPackages(from, to);
    writeFileSync(join(from, 'packages/wasm/dist/index.js'), 'built again');
    expect(readFileSync(join(to, 'node_modules/@congruent/wasm/dist/index.js'), 'utf8')).toBe('built');
    expect(realpathSync(join(to, 'node_modules/esbuild'))).toBe(join(from, 'node_modules/esbuild'));
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('the ratio is that of neighbouring turns, whatever else the machine does for a while', async () => {
  // Something slows the machine down for half of the time, and ends between two turns of one round.
  const side = (factor: number, disturbed: number) => {
    let calls = -1; // The first one warms up.
    return {
      run: async (times: number) => times * 1e6 * factor * (calls++ < 0 || calls > disturbed ? 1 : 3),
    };
  };
  const turns = { total: 21, turn: 1, warmUp: 0, fewestTurns: 1, mostTurns: 21 };
  for (const index of [0, 1]) {
    const { before, after, ratio } = await inTurns(side(1, 10), side(1.05, 11), index, turns);
    expect(ratio).toBeCloseTo(1.05, 12);
    expect([before, after]).toEqual([1000, 3150]);
  }
});

test('only those that both sides have are compared, and the others are named', () => {
  const peers = (...names: string[]) => names.map((name) => ({ name }) as Peer);
  const notes: string[] = [];
  expect(both('cold: ', { before: peers('a', 'b'), after: peers('b', 'c') }, notes)).toEqual(['b']);
  expect(notes).toEqual(['cold: a took part before and no longer does.', 'cold: c takes part since.']);
});

test('a row fails where it became worse, and the table says so', () => {
  const line = { backend: '@congruent/wasm', before: 1, after: 1.1, ratio: 1.1, upper: 1.12, limit: 1.02, pairs: 12 };
  const slower = { ...line, row: 'step-64-64', unit: 'microseconds', lower: 1.08, verdict: 'worse' } as const;
  const unclear = { ...slower, row: 'cold', lower: 0.99, verdict: 'unclear' } as const;
  const page = { ...line, row: 'page', unit: 'bytes', lower: 1, ratio: 1, upper: 1, verdict: 'same' } as const;
  const commits = { before: '1'.repeat(40), after: '2'.repeat(40) };
  const comparison = { commits, quick: false, notes: ['A note.'], problems: [], lines: [slower, unclear, page] };
  const text = comparisonText(comparison);
  expect(text).toMatch(/step-64-64 .* 1\.00 µs +1\.10 µs +1\.100 +1\.080 – 1\.120 +1\.020 +12 +SLOWER/);
  expect(text).toMatch(/page .* exact .* same/);
  expect(text).toContain('A note.');
  expect(text).toContain('1 unclear');
  expect(failures(comparison)).toEqual([
    'step-64-64: @congruent/wasm takes at least 1.080 times what it did; 1.020 is allowed.',
  ]);
  expect(failures({ ...comparison, lines: [unclear, page] })).toEqual([]);
  expect(failures({ ...comparison, lines: [], problems: ['nobody'] })).toEqual(['nobody']);
});
