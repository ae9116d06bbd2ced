import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModel } from '@congruent/models';
import { readSafetensors } from '@congruent/runtime';
import { describe, expect, onTestFinished, test } from 'vitest';
import { models } from '../../models/test/public-models.mjs';
import { type Recorded, recorded } from '../../models/test/recorded.ts';
import { congruentIn } from './application.ts';

const KINDS = ['gtcrn', 'keras', 'keras-by-hand', 'nam', 'onnx', 'pytorch', 'rtneural', 'tfjs'];

/** Whatever the file is, a command is done with it by then: milliseconds. */
const TIMEOUT = 10_000;

/** The first words of what is printed of a file that is refused. */
const REFUSED = /^congruent: (MODEL_FORMAT|MODEL_UNSAFE|MODEL_FILES|SAFETENSORS_FORMAT): \S/;

interface RecordedLayer {
  readonly kind: string;
  readonly inputSize?: number;
  readonly hiddenSize?: number;
  readonly numLayers?: number;
  readonly bidirectional?: boolean;
}

/** Every recurrent layer of the record has a line that says its kind, sizes and directions. */
function expectLayers(printed: string, { kind, expected }: Recorded): void {
  const lines = printed.split('\n').filter((line) => line.includes(' → '));
  const layers = (expected.layers as readonly RecordedLayer[]).filter((layer) => /^(GRU|LSTM|RNN)$/.test(layer.kind));
  for (const { kind: of, inputSize, hiddenSize, numLayers = 1, bidirectional = false } of layers) {
    // In ONNX each layer is a node of its own.
    const several = numLayers > 1 && kind !== 'onnx' ? `, ${numLayers} layers` : '';
    const directions = bidirectional ? ', two directions' : '';
    const line = new RegExp(` ${of}(Cell)?  ${inputSize} → ${hiddenSize}${several}${directions}(?=,|$)`);
    expect(lines.join('\n').replaceAll(/$/gm, ','), `${line}`).toMatch(line);
  }
}

/** As .safetensors a file has the same tensors, which are read again with the elements they had. */
async function expectConverted({ path, file, files }: Recorded): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'congruent-converted-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const out = join(root, 'out.safetensors');
  const { printed, exitCode } = await congruentIn(join(models, path), 'convert', file, '--out', out);
  expect(exitCode, printed).toBe(0);
  const { tensors } = await readModel(files[file]!, { name: file, files });
  const { tensors: converted } = readSafetensors(readFileSync(out));
  expect(Object.keys(converted).sort()).toEqual(Object.keys(tensors).sort());
  for (const [name, { data, shape }] of Object.entries(tensors)) {
    expect([converted[name]!.shape, converted[name]!.data]).toEqual([shape, data]);
  }
}

for (const kind of KINDS) {
  describe(`inspect says of recorded files what they have, and convert writes it, or why they are refused: ${kind}`, () => {
    test.each(recorded(kind).map((item) => [item.path, item] as const))(
      '%s',
      async (_, item) => {
        const { printed, exitCode } = await congruentIn(join(models, item.path), 'inspect', item.file);
        if (item.expect === 'refuse') expect([printed, exitCode]).toEqual([expect.stringMatching(REFUSED), 1]);
        else if (item.expect === 'read') expect(exitCode, printed).toBe(0);
        if (exitCode === 0) {
          expectLayers(printed, item);
          await expectConverted(item);
        } else expect(printed).toMatch(REFUSED);
      },
      TIMEOUT,
    );
  });
}
