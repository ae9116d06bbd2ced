import { compile } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { bundleSize, findBackends, place as inReadme, supportsTable } from '../src/backends.ts';
import { blocksOf } from '../src/documents.ts';
import { errorTable, place as ofErrors } from '../src/errors.ts';
import { place as ofFunctions, worstFloat32, worstFloat64 } from '../src/functions.ts';
import { readTable } from '../src/table.ts';

test('README.md shows the equations as they are in the specification', () => {
  expect(blocksOf('README.md').map(({ code }) => code)).toContain(gru.source);
});

describe('README.md, Which backend?', async () => {
  const backends = await findBackends();
  const names = backends.map(({ package: name }) => name);
  // The rows of those that this machine has.
  const table = readTable(inReadme).filter(
    ([first]) => first === 'package' || names.includes(first!.replaceAll('`', '')),
  );

  test('the table says what each backend supports; else: npm run backends -w tools/examples', () => {
    expect(table.map((row) => row.slice(0, -2))).toEqual(supportsTable(backends));
  });

  test.each(names.map((name, index) => [name, index] as const))(
    '%s: the bundle is within a tenth of the size that the table says; else: npm run backends -w tools/examples',
    async (name, index) => {
      const { minified, gzip } = await bundleSize(name);
      const [shownMinified, shownGzip] = table[index + 1]!.slice(-2).map(Number.parseFloat) as [number, number];
      expect(Math.abs(minified / shownMinified - 1)).toBeLessThan(0.1);
      expect(Math.abs(gzip / shownGzip - 1)).toBeLessThan(0.1);
    },
  );
});

describe('docs/numerics.md', () => {
  test('the errors against PyTorch are those of scalar; else: npm run errors -w tools/examples', async () => {
    expect(readTable(ofErrors)).toEqual(await errorTable());
  });

  const { functions } = compile(gru);
  const measured = readTable(ofFunctions);
  const shown = (name: string, dtype: string): number =>
    Number(measured.find((row) => row[0] === name && row[1] === dtype)![3]);

  test.each(functions.float32.map((called) => [called.name, called] as const))(
    '%s in float32 is as near to the truth as the table says, over 43,000 inputs',
    (name, called) => {
      expect(worstFloat32(called, 100_003).error).toBeLessThanOrEqual(shown(name, 'float32') + 0.001);
      expect(shown(name, 'float32')).toBeLessThanOrEqual(called.ulp);
    },
  );

  test.each(functions.float64.map((called) => [called.name, called] as const))(
    '%s in float64 is as near to the truth as the table says, over 5000 inputs',
    (name, called) => {
      expect(worstFloat64(called, 5000).error).toBeLessThanOrEqual(shown(name, 'float64') + 0.001);
      expect(shown(name, 'float64')).toBeLessThanOrEqual(called.ulp);
    },
  );
});
