import { afterAll, expect, test } from 'vitest';
import { type Check, conformance, mutants } from '../src/index.ts';
import { kinds } from '../src/kinds/kinds.ts';

/** Little enough of the suite to run some hundred times with the interpreter. */
const quick = ({ cost }: Check): boolean => cost <= 3000;

/** After so many failures a mutant is as dead as it gets; of the many that are derived, after one. */
const ENOUGH = 5;

const table: { mutant: string; 'noticed by': string; first: string }[] = [];

const [gru] = kinds;

for (const { name, kind, batch, module } of mutants) {
  const enough = kind ? 1 : ENOUGH;
  test(`mutant is noticed: ${name}`, { timeout: 60_000 }, async () => {
    const checks: { title: string; run: () => Promise<void> }[] = [];
    const { training } = module().backend.supports;
    // A mutant that has gradients is right forwards, one that has none refuses them.
    const select = (check: Check): boolean =>
      check.kind === (kind ?? gru) &&
      (batch
        ? check.title.includes(`a batch of ${batch} across`)
        : quick(check) && check.group.startsWith('gradients') === training);
    conformance({ test: (title, run) => checks.push({ title, run }), factory: module, select, runs: 2 });
    const recorded = checks.filter(({ title }) => title.endsWith('of PyTorch'));
    const failed: string[] = [];
    // Recorded cases first: they are quick, and say most about what a case can tell apart.
    for (const { title, run } of new Set([...recorded, ...checks])) {
      if (failed.length >= enough) break;
      await run().catch(() => failed.push(title));
    }
    const count = failed.length >= enough ? `${enough} or more` : `${failed.length}`;
    table.push({ mutant: name, 'noticed by': count, first: failed[0] ?? '-' });
    expect(failed.length, 'checks that failed').toBeGreaterThan(0);
  });
}

afterAll(() => {
  console.table(table);
});
