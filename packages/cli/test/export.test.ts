import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StateDict, writeSafetensors } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';
import { application, cellText, congruentIn, forget } from './application.ts';
import { EXPORTING } from './exporter.ts';
import { textsBelow } from './workspace.ts';

const zeros = (...shape: number[]) => ({ data: new Float32Array(shape.reduce((a, b) => a * b, 1)), shape });

/** Of a GRU with one output for each of its inputs, in torch's names. */
const layer = (I: number, H: number, prefix = '', end = '_l0', gates = 3): StateDict => ({
  [`${prefix}weight_ih${end}`]: zeros(gates * H, I),
  [`${prefix}weight_hh${end}`]: zeros(gates * H, H),
  [`${prefix}bias_ih${end}`]: zeros(gates * H),
  [`${prefix}bias_hh${end}`]: zeros(gates * H),
});

/** A folder with a file of weights, and a backend that exports. */
function folderWith(tensors: StateDict, files: Readonly<Record<string, string>> = {}): string {
  const root = application({
    ...EXPORTING,
    ...files,
  });
  writeFileSync(join(root, 'model.safetensors'), writeSafetensors(tensors));
  return root;
}

const GIVEN = { cell: 'gru', target: 'wasm', name: 'model', out: 'out' };

const exportIn = (root: string, options: Readonly<Record<string, string>> = {}, ...flags: readonly string[]) => {
  const named = Object.entries({ ...GIVEN, ...options }).flatMap(([name, value]) => [`--${name}`, value]);
  return congruentIn(root, 'export', 'model.safetensors', ...named, ...flags);
};

/** What the exporter of a folder was given. */
async function given(root: string, options: Readonly<Record<string, string>> = {}, ...flags: readonly string[]) {
  expect(await exportIn(root, options, ...flags)).toMatchObject({ exitCode: 0 });
  return JSON.parse(readFileSync(join(root, 'out/model.json'), 'utf8'));
}

/** What is printed of what cannot be exported; nothing is written. */
async function refusal(root: string, options: Readonly<Record<string, string>> = {}, ...flags: readonly string[]) {
  const before = textsBelow(root);
  const { printed, exitCode } = await exportIn(root, options, ...flags);
  expect(textsBelow(root)).toEqual(before);
  return { printed, exitCode };
}

const refused = (printed: string) => ({ printed: `congruent: ${printed}`, exitCode: 1 });

test('the sizes of a layer are read from its names and shapes, and what was written is said', async () => {
  const root = folderWith(layer(5, 4));
  const { printed } = await exportIn(root);
  const [json, ...rest] = printed.split('\n');
  expect(json).toMatch(/^out\/model\.json {2}\d+ bytes$/);
  expect(rest).toEqual(['out/model.bin  3 bytes, 2 of them weights', 'memory: 12 bytes']);
  const { inputs, states, tensors, options, header } = await given(root);
  expect(inputs).toEqual([{ name: 'x', shape: [5] }]);
  expect(states).toEqual([{ name: 'h', shape: [4] }]);
  expect(Object.entries<number[]>(tensors).map(([name, { length }]) => [name, length])).toEqual([
    ['weight_ih', 60],
    ['weight_hh', 48],
    ['bias_ih', 12],
    ['bias_hh', 12],
  ]);
  expect(options).toMatchObject({ simd: true, training: false });
  expect(header[1]).toMatch(/^Made by: npx congruent export model\.safetensors --cell gru --target wasm /);
});

test('what made a file is said in one line, whatever the words are', async () => {
  const root = folderWith(layer(5, 4));
  const out = 'a b\n*/ alert(1)';
  expect((await exportIn(root, { out })).exitCode).toBe(0);
  const { header } = JSON.parse(readFileSync(join(root, out, 'model.json'), 'utf8'));
  expect(header[1]).toMatch(/ --out "a b\\n\*\/ alert\(1\)"$/);
});

test('layers are stacked as the names say, each with its own weights, and flags are handed on', async () => {
  const upper = layer(4, 4, '', '_l1');
  const root = folderWith({
    ...layer(5, 4),
    ...upper,
    bias_ih_l1: { data: new Float32Array(12).fill(3), shape: [12] },
  });
  const { inputs, states, outputs, tensors, options } = await given(root, {}, '--no-simd', '--training');
  expect(inputs).toEqual([{ name: 'x', shape: [5] }]);
  expect(states.map(({ name }: { name: string }) => name)).toEqual(['l0.h', 'l1.h']);
  expect(outputs.map(({ shape }: { shape: number[] }) => shape)).toEqual([[4]]);
  expect(tensors['l0.bias_ih']).toEqual(Array(12).fill(0));
  expect(tensors['l1.bias_ih']).toEqual(Array(12).fill(3));
  expect(options).toMatchObject({ simd: false, training: true });
});

