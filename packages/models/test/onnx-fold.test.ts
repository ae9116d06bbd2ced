import { expect, test } from 'vitest';
import { readModel } from '../src/index.ts';
import * as onnx from './onnx-model.ts';

// Weights of nodes that follow from constants. Each is the W of a RNN with R beside it: its parameter is what was computed.

const numbers = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

const H = 2;

/** The input weights of a RNN whose W these nodes give from `c`, or its notes. */
async function computed(
  shape: readonly number[],
  ...nodes: readonly onnx.Message[]
): Promise<readonly number[] | string> {
  const count = shape.reduce((a, b) => a * b, 1);
  const bytes = onnx.model(
    onnx.initializer(onnx.raw('c', shape, numbers(count))),
    onnx.initializer(onnx.raw('R', [1, H, H], numbers(H * H))),
    ...nodes,
    onnx.node('RNN', ['X', 'W', 'R'], ['Y'], 'rnn'),
  );
  const [layer] = (await readModel(bytes)).layers;
  return layer!.notes.join('; ') || Array.from(layer!.parameters['weight_ih_l0']!.data, Number);
}

const indices = (name: string, values: readonly number[]): onnx.Message =>
  onnx.constant(name, onnx.indices('', values));

/** A node of `c` and constants that gives W. */
const to = (opType: string, inputs: readonly string[], ...attributes: readonly onnx.Message[]): onnx.Message =>
  onnx.node(opType, ['c', ...inputs], ['W'], opType, ...attributes);

test('Slice: starts and ends from the end, beyond it, backwards, and as attributes', async () => {
  const slice = (...[starts, ends, axes, steps]: readonly (readonly number[])[]) =>
    computed(
      [1, 4, 3],
      ...[starts, ends, axes, steps].map((values, k) => indices(`i${k}`, values!)),
      to('Slice', ['i0', 'i1', 'i2', 'i3']),
    );
  expect(await slice([1], [3], [1], [1])).toEqual([3, 4, 5, 6, 7, 8]);
  expect(await slice([-2], [2 ** 53], [-2], [1])).toEqual([6, 7, 8, 9, 10, 11]);
  expect(await slice([3], [0], [1], [-2])).toEqual([9, 10, 11, 3, 4, 5]);
  expect(await slice([1, 1], [3, 3], [2, 1], [1, 1])).toEqual([4, 5, 7, 8]);
  expect(await slice([9], [-100], [1], [-2])).toEqual([9, 10, 11, 3, 4, 5]);
  // A start before the first step is that step, as ONNX has it; NumPy's slice would be empty.
  expect(await slice([-100, 1], [-200, 3], [0, 1], [-1, 1])).toEqual([3, 4, 5, 6, 7, 8]);
  const old = to('Slice', [], onnx.ints('starts', [0, 2]), onnx.ints('ends', [1, 4]));
  expect(await computed([1, 4, 3], old)).toEqual([6, 7, 8, 9, 10, 11]);
});

test('Concat, of what stands in a row and one below the other', async () => {
  expect(await computed([1, 1, 2], to('Concat', ['c'], onnx.int('axis', 1)))).toEqual([0, 1, 0, 1]);
  expect(await computed([1, 2, 2], to('Concat', ['c'], onnx.int('axis', -1)))).toEqual([0, 1, 0, 1, 2, 3, 2, 3]);
});

test('Unsqueeze and Squeeze, as attributes and as inputs', async () => {
  expect(await computed([2, 3], to('Unsqueeze', [], onnx.ints('axes', [0])))).toEqual(numbers(6));
  expect(await computed([2, 3], indices('i', [-3]), to('Unsqueeze', ['i']))).toEqual(numbers(6));
  expect(await computed([1, 2, 1, 3], indices('i', [2]), to('Squeeze', ['i']))).toEqual(numbers(6));
  expect(await computed([1, 1, 2, 3], to('Squeeze', [], onnx.ints('axes', [1])))).toEqual(numbers(6));
});

test('Transpose, Reshape and Gather', async () => {
  expect(await computed([3, 2, 1], to('Transpose', []))).toEqual([0, 2, 4, 1, 3, 5]);
  expect(await computed([1, 3, 2], to('Transpose', [], onnx.ints('perm', [0, 2, 1])))).toEqual([0, 2, 4, 1, 3, 5]);
  expect(await computed([3, 2], indices('i', [1, 2, -1]), to('Reshape', ['i']))).toEqual(numbers(6));
  expect(await computed([1, 6], indices('i', [0, 2, 3]), to('Reshape', ['i']))).toEqual(numbers(6));
  expect(await computed([1, 3, 2], indices('i', [2, -3]), to('Gather', ['i'], onnx.int('axis', 1)))).toEqual([
    4, 5, 0, 1,
  ]);
});

test('Identity and Cast', async () => {
  const half = onnx.initializer(
    onnx.tensor('half', [1, 2, 1], 10, onnx.bytes(9, new Uint8Array(Uint16Array.of(0x3c00, 0xc000).buffer))),
  );
  const cast = onnx.node('Cast', ['half'], ['w'], 'cast', onnx.int('to', 1));
  expect(await computed([1], half, cast, onnx.node('Identity', ['w'], ['W'], ''))).toEqual([1, -2]);
});

