import type { Program } from './compile.ts';

/**
 * Turns programs into one backend's source. An emitter is pure and uses no Node API: the same program gives the same
 * bytes, and it runs in a page. It lives in its backend's folder, `packages/<backend>/codegen`.
 */
export interface Emitter {
  /** The backend's name, which is the name of its folder. */
  readonly name: string;
  /** The files for one program, with paths below the backend's `src/generated`. */
  emit(program: Program): readonly GeneratedFile[];
}

/** One file of generated code: text, or bytes such as a WebAssembly module. */
export interface GeneratedFile {
  readonly path: string;
  readonly contents: string | Uint8Array;
}

/** The lines every generated text file starts with, without comment signs. */
export function header(program: Program, emitter: Emitter): readonly string[] {
  return [
    `Generated from packages/spec/src/cells/${program.cell.name}.ts by packages/${emitter.name}/codegen. Do not edit.`,
    'Regenerate with: npm run generate',
    '',
    ...program.cell.source.split('\n'),
  ].map((line) => line.trimEnd());
}
