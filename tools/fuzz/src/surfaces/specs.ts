import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { filesOf, type TextFile } from '@congruent/cli';
import { compile, type EmittedFile, type Emitter, type Program } from '@congruent/codegen';
import { type Cell, defineCell, SpecError } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import * as fc from 'fast-check';
import { backendNames } from '../backends.ts';
import { outcomeOf } from '../engine/outcome.ts';
import { ACCEPTED, type Surface, surface } from '../engine/surface.ts';
import { workspace } from '../workspace.ts';
import { editedSpec, type SpecEdit, specEdits, tokensOf } from './spec-edits.ts';

/** A cell of the catalogue with changes, and which of what it becomes is made: that takes longer than to compile it. */
interface Input {
  readonly cell: number;
  readonly edits: readonly SpecEdit[];
  readonly made: number;
}

const tokens = [...new Set(cells.flatMap(({ source }) => tokensOf(source)))];

const inputs: fc.Arbitrary<Input> = fc.record({
  cell: fc.nat(cells.length - 1),
  edits: specEdits(tokens),
  made: fc.nat(999),
});

/** What the catalogue's networks call, by name; a few call cells that the catalogue does not have, and are refused. */
const called: Readonly<Record<string, Cell>> = Object.fromEntries(cells.map((cell) => [cell.name, cell]));

const emitters: readonly Emitter[] = await Promise.all(
  backendNames.map(async (name) => (await import(`@congruent/${name}/emitter`)).default),
);

/** What a message has: the code and the problem, the line with its number, carets, and the remedy. */
const MESSAGE = /^SPEC_[A-Z_]+: .+\n\n {2}\d+ \| .*\n {2} +\| .*\^+\n\n.+$/s;

export const specs: Surface = surface('specs', inputs, ({ cell, edits, made }, say) => {
  const text = editedSpec(cells[cell]!.source, edits, tokens);
  const { value, refused = ACCEPTED } = outcomeOf(() => parsed(text));
  if (value) make(compile(value), made);
  say(refused);
});

/** The cell; throws where a refusal does not say where and what to do. */
function parsed(text: string): Cell {
  try {
    return defineCell(text, called);
  } catch (error) {
    if (error instanceof SpecError && !MESSAGE.test(error.message))
      throw new Error(`no line, caret and remedy: ${error}`);
    throw error;
  }
}

/** One of twelve programs is emitted, by one of the emitters, and one of the files is made. */
function make(program: Program, which: number): void {
  const emitter = emitters[which % (12 * emitters.length)];
  if (!emitter) return;
  const emitted = emitter.emit(program);
  const file = emitted[Math.floor(which / 12) % emitted.length]!;
  // What is no code in its language is refused when it is made.
  for (const text of filesOf({ name: emitter.name, emit: () => [file] }, [program])) checkC(text, file);
}

const FOLDER = fileURLToPath(new URL('packages/native/c', workspace));
const COMPILER = process.env['CC'] ?? 'cc';
const hasCompiler = spawnSync(COMPILER, ['--version']).status === 0;

/** C has no parser here but a compiler, where there is one. */
function checkC({ path, text }: TextFile, { kind }: EmittedFile): void {
  if (!hasCompiler || kind !== 'text' || !path.endsWith('.c')) return;
  const flags = ['-fsyntax-only', '-std=gnu11', `-I${FOLDER}`, '-DCONGRUENT_VARIANT=plain', '-x', 'c', '-'];
  const { status, stderr } = spawnSync(COMPILER, flags, { input: text, encoding: 'utf8' });
  if (status !== 0) throw new Error(`no C: ${stderr.slice(0, 2000)}`);
}
