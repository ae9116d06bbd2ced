import { posix } from 'node:path';
import { type EmittedFile, type Emitter, headerOf, lineComment, type Origin, type Program } from '@congruent/codegen';
import type { Cell } from '@congruent/spec';
import { typescriptText } from './typescript.ts';
import { assemble, bytesText } from './webassembly.ts';

/** A file as it is written. */
export interface TextFile {
  /** Below the folder of generated files, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Where the generated code of a cell comes from. */
export type OriginOf = (cell: Cell) => Origin;

/** Generated code of a backend of this repository. */
const inRepository =
  ({ name }: Emitter): OriginOf =>
  (cell) => ({
    source: `packages/spec/src/cells/${cell.name}.ts`,
    emitter: `packages/${name}/codegen`,
    command: 'npm run generate',
  });

/**
 * The files of an emitter for some programs, each with the header that says where it comes from.
 *
 * @throws where a tree is not code in its language, or a path leaves the folder or is that of another file
 */
export function filesOf(
  emitter: Emitter,
  programs: readonly Program[],
  originOf: OriginOf = inRepository(emitter),
): readonly TextFile[] {
  const seen = new Set<string>();
  return programs.flatMap((program) => {
    const origin = originOf(program.cell);
    const files = emitter.emit(program).flatMap((file) => {
      try {
        return textFiles(file, headerOf(program, origin));
      } catch (cause) {
        throw new Error(`${origin.emitter}, ${file.path}: ${(cause as Error).message}`, { cause });
      }
    });
    for (const { path } of files) checkPath(path, seen, origin.emitter);
    return files;
  });
}

function textFiles(file: EmittedFile, header: readonly string[]): readonly TextFile[] {
  const { kind, path } = file;
  switch (kind) {
    case 'typescript':
      return [{ path, text: commented(header, '//') + typescriptText(file.declarations) }];
    case 'webassembly': {
      const text = { path: `${path}.wat`, text: `${commented(header, ';;')}${file.module.trimEnd()}\n` };
      const bytes = bytesText(posix.basename(path), assemble(file.module));
      return [...(file.reviewed ? [text] : []), { path: `${path}.ts`, text: commented(header, '//') + bytes }];
    }
    case 'text':
      return [{ path, text: commented(header, file.comment) + file.text }];
    default:
      return file satisfies never;
  }
}

export const commented = (lines: readonly string[], sign: string): string =>
  `${lines.map((line) => lineComment(sign, line)).join('\n')}\n\n`;

/** Paths lie below the folder, and name one file each, also where file systems know no difference of case. */
function checkPath(path: string, seen: Set<string>, emitter: string): void {
  const below = path !== '' && path === posix.normalize(path) && !/^\.\.?(\/|$)|^\/|\\|^[A-Za-z]:|\/$/.test(path);
  if (!below) {
    const remedy = 'Use names and forward slashes, without . and ..';
    throw new Error(`${emitter}, ${path}: not a path below the folder of generated files. ${remedy}`);
  }
  if (seen.has(path.toLowerCase())) {
    const remedy = 'Give each a path of its own, with the name of its cell.';
    throw new Error(`${emitter}, ${path}: two files have this path. ${remedy}`);
  }
  seen.add(path.toLowerCase());
}
