import { WireType } from '@bufbuild/protobuf/wire';
import { CongruentError } from '@congruent/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readModel } from '../src/index.ts';
import { read } from '../src/onnx/read.ts';
import * as onnx from './onnx-model.ts';
import { recorded } from './recorded.ts';

const ramp = (count: number): number[] => Array.from({ length: count }, (_, k) => k / count);

/** A file that meets most of the reader: folded weights, a state, an own cell, an If and a Loop. */
const small = onnx.model(
  onnx.initializer(onnx.raw('W', [1, 9, 2], ramp(18))),
  onnx.initializer(onnx.raw('R', [1, 9, 3], ramp(27))),
  onnx.initializer(onnx.raw('h', [1, 1, 3], ramp(3))),
  onnx.initializer(onnx.tensor('halves', [2, 1], 10, onnx.message(onnx.integer(5, 1), onnx.integer(5, 2)))),
  onnx.constant('B0', onnx.raw('', [2, 9], ramp(18))),
  onnx.constant('i', onnx.indices('', [1, 18])),
  onnx.node('Reshape', ['B0', 'i'], ['B'], 'reshape'),
  onnx.node(
    'GRU',
    ['X', 'W', 'R', 'B', '', 'h'],
    ['Y'],
    'gru',
    onnx.int('hidden_size', 3),
    onnx.strings('activations', ['HardSigmoid', 'Softsign']),
    onnx.floats('activation_alpha', [0.2]),
  ),
  onnx.node(
    'If',
    ['c'],
    ['y'],
    'if',
    onnx.subgraph('then_branch', onnx.graph(onnx.node('GRU', ['X', 'W', 'R'], ['Y'], 'inner'))),
  ),
  onnx.node(
    'Loop',
    ['n'],
    ['y'],
    'loop',
    onnx.subgraph('body', onnx.graph(onnx.node('GRU', ['X', 'W', 'R'], ['Y'], 'g'))),
  ),
);

/** Reads bytes as ONNX: it may go well, and what goes wrong is said as one of our own errors. */
async function expectOwnError(bytes: Uint8Array): Promise<'read' | 'refused'> {
  try {
    await read({ name: 'fuzzed.onnx', bytes, files: {} });
    return 'read';
  } catch (error) {
    if (!(error instanceof CongruentError)) throw error;
    expect(error.code).toMatch(/^MODEL_/);
    expect(error.message.length).toBeLessThan(2000);
    return 'refused';
  }
}

test('the file of these tests is read', async () => {
  const { layers } = await readModel(small);
  expect(layers.map(({ name, notes }) => [name, notes.length])).toEqual([
    ['gru', 0],
    ['inner', 0],
    ['g', 1],
  ]);
});

test('a file cut off anywhere is refused', async () => {
  for (let length = 0; length < small.length; length++) {
    expect([length, await expectOwnError(small.subarray(0, length))]).toEqual([length, 'refused']);
  }
});

test('each byte changed to many another', async () => {
  for (let at = 0; at < small.length; at++) {
    for (const to of [0, 1, 0x7f, 0x80, 0xff, small[at]! ^ 1, small[at]! ^ 8]) {
      const changed = small.slice();
      changed[at] = to;
      await expectOwnError(changed);
    }
  }
});

test('several bytes changed, taken out and put in', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(3), fc.uint8Array({ minLength: 1, maxLength: 6 })), {
        minLength: 1,
        maxLength: 6,
      }),
      async (edits) => {
        const bytes = [...small];
        for (const [at, removed, put] of edits) bytes.splice(at, removed, ...put);
        await expectOwnError(Uint8Array.from(bytes));
      },
    ),
    { numRuns: 3000 },
  ));

test('random bytes, also behind a good header', () =>
  fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, header) => {
      await expectOwnError(header ? Uint8Array.of(8, 8, 0x3a, bytes.length, ...bytes) : bytes);
    }),
    { numRuns: 3000 },
  ));

for (const { path, file, files } of recorded('onnx').filter(({ path: each }) =>
  /gtcrn|torch_lstm$|peephole/.test(each),
)) {
  test(`${path} with bytes changed at random`, () => {
    const bytes = files[file]!;
    return fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1 }), async (edits) => {
        const changed = bytes.slice();
        for (const [at, to] of edits) changed[at] = to;
        await expectOwnError(changed);
      }),
      { numRuns: 100 },
    );
  });
}

test('a field of another type than it is declared with is damage', async () => {
  const named = onnx.bytesOf(onnx.message(onnx.integer(1, 8), onnx.inner(7, onnx.inner(5, onnx.integer(8, 3)))));
  await expect(readModel(named)).rejects.toMatchObject({
    message: expect.stringMatching(/initializer 0: .* a field of wire type 0 in place of 2/),
  });
  const floats = onnx.inner(5, onnx.message(onnx.integer(2, 1), onnx.bytes(4, Uint8Array.of(0, 0, 1))));
  await expect(readModel(onnx.bytesOf(onnx.message(onnx.integer(1, 8), onnx.inner(7, floats))))).rejects.toMatchObject({
    message: expect.stringMatching(/initializer 0: its protobuf is truncated or damaged/),
  });
});

test('numbers of another type than they are declared with are damage', async () => {
  const dims: onnx.Message = (writer) => writer.tag(1, WireType.Bit32).fixed32(1);
  await expect(readModel(onnx.model(onnx.initializer(dims)))).rejects.toMatchObject({
    message: expect.stringMatching(/graph 0, initializer 0: .* numbers of wire type 5 in place of 0/),
  });
});

test('a message that ends within one of its fields is damage', async () => {
  // A graph of one byte: the number of its field 11, whose length is outside.
  await expect(readModel(Uint8Array.of(8, 8, 0x3a, 1, 0x5a, 0))).rejects.toMatchObject({
    message: expect.stringMatching(/longer than its message/),
  });
});

describe('bounds', () => {
  test('graphs nested without end', async () => {
    let graph = onnx.graph();
    for (let depth = 0; depth < 200; depth++) {
      graph = onnx.graph(onnx.node('If', ['c'], ['y'], '', onnx.subgraph('then_branch', graph)));
    }
    const bytes = onnx.bytesOf(onnx.message(onnx.integer(1, 8), onnx.inner(7, graph)));
    await expect(readModel(bytes)).rejects.toMatchObject({ message: expect.stringMatching(/nested more than 100/) });
  });

  test('a tensor of very many dimensions', async () => {
    const dims = new Array<number>(1000).fill(1);
    const bytes = onnx.model(onnx.initializer(onnx.raw('w', dims, [1])));
    await expect(readModel(bytes)).rejects.toMatchObject({ message: expect.stringMatching(/1000 dimensions/) });
  });

  test('lengths of 4 GiB in a file of some bytes', async () => {
    for (const field of [1, 2, 5, 7, 11]) {
      const bytes = Uint8Array.of(8, 8, (field << 3) | 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3);
      expect(await expectOwnError(bytes)).toBe('refused');
    }
  });
});
