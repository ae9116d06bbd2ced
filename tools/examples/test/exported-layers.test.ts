import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { congruentIn } from '../../../packages/cli/test/application.ts';
import { models } from '../../../packages/models/test/public-models.mjs';
import { expectNear, type Recorded, recorded } from '../../../packages/models/test/recorded.ts';
import { type Case, casesOf, type Printed } from '../src/recorded-cases.ts';

/** A machine that does other things too assembles slowly. */
const TIMEOUT = 120_000;

const KINDS = ['gtcrn', 'keras', 'keras-by-hand', 'nam', 'onnx', 'rtneural', 'tfjs'];

/** Copies of the files, below the root so that the workspace's packages resolve; ignored by git. */
const target = fileURLToPath(new URL('../dist/exported', import.meta.url));

/** What the module beside an exported one has. */
interface Exported {
  create(bytes: Uint8Array): { run(xs: ArrayLike<number>, steps: number): Float32Array; reset(): void };
}

for (const kind of KINDS) {
  // An exported model begins with the states of its file.
  const items = recorded(kind).flatMap((item) =>
    casesOf(item)
      .filter(({ states, dense }) => states.length === 0 && !dense)
      .map((each) => [each.title, item, each] as const),
  );
  describe.skipIf(items.length === 0)(`a layer that is exported gives what is recorded, or is refused: ${kind}`, () => {
    test.each(items)('%s', (_, item, each) => run(item, each), TIMEOUT);
  });
}

async function run(item: Recorded, each: Case): Promise<void> {
  const folder = join(target, item.path, each.layer ?? '');
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(models, item.path), folder, { recursive: true });
  const layer = each.layer === undefined ? [] : ['--layer', each.layer];
  const words = ['export', item.file, ...layer, '--target', 'wasm', '--name', 'layer', '--out', 'out'];
  const { printed, exitCode } = await congruentIn(folder, ...words);
  if (exitCode !== 0) {
    // Two directions, or backwards; of files that may be read or refused, their readers' tests say which.
    const mayRefuse = item.expect === 'read-or-refuse' ? /^congruent: (MODEL|EXPORT)_/ : /^congruent: EXPORT_LAYERS: /;
    expect(printed).toMatch(mayRefuse);
    return;
  }
  const { create } = (await import(/* @vite-ignore */ join(folder, 'out/layer.js'))) as Exported;
  const model = create(readFileSync(join(folder, 'out/layer.wasm')));
  const batchFirst = item.kind.startsWith('keras') || item.kind === 'tfjs' || each.title.endsWith('_layout1');
  for (const { input, output, steps } of sequencesOf(each, batchFirst)) {
    const values = model.run(input, steps);
    const [rows] = output.shape as readonly [number, number];
    expectNear(
      { data: values.slice(values.length - output.data.length), shape: [rows, values.length / steps] },
      output,
      each.toolError,
    );
    model.reset();
  }
}

interface Sequence {
  readonly steps: number;
  readonly input: readonly number[];
  /** Rows of all steps, or the last one's. */
  readonly output: Printed;
}

/** The sequences of a batch one by one. */
function sequencesOf({ input, output }: Case, batchFirst: boolean): readonly Sequence[] {
  if (input.shape.length === 2) return [{ steps: input.shape[0]!, input: input.data, output }];
  const [steps, batch] = batchFirst ? [input.shape[1]!, input.shape[0]!] : [input.shape[0]!, input.shape[1]!];
  const rowsOf = ({ data, shape }: Printed, b: number): readonly number[] => {
    const width = shape.at(-1)!;
    const rows =
      shape.length === 2 ? [b] : Array.from({ length: steps }, (_, t) => (batchFirst ? b * steps + t : t * batch + b));
    return rows.flatMap((row) => data.slice(row * width, (row + 1) * width));
  };
  return Array.from({ length: batch }, (_, b) => {
    const data = rowsOf(output, b);
    const width = output.shape.at(-1)!;
    return { steps, input: rowsOf(input, b), output: { data, shape: [data.length / width, width] } };
  });
}
