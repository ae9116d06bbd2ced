import type { Program } from '../compile.ts';
import type { EmittedFile } from './tree.ts';

/**
 * Turns programs into one backend's source. An emitter is pure, gives plain data and uses no Node API: the same program
 * gives the same files, and it runs in a page. It lives in its backend's folder, `packages/<backend>/codegen`.
 */
export interface Emitter {
  /** The backend's name, which is the name of its folder. */
  readonly name: string;
  emit(program: Program): readonly EmittedFile[];
}

/** The lines every generated file starts with, without comment signs. */
export const headerOf = ({ cell }: Program, { name }: Emitter): readonly string[] =>
  [
    `Generated from packages/spec/src/cells/${cell.name}.ts by packages/${name}/codegen. Do not edit.`,
    'Regenerate with: npm run generate',
    '',
    ...cell.source.split('\n'),
  ].map((line) => line.trimEnd());
