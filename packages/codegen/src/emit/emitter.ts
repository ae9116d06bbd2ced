import type { Program } from '../compile.ts';
import type { EmittedFile } from './tree.ts';

/**
 * Turns programs into one backend's source. An emitter is pure, gives plain data and uses no Node API: the same program
 * gives the same files, and it runs in a page. It is the default export of its backend's entry `emitter`.
 */
export interface Emitter {
  /** The backend's name, which in this repository is the name of its folder. */
  readonly name: string;
  /** For a cell of name `gru` the file `gru.ts` exports all that the backend's runtime needs; others are its own. */
  emit(program: Program): readonly EmittedFile[];
}

/** Where generated files come from. */
export interface Origin {
  /** The file that has the cell. */
  readonly source: string;
  readonly emitter: string;
  /** What generates them anew. */
  readonly command: string;
}

/** The lines every generated file starts with, without comment signs. */
export const headerOf = ({ cell }: Program, { source, emitter, command }: Origin): readonly string[] =>
  [
    `Generated from ${source} by ${emitter}. Do not edit.`,
    `Regenerate with: ${command}`,
    '',
    ...cell.source.split('\n'),
  ].map((line) => line.trimEnd());
