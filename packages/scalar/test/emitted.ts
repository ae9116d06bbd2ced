import type { Program } from '@congruent/codegen';
import { ts } from 'ts-morph';
import { expect } from 'vitest';
import emitter from '../codegen/index.ts';

/** The module that the emitted TypeScript is. */
export function load(program: Program, dtype: string) {
  const file = emitter.emit(program).find(({ path }) => path === `${program.cell.name}.${dtype}.ts`)!;
  const { outputText, diagnostics } = ts.transpileModule(file.contents as string, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  expect(diagnostics!.map(({ messageText }) => messageText)).toEqual([]);
  return import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(outputText)}`);
}