test('what is not computed is named, however far from the weight it stands', async () => {
  const squeezed = onnx.node('Unsqueeze', ['m'], ['W'], 'u', onnx.ints('axes', [0]));
  const product = onnx.node('MatMul', ['c', 'c'], ['m'], 'product');
  expect(await computed([2, 2], product, squeezed)).toBe('its input W is computed by MatMul "product"');
  expect(await computed([2, 2], onnx.graphInput('m'), squeezed)).toBe('its input W is an input of the graph');
  expect(await computed([2, 2], squeezed)).toBe('its input W is the value "m", which nothing gives');
  expect(await computed([1, 2, 2], to('Cast', [], onnx.int('to', 7)))).toMatch(
    /Cast "Cast", which casts floats to integers/,
  );
});

test('what depends on itself, or takes too many steps, is said', async () => {
  const ring = [onnx.node('Identity', ['b'], ['W'], 'a'), onnx.node('Identity', ['W'], ['b'], 'b')];
  expect(await computed([1], ...ring)).toBe('its input W depends on itself');
  const axes = numbers(70).map((k) => -k - 1);
  expect(await computed([1, 2, 2], to('Unsqueeze', [], onnx.ints('axes', axes)))).toMatch(/too many dimensions/);
  const chain = numbers(5000).map((k) => onnx.node('Identity', [k === 0 ? 'c' : `v${k}`], [`v${k + 1}`], ''));
  const last = onnx.node('Identity', ['v5000'], ['W'], '');
  expect(await computed([1, 2, 2], ...chain, last)).toBe('its input W is computed in more than 100 steps');
});

test('what does not fit is refused with the node', async () => {
  const refused = (words: RegExp, ...nodes: readonly onnx.Message[]) =>
    expect(computed([1, 2, 3], ...nodes)).rejects.toMatchObject({
      code: 'MODEL_FORMAT',
      message: expect.stringMatching(words),
    });
  await refused(/node "Gather": index 7 of 2/, indices('i', [7]), to('Gather', ['i'], onnx.int('axis', 1)));
  await refused(/node "Concat": axis 3 of 3/, to('Concat', ['c'], onnx.int('axis', 3)));
  await refused(/node "Concat": .* does not fit/, to('Concat', ['R'], onnx.int('axis', 1)));
  await refused(/node "Reshape": \[1, 2, 3\] as \[4, 2\]/, indices('i', [4, 2]), to('Reshape', ['i']));
  await refused(/node "Reshape": .* as \[-2, -3\]/, indices('i', [-2, -3]), to('Reshape', ['i']));
  await refused(/node "Transpose": the order \[0, 0, 1\]/, to('Transpose', [], onnx.ints('perm', [0, 0, 1])));
  await refused(/node "Squeeze": .* not 1/, indices('i', [1]), to('Squeeze', ['i']));
  await refused(/node "Slice": .* step of 0/, indices('i', [0]), indices('j', [1]), to('Slice', ['i', 'j', 'i', 'i']));
});

test('small files that compute large tensors are refused', async () => {
  const double = (from: string, name: string) => onnx.node('Concat', [from, from], [name], name, onnx.int('axis', 0));
  const growing = numbers(60).map((k) => double(k === 0 ? 'c' : `v${k}`, `v${k + 1}`));
  await expect(computed([1, 2, 2], ...growing, onnx.node('Identity', ['v60'], ['W'], ''))).rejects.toMatchObject({
    code: 'MODEL_UNSAFE',
    message: expect.stringMatching(/far more memory/),
  });
});

test('so are small files of very many layers that share their weights', async () => {
  const rnns = numbers(1000).map((k) => onnx.node('RNN', ['X', 'c', 'R'], [`y${k}`], ''));
  const shared = computed([1, H, 5000], onnx.node('Identity', ['c'], ['W'], ''), ...rnns);
  await expect(shared).rejects.toMatchObject({ code: 'MODEL_UNSAFE' });
});

test('tensors without elements take no time, however long their other dimensions are', async () => {
  const empty = onnx.initializer(onnx.tensor('e', [2 ** 52, 0], 1, onnx.bytes(9, new Uint8Array())));
  const concat = onnx.node('Concat', ['e', 'e'], ['W'], 'concat', onnx.int('axis', 1));
  const gather = onnx.node('Gather', ['e', 'i'], ['W'], 'gather', onnx.int('axis', 1));
  const before = performance.now();
  await expect(computed([1], empty, concat)).rejects.toMatchObject({ code: 'MODEL_FORMAT' });
  await expect(computed([1], empty, indices('i', []), gather)).rejects.toMatchObject({ code: 'MODEL_FORMAT' });
  expect(performance.now() - before).toBeLessThan(1000);
});

test('Split: each output, in equal parts or as it says', async () => {
  const parts = (rows: number, outputs: readonly string[], ...attributes: readonly onnx.Message[]) =>
    computed([1, rows, 3], onnx.node('Split', ['c'], outputs, 'split', onnx.int('axis', 1), ...attributes));
  expect(await parts(4, ['other', 'W'])).toEqual([6, 7, 8, 9, 10, 11]);
  expect(await parts(5, ['other', 'W'], onnx.ints('split', [3, 2]))).toEqual([9, 10, 11, 12, 13, 14]);
  await expect(parts(4, ['W', 'other'], onnx.ints('split', [1, 2]))).rejects.toThrow(/Split of 4 into \[1, 2\]/);
});
