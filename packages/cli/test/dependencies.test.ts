import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = new URL('../../../', import.meta.url);
const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** Names of all that is installed with a package; optional peers are not. */
function installedWith(entry: Locked, found: Set<string> = new Set()): ReadonlySet<string> {
  for (const name of Object.keys(entry.dependencies ?? {})) {
    if (found.has(name)) continue;
    found.add(name);
    const locked = packages[`node_modules/${name}`];
    if (locked) installedWith(locked.link ? packages[locked.resolved!]! : locked, found);
  }
  return found;
}

const HEAVY = ['ts-morph', 'binaryen', '@congruent/cli', '@congruent/codegen', '@congruent/spec'];

test('the command brings what turns trees into files', () => {
  expect([...installedWith(packages['packages/cli']!)]).toEqual(expect.arrayContaining(HEAVY.slice(0, 2)));
});

const backends = readdirSync(new URL('packages', root)).filter((name) =>
  existsSync(new URL(`packages/${name}/codegen/index.ts`, root)),
);

test.each(backends)('an application that imports a backend installs nothing of that, and no compiler: %s', (name) => {
  const installed = installedWith(packages[`packages/${name}`]!);
  expect(installed).toContain('@congruent/runtime');
  expect(HEAVY.filter((heavy) => installed.has(heavy))).toEqual([]);
});
