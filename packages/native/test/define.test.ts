import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cellsIn, compileAddon, findCompiler, GENERATED, OBJECTS } from '../build/index.ts';
import { cellClass, type Generated, layerClass } from '../src/define.ts';
import * as rnnTanh from '../src/generated/rnn_tanh.ts';
import { RNN, tensor } from '../src/index.ts';

interface Names {
  readonly inputs: readonly ['x'];
  readonly states: readonly ['h'];
  readonly outputs: readonly ['h'];
  readonly sizes: 'I' | 'H';
}

const folder = mkdtempSync(join(tmpdir(), 'congruent-define-'));
const platform = `${process.platform}-${process.arch}`;

/** What `congruent generate` writes of a cell, in a folder of its own. */
const generated: Generated = { ...rnnTanh, address: pathToFileURL(join(folder, 'rnn_tanh.js')).href };

beforeAll(async () => {
  const cells = cellsIn(GENERATED).filter(({ name }) => name === 'rnn_tanh');
  await compileAddon({ compiler: findCompiler(), cells, objects: OBJECTS }, join(folder, `rnn_tanh.${platform}.node`));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true }));

test('the class of a generated cell, from an addon of its own, has the bits of the class that runs the same cell', () => {
  const Own = layerClass<Names>(generated, 'Own');
  using own = Own.createSync({ sizes: { I: 2, H: 3 }, numLayers: 2, seed: 4, threads: 2 });
  using rnn = RNN.createSync({ inputSize: 2, hiddenSize: 3, numLayers: 2, seed: 4 });
  const input = tensor([1, 2, 3, 4], [2, 1, 2]);
  const [a, b] = [own.vjp(input), rnn.vjp(input)];
  expect(a.output).toEqual(b.output);
  expect(a.pullback({ output: a.output })).toEqual(b.pullback({ output: b.output }));
});

test('the class of its single steps has the name that was given', () => {
  const OwnCell = cellClass<Names>(generated, 'OwnCell');
  const cell = OwnCell.createSync({ sizes: { I: 2, H: 3 } });
  expect(() => cell.forward(tensor([1, 2, 3]))).toThrow(/OwnCell\.forward/);
});

test('a generated cell without an addon for this platform is refused with NATIVE_UNAVAILABLE', () => {
  const elsewhere = { ...generated, address: pathToFileURL(join(folder, 'other', 'rnn_tanh.js')).href };
  expect(() => layerClass<Names>(elsewhere, 'Own')).toThrow(
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
  const Own = layerClass<Names>(mixed, 'Own');
  expect(() => Own.createSync({ sizes: { I: 2, H: 3 } })).toThrow(
    expect.objectContaining({ code: 'NATIVE_UNAVAILABLE', message: expect.stringMatching(/has no cell gru/) }),
  );
});
