import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors, type Tensor } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';
import { congruentIn } from '../../../packages/cli/test/application.ts';
import { models } from '../../../packages/models/test/public-models.mjs';
import { expectNear, type Recorded, recorded } from '../../../packages/models/test/recorded.ts';
import { type Modules, type PrintedLines, printedLines, runLines } from '../src/printed-lines.ts';
import { type Case, casesOf } from '../src/recorded-cases.ts';

/** Generating classes for a layer's own cell takes seconds, longer on a machine that does other things too. */
const TIMEOUT = 120_000;

const MODULES: Modules = {
  congruent: () => import('congruent'),
  '@congruent/models': () => import('@congruent/models'),
  '@congruent/wasm': () => import('@congruent/wasm'),
  'node:fs/promises': () => import('node:fs/promises'),
};

const KINDS = ['gtcrn', 'keras', 'keras-by-hand', 'nam', 'onnx', 'pytorch', 'rtneural', 'tfjs'];

/** Copies of the files, below the root so that the workspace's packages resolve; ignored by git. */
const target = fileURLToPath(new URL('../dist/models', import.meta.url));

for (const kind of KINDS) {
  const items = recorded(kind).flatMap((item) => casesOf(item).map((each) => [each.title, item, each] as const));
  describe.skipIf(items.length === 0)(`the lines that inspect prints give what is recorded: ${kind}`, () => {
    test.each(items)('%s', (_, item, each) => run(item, each), TIMEOUT);
  });
}

async function run(item: Recorded, each: Case): Promise<void> {
  const folder = join(target, item.path);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(models, item.path), folder, { recursive: true });
  const { printed, exitCode } = await congruentIn(folder, 'inspect', item.file);
  // Of files that may be read or refused, their readers' tests say which.
  if (exitCode !== 0 && item.expect === 'read-or-refuse') return;
  expect(exitCode, printed).toBe(0);
  const lines = printedLines(printed);
  if (lines.length === 0 && item.expect === 'read-or-refuse') return;
  const { command, code } = linesOf(lines, each);
  if (command !== undefined) {
    const generated = await congruentIn(folder, ...command.split(' ').slice(2));
    expect(generated.exitCode, generated.printed).toBe(0);
  }
  process.chdir(folder);
  const output = await runLines(code, folder, MODULES, each.input, each.states);
  const own = lastStep(output, each);
  expectNear(each.dense ? await behind(folder, item, each.dense, own) : own, each.output, each.toolError);
}

/** What a dense layer of a model makes of the output of the layer before it. */
async function behind(
  folder: string,
  { file }: Recorded,
  { name, activation }: NonNullable<Case['dense']>,
  { data, shape }: Tensor,
): Promise<Tensor> {
  const { printed, exitCode } = await congruentIn(folder, 'convert', file, '--out', 'all.safetensors');
  expect(exitCode, printed).toBe(0);
  const { tensors } = readSafetensors(readFileSync(join(folder, 'all.safetensors')));
  const [kernel, bias] = ['kernel', 'bias'].map((part) => tensors[`${name}/${part}`] as Tensor) as [Tensor, Tensor];
  const [inputs, units] = kernel.shape as readonly [number, number];
  const sums = Array.from({ length: (data.length / inputs) * units }, (_, k) => {
    const [row, unit] = [Math.floor(k / units) * inputs, k % units];
    return (
      bias.data[unit]! +
      [...data.slice(row, row + inputs)].reduce((sum, x, i) => sum + x * kernel.data[i * units + unit]!, 0)
    );
  });
  const exps = sums.map(Math.exp);
  const rowSum = (k: number): number => exps.slice(k - (k % units), k - (k % units) + units).reduce((a, b) => a + b);
  const activated = {
    linear: () => sums,
    tanh: () => sums.map(Math.tanh),
    softmax: () => exps.map((e, k) => e / rowSum(k)),
  };
  return { data: Float32Array.from(activated[activation]()), shape: [...shape.slice(0, -1), units] };
}

/** The lines for a layer: its own, or those that are printed for all of its kind, with its name. */
function linesOf(all: readonly PrintedLines[], { layer, batchFirst }: Case): PrintedLines {
  const own = all.find(({ name }) => name === layer) ?? all.find(({ others }) => others !== '') ?? all[0]!;
  const named = own.name === layer ? own.code : own.code.replace(/name === '.*?'/, `name === '${layer}'`);
  // As is printed where the file cannot say it.
  const code = batchFirst
    ? named.replace('create(layer.options)', 'create({ ...layer.options, batchFirst: true })')
    : named;
  return { ...own, code };
}

/** Of a layer that gives its last step alone in the model, that: of the direction backwards it is the first. */
function lastStep(output: Tensor, { output: { shape }, bidirectional }: Case): Tensor {
  if (shape.length === output.shape.length || shape.length !== 2) return output;
  const [batch, steps, width] = output.shape as readonly [number, number, number];
  const row = (b: number, step: number): readonly number[] => [
    ...output.data.slice((b * steps + step) * width).slice(0, width),
  ];
  const there = bidirectional ? width / 2 : width;
  const rows = Array.from({ length: batch }, (_, b) => [
    ...row(b, steps - 1).slice(0, there),
    ...row(b, 0).slice(there),
  ]);
  return { data: Float32Array.from(rows.flat()), shape: [batch, width] };
}
