import { compile, printDeclarations } from '@congruent/codegen';
import { cells } from '@congruent/spec/catalogue';
import { expect, test } from 'vitest';
import { typescriptText } from '../src/index.ts';
import { sampleOf } from './sample.ts';

test.each(cells.map((cell) => [cell.name, compile(cell)] as const))(
  'ts-morph and the printer for pages give the same bytes for declarations of every kind: %s',
  (_, program) => {
    const declarations = sampleOf(program);
    expect(printDeclarations(declarations)).toBe(typescriptText(declarations));
  },
);
