import { existsSync, readdirSync } from 'node:fs';
import { compile, type Emitter, printDeclarations } from '@congruent/codegen';
import { cells } from '@congruent/spec/catalogue';
import { describe, expect, test } from 'vitest';
import { filesOf, typescriptText } from '../src/index.ts';

const packages = new URL('../../', import.meta.url);
const backends = readdirSync(packages).filter((name) => existsSync(new URL(`${name}/codegen/index.ts`, packages)));
const programs = cells.map((cell) => [cell.name, compile(cell)] as const);

describe.each(backends)('%s', async (backend) => {
  const { default: emitter } = (await import(`../../${backend}/codegen/index.ts`)) as { default: Emitter };

  // In a page there is no ts-morph: what a reader sees there is what is committed.
  test.each(programs)('ts-morph and the printer for pages give the same bytes: %s', (_, program) => {
    for (const file of emitter.emit(program)) {
      if (file.kind !== 'typescript') continue;
      expect(printDeclarations(file.declarations), file.path).toBe(typescriptText(file.declarations));
    }
  });

  test('the files of all cells together are code, each with a path of its own', { timeout: 180_000 }, () => {
    const files = filesOf(
      emitter,
      programs.map(([, program]) => program),
    );
    expect(files.length).toBeGreaterThanOrEqual(cells.length);
  });
});
