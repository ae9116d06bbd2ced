import { posix } from 'node:path';
import { type EmittedFile, type Emitter, headerOf, type Program } from '@congruent/codegen';
import { typescriptText } from './typescript.ts';
import { assemble, bytesText } from './webassembly.ts';

/** A file as it is written. */
export interface TextFile {
  /** Below the backend's `src/generated`, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/**
 * The files of an emitter for some programs, each with the header that says where it comes from.
 *
 * @throws where a tree is not code in its language, or a path leaves the folder or is that of another file
 */
export function filesOf(emitter: Emitter, programs: readonly Program[]): readonly TextFile[] {
  const files = programs.flatMap((program) =>
    emitter.emit(program).flatMap((file) => {
      try {
        return textFiles(file, headerOf(program, emitter));
      } catch (cause) {
        throw new Error(`${emitterOf(emitter)}, ${file.path}: ${(cause as Error).message}`, { cause });
      }
    }),
  );
  checkPaths(files, emitter);
  return files;
}

function textFiles(file: EmittedFile, header: readonly string[]): readonly TextFile[] {
  const { kind, path } = file;
  switch (kind) {
    case 'typescript':
      return [{ path, text: commented(header, '//') + typescriptText(file.declarations) }];
    case 'webassembly': {
      const bytes = bytesText(posix.basename(path), assemble(file.module));
      return [
        { path: `${path}.wat`, text: `${commented(header, ';;')}${file.module.trimEnd()}\n` },
        { path: `${path}.ts`, text: commented(header, '//') + bytes },
      ];
    }
    case 'text':
      return [{ path, text: commented(header, file.comment) + file.text }];
    default:
      return file satisfies never;
  }
}

const commented = (lines: readonly string[], sign: string): string =>
  `${lines.map((line) => `${sign} ${line}`.trimEnd()).join('\n')}\n\n`;

/** Paths lie below the folder, and name one file each, also where file systems know no difference of case. */
function checkPaths(files: readonly TextFile[], emitter: Emitter): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    const below = path !== '' && path === posix.normalize(path) && !/^\.\.?(\/|$)|^\/|\\|^[A-Za-z]:|\/$/.test(path);
    if (!below) {
      throw new Error(
        `${emitterOf(emitter)}, ${path}: not a path below src/generated. Use names and forward slashes, without . and ..`,
      );
    }
    if (seen.has(path.toLowerCase())) {
      throw new Error(
        `${emitterOf(emitter)}, ${path}: two files have this path. Give each a path of its own, with the name of its cell.`,
      );
    }
    seen.add(path.toLowerCase());
  }
}

const emitterOf = ({ name }: Emitter): string => `packages/${name}/codegen`;
