import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generatedClassIsTheSame, type RnnNames } from '../../../tools/testing/generated-class.ts';
import { cellsIn, compileAddon, findCompiler, GENERATED, OBJECTS } from '../build/index.ts';
import { cellClass, type Generated, layerClass } from '../src/define.ts';
import * as rnnTanh from '../src/generated/rnn_tanh.ts';
import { RNN } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'congruent-define-'));
const platform = `${process.platform}-${process.arch}`;

/** What `congruent generate` writes of a cell, in a folder of its own. */
const generated: Generated = { ...rnnTanh, address: pathToFileURL(join(folder, 'rnn_tanh.js')).href };

beforeAll(async () => {
  const cells = cellsIn(GENERATED).filter(({ name }) => name === 'rnn_tanh');
  await compileAddon({ compiler: findCompiler(), cells, objects: OBJECTS }, join(folder, `rnn_tanh.${platform}.node`));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true }));

generatedClassIsTheSame(
  RNN,
  () => ({
    Own: layerClass<RnnNames>(generated, 'Own'),
    OwnCell: cellClass<RnnNames>(generated, 'OwnCell'),
  }),
  { threads: 2 },
);

test('a generated cell without an addon for this platform is refused with NATIVE_UNAVAILABLE', () => {
  const elsewhere = { ...generated, address: pathToFileURL(join(folder, 'other', 'rnn_tanh.js')).href };
  expect(() => layerClass<RnnNames>(elsewhere, 'Own')).toThrow(
    expect.objectContaining({
      code: 'NATIVE_UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`\\./rnn_tanh\\.${platform}\\.node`)),
    }),
  );
});

test('an addon of another cell is no addon of this one', () => {
  mkdirSync(join(folder, 'mixed'));
  copyFileSync(join(folder, `rnn_tanh.${platform}.node`), join(folder, 'mixed', `gru.${platform}.node`));
  const signature = { ...generated.signature, name: 'gru' };
  const mixed = { ...generated, signature, address: pathToFileURL(join(folder, 'mixed', 'gru.js')).href };
  const Own = layerClass<RnnNames>(mixed, 'Own');
  expect(() => Own.createSync({ sizes: { I: 2, H: 3 } })).toThrow(
    expect.objectContaining({ code: 'NATIVE_UNAVAILABLE', message: expect.stringMatching(/has no cell gru/) }),
  );
});