test('a layer without biases has zeros for them, and an LSTM that is projected is one', async () => {
  const { bias_ih_l0: _, bias_hh_l0: __, ...weights } = layer(5, 4);
  expect((await given(folderWith(weights))).tensors.bias_hh).toEqual(Array(12).fill(0));
  const { weight_hh_l0: ___, ...others } = layer(5, 4, '', '_l0', 4);
  const projected = { ...others, weight_hh_l0: zeros(16, 2), weight_hr_l0: zeros(2, 4) };
  expect((await given(folderWith(projected), { cell: 'lstm' })).states).toEqual([
    { name: 'h', shape: [2] },
    { name: 'c', shape: [4] },
  ]);
});

test('the only layer in a file needs no prefix, and of several the one that is meant; other names are nobody’s business', async () => {
  const two = { ...layer(5, 4, 'encoder.rnn.'), ...layer(3, 2, 'decoder.rnn.'), 'fc.weight': zeros(2, 4) };
  expect((await given(folderWith({ ...layer(5, 4, 'rnn.'), 'fc.weight': zeros(2, 4) }))).inputs[0].shape).toEqual([5]);
  for (const prefix of ['decoder.rnn.', 'decoder.rnn', 'decoder']) {
    expect((await given(folderWith(two), { prefix })).inputs[0].shape).toEqual([3]);
  }
});

test("a user's cell and network are exported with the names of generated classes", async () => {
  const cells = `
    import { cell, defineCell, gru } from '@congruent/spec';
    export const own = defineCell(\`${cellText('own')}\`);
    export const net = cell\`net(x[5]) -> y
      g[4] = \${gru}(x)
      y[2] = V @ g
      layout torch
        head = [V]\`;`;
  const own = folderWith({ W_l0: zeros(4, 3), W_l1: zeros(4, 4) }, { 'cells.ts': cells });
  expect((await given(own, { cell: 'cells.ts#own' })).inputs[0].shape).toEqual([3]);
  const net = folderWith({ ...layer(5, 4, 'model.g.'), 'model.head': zeros(2, 4) }, { 'cells.ts': cells });
  expect(Object.keys((await given(net, { cell: 'cells.ts#net' })).tensors)).toContain('head');
});

test('the sizes of a cell are read in its first layout, however that packs the parameters', async () => {
  const cells = `
    import { cell } from '@congruent/spec';
    export const packed = cell\`packed(x[I], h[H]) -> h'
      h' = tanh(W @ x + U @ h + b)
      layout keras
        kernel = [W | U]^T   bias = [b]\`;`;
  // Of W, [H, I], the columns 0 and 1, and of U, [H, H], the columns 2 to 4, each as a row.
  const rows = Float32Array.from({ length: 15 }, (_, at) => at);
  const root = folderWith({ kernel_l0: { data: rows, shape: [5, 3] }, bias_l0: zeros(3) }, { 'cells.ts': cells });
  const { inputs, states, tensors } = await given(root, { cell: 'cells.ts#packed' });
  expect(inputs).toEqual([{ name: 'x', shape: [2] }]);
  expect(states).toEqual([{ name: 'h', shape: [3] }]);
  expect(Object.values(tensors)).toEqual([
    [0, 3, 1, 4, 2, 5],
    [6, 9, 12, 7, 10, 13, 8, 11, 14],
    [0, 0, 0],
  ]);
});

