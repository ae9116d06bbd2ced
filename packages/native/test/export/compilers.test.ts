import { fileURLToPath } from 'node:url';
import type { ExportedModel } from '@congruent/codegen';
import { type Cell, gru, lstmProjected } from '@congruent/spec';
import { cells, elementwise, layerNormGru, peephole, residual, sLstm } from '@congruent/spec/catalogue';
import { afterAll, expect, test } from 'vitest';
import { numbers } from '../../../../tools/testing/numbers.ts';
import { type Case, caseOf, dimensionsOf, modelOf } from './cases.ts';
import { layerCases } from './layers.ts';
import { expectedLines, type Program, readLines, writeProgram } from './program.ts';
import { output, present } from './tools.ts';

/** Where sums begin another block, and where four rows are not all. */
const SIZES = [1, 3, 63, 64, 65, 129];

/** A machine that does other things too compiles slowly. */
const TIMEOUT = 180_000;

const SMALL = [3, 5, 4, 2, 6, 7];

const small = (cell: Cell, name?: string): Case =>
  caseOf(modelOf(cell, Object.fromEntries(dimensionsOf(cell).map((each, at) => [each, SMALL[at]!])), name));

/** Weights that are no number, infinite, of the other zero, and subnormal. */
const special = modelOf(elementwise, { H: 5 }, 'special');
const weights = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 2 ** -149);
const [[tensor]] = [...special.tensors] as [[string, Float32Array]];

/** States of different widths that are no zeros before the first step. */
const begun: ExportedModel = {
  ...modelOf(lstmProjected, { I: 3, H: 9, P: 5 }, 'begun'),
  initialStates: [numbers('float32', 5, 3), numbers('float32', 9, 4)],
};

const SETS = {
  'every cell': cells.map((cell) => small(cell)),
  'layers, GRUs of all sizes, all functions': [
    ...layerCases,
    caseOf({ ...special, tensors: new Map([[tensor, weights]]) }),
    caseOf(begun),
    ...SIZES.map((I, at) => caseOf(modelOf(gru, { I, H: SIZES.at(at - 2)! }, `m_gru_${I}`))),
    // Names of models stand before others, and may be words of C or names of the cell.
    ...Object.entries({ int: peephole, h: residual, x: layerNormGru, tanh: sLstm }).map(([name, cell]) =>
      small(cell, name),
    ),
  ],
} as const;

/** What is run: steps, or steps that are recorded and steps backwards. */
interface What {
  readonly cases: keyof typeof SETS;
  readonly training: boolean;
}

const every = (training: boolean): What => ({ cases: 'every cell', training });
const some = (training: boolean): What => ({ cases: 'layers, GRUs of all sizes, all functions', training });

const titleOf = ({ cases, training }: What): string => `${cases}, ${training ? 'in training' : 'in inference'}`;

const WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Werror'];

/** As windows.h has them, which a program may include before a model. */
const MACROS = '-Dnear= -Dfar=';

const BUILDS: readonly (readonly [what: What, command: string])[] = [
  [every(false), 'gcc -std=c99 -O0 -fsanitize=undefined -fno-sanitize-recover=all'],
  [every(false), `clang++ -std=c++11 -O0 ${MACROS} -x c++`],
  [every(true), 'gcc -std=c99 -O0 -fsanitize=address'],
  [every(true), 'clang -std=c99 -O0'],
  [some(false), 'gcc -std=gnu99 -O3 -march=native -ffp-contract=off'],
  [some(false), 'clang++ -std=c++11 -O2 -march=native -x c++'],
  [some(true), 'g++ -std=c++11 -O2 -ffp-contract=off -x c++'],
  [some(true), 'clang -std=gnu99 -O1 -march=native'],
];

const BOARDS = [
  { processor: 'Cortex-M4F', board: 'mps2-an386', options: '-mcpu=cortex-m4 -mfpu=fpv4-sp-d16', what: some(false) },
  { processor: 'Cortex-M7', board: 'mps2-an500', options: '-mcpu=cortex-m7 -mfpu=fpv5-sp-d16', what: some(true) },
];

const programs = new Map<string, Program>();
afterAll(async () => {
  for (const program of programs.values()) await program.dispose();
});

async function programFor(what: What): Promise<Program> {
  const known = programs.get(titleOf(what)) ?? (await writeProgram(SETS[what.cases], what.training));
  programs.set(titleOf(what), known);
  return known;
}

/** Compiles a program without a warning, and compares what it prints. */
async function hasTheBits(what: What, command: readonly string[], run: (binary: string) => readonly string[]) {
  const { folder } = await programFor(what);
  const [compiler, ...options] = command as [string, ...string[]];
  await output(folder, compiler, ...WARNINGS, ...options, 'main.c', '-o', 'program');
  const [program, ...given] = run('program') as [string, ...string[]];
  const lines = readLines(await output(folder, program, ...given));
  expect(lines).toEqual(expectedLines(SETS[what.cases], what.training));
}

for (const [what, command] of BUILDS) {
  const options = command.split(' ');
  const title = `${titleOf(what)}, compiled by ${command}, have the bits of the specification`;
  test.skipIf(!present(options[0]!))(title, { timeout: TIMEOUT }, async () => {
    await hasTheBits(what, options, (binary) => [`./${binary}`]);
  });
}

const file = (name: string): string => fileURLToPath(new URL(`cortex-m/${name}`, import.meta.url));

for (const { processor, board, options, what } of BOARDS) {
  const title = `${titleOf(what)}, have the bits of the specification on a ${processor}`;
  test.skipIf(!present('arm-none-eabi-gcc', 'qemu-system-arm'))(title, { timeout: TIMEOUT }, async () => {
    const target = `${options} -mthumb -mfloat-abi=hard -std=gnu99 -Os -ffp-contract=off`;
    const bare = ['-specs=rdimon.specs', '-nostartfiles', '-T', file('mps2.ld'), file('start.c')];
    const emulator = `qemu-system-arm -M ${board} -display none -monitor none -serial none -semihosting`;
    await hasTheBits(what, ['arm-none-eabi-gcc', ...target.split(' '), ...bare], (binary) => [
      ...emulator.split(' '),
      '-kernel',
      binary,
    ]);
  });
}
