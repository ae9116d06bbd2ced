import type { Environment, Program, Value } from '@congruent/codegen';
import type { Cell } from '@congruent/spec';
import { ts } from 'ts-morph';
import { expect } from 'vitest';
import emitter from '../codegen/index.ts';

export const DIMENSIONS = { I: 3, H: 5 } as const;
/** Distinct numbers from −1 to 1. */
export const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(12.9898 * (index + 1) + 78.233 * seed));

export const lengthOf = (shape: readonly string[]): number =>
  shape.reduce((size, name) => size * DIMENSIONS[name as keyof typeof DIMENSIONS], 1);

/** Every parameter's block by name, as the interpreter takes it, and stacked as the kernel takes it. */
export function parametersOf({ parameters, layouts }: Cell) {
  const flat = new Map(parameters.map(({ name, shape }, index) => [name, numbers(lengthOf(shape), index)]));
  const rows = (name: string, columns: number): Value<number> =>
    Array.from({ length: flat.get(name)!.length / columns }, (_, row) =>
      Array.from(flat.get(name)!.subarray(row * columns, (row + 1) * columns)),
    );
  const blocks: Environment<number> = Object.fromEntries(
    parameters.map(({ name, shape }) => [
      name,
      shape.length === 2 ? rows(name, lengthOf(shape.slice(1))) : [...flat.get(name)!],
    ]),
  );
  const stacked = Object.fromEntries(
    layouts[0]!.tensors.map(({ name, blocks }) => [name, blocks.flatMap((block) => [...flat.get(block.name)!])]),
  );
  return { blocks, stacked };
}

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