describe('bad input is refused, and nothing is written', () => {
  const two = { ...layer(5, 4, 'encoder.rnn.'), ...layer(5, 4, 'decoder.rnn.') };

  test('a prefix of several layers, which are listed', async () => {
    const expected = refused(
      "EXPORT_WEIGHTS: model.safetensors has 2 layers of gru, with these prefixes: 'encoder.rnn.', 'decoder.rnn.'. " +
        'Say which: --prefix encoder.rnn.',
    );
    expect(await refusal(folderWith(two))).toEqual(expected);
  });

  test('a prefix of none, with those that there are', async () => {
    const { printed } = await refusal(folderWith(two), { prefix: 'rnn.' });
    expect(printed).toBe(
      "congruent: EXPORT_WEIGHTS: model.safetensors has no layer of gru behind the prefix 'rnn.': no tensor rnn.weight_ih_l0. " +
        "There are layers behind 'encoder.rnn.', 'decoder.rnn.'. Say which: --prefix encoder.rnn.",
    );
  });

  test('a file without a layer, with what it has', async () => {
    expect((await refusal(folderWith({ 'fc.weight': zeros(2, 4) }))).printed).toBe(
      'congruent: EXPORT_WEIGHTS: model.safetensors has no layer of gru: no tensor weight_ih_l0. It has: fc.weight. ' +
        'Give the cell that these belong to: --cell NAME',
    );
  });

  test('a file that is not there, or of another format', async () => {
    const root = folderWith({});
    writeFileSync(join(root, 'model.safetensors'), 'nothing');
    expect((await refusal(root)).printed).toMatch(/^congruent: MODEL_FORMAT: .*model\.safetensors/);
    const { printed } = await congruentIn(
      root,
      'export',
      'no.safetensors',
      '--cell=gru',
      '--target=wasm',
      '--name=a',
      '--out=out',
    );
    expect(printed).toMatch(/^congruent: MODEL_FILES: no\.safetensors cannot be read: no such file or directory\./);
  });

  test('weights that do not fit the cell, all at once', async () => {
    const { printed, exitCode } = await refusal(folderWith(layer(5, 4)), { cell: 'lstm' });
    expect(exitCode).toBe(1);
    expect(printed).toMatch(
      /^congruent: CONGRUENT_STATE_DICT: Error\(s\) in loading state_dict for lstm:\n\tsize mismatch for .*\nNothing was loaded\. If these are of another cell, name that: --cell NAME$/s,
    );
    const { weight_hh_l0: _, ...rest } = layer(5, 4);
    expect((await refusal(folderWith({ ...rest, odd_l0: zeros(1) }))).printed).toMatch(
      /Missing key\(s\) in state_dict: "weight_hh_l0".*\n\tUnexpected key\(s\) in state_dict: "odd_l0"/,
    );
  });

  test('a layer of two directions', async () => {
    const { printed } = await refusal(folderWith({ ...layer(5, 4), ...layer(5, 4, '', '_l0_reverse') }));
    expect(printed).toMatch(/^congruent: EXPORT_LAYERS: model\.safetensors: gru is bidirectional: /);
  });

  test('layers of a cell that cannot be stacked', async () => {
    const cells = `
      import { defineCell } from '@congruent/spec';
      export const wide = defineCell(\`
        wide(x[3], h[4]) -> h'
        h' = tanh(W @ x + h)
        layout plain
          W = [W]\`);`;
    const root = folderWith({ W_l0: zeros(4, 3), W_l1: zeros(4, 4) }, { 'cells.ts': cells });
    const { printed } = await refusal(root, { cell: 'cells.ts#wide' });
    expect(printed).toMatch(/^congruent: CONGRUENT_OPTION: export: numLayers 2 is not possible with the cell wide: /);
  });

  test.each(['my-model', '3d', 'a b', '', 'größe', '../a', '_exit'])('a name that is none in C: %j', async (name) => {
    const { printed, exitCode } = await refusal(folderWith(layer(5, 4)), { name });
    expect([printed.slice(0, 23), exitCode]).toEqual(['congruent: EXPORT_NAME:', 1]);
    expect(printed).toMatch(/--name [A-Za-z_]\w*$/);
  });

  test('a folder that cannot be written', async () => {
    const root = folderWith(layer(5, 4), { out: 'a file' });
    expect((await refusal(root)).printed).toMatch(/^congruent: OUTPUT_FOLDER: out cannot be written: /);
  });

  test('a backend that is not installed, or exports nothing', async () => {
    const root = folderWith(layer(5, 4));
    expect((await refusal(root, { target: 'c' })).printed).toMatch(/^congruent: BACKEND_MISSING: .*@congruent\/native/);
    forget(); // what was imported of the package is as it was then
    writeFileSync(join(root, 'node_modules/@congruent/wasm/export.js'), 'export default { target: 1 };');
    expect((await refusal(root)).printed).toBe(
      'congruent: BACKEND_MISSING: @congruent/wasm/export exports no exporter. ' +
        'A backend has an entry ./export, whose default export is { target, export }.',
    );
  });

  test.each([
    [{ target: 'cobol' }, 'there is no target cobol. There are: wasm, c'],
    [{ cell: 'gruu' }, 'there is no cell gruu. There are: '],
  ])('words that are none of the command line: %j', async (options, message) => {
    const { printed, exitCode } = await refusal(folderWith(layer(5, 4)), options as Readonly<Record<string, string>>);
    expect(printed).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('an option that is left out', async () => {
    const { printed, exitCode } = await congruentIn(folderWith({}), 'export', 'model.safetensors', '--cell', 'gru');
    expect([printed.split('\n')[0], exitCode]).toEqual(['congruent: export needs --target', 2]);
  });
});
