import { afterEach, expect, test, vi } from 'vitest';
import { GRU, tensor } from '../src/index.ts';

afterEach(() => vi.unstubAllGlobals());

const options = { inputSize: 2, hiddenSize: 3 };

test.each([0, -1, 1.5, 257, Number.NaN, '2', null])('threads: %s is refused with CONGRUENT_OPTION', (threads) => {
  expect(() => GRU.createSync({ ...options, threads: threads as number })).toThrow(
    expect.objectContaining({
      code: 'CONGRUENT_OPTION',
      message: expect.stringMatching(/Option threads must be an integer from 1 to 256, got /),
    }),
  );
});

test.each([1, 256, undefined])('threads: %s is taken', (threads) => {
  using gru = GRU.createSync({ ...options, threads });
  expect(gru.forward(tensor(new Float32Array(12), [2, 3, 2])).output.shape).toEqual([2, 3, 3]);
});

test('an unknown math is refused with CONGRUENT_OPTION', () => {
  expect(() => GRU.createSync({ ...options, math: 'fast' as 'exact' })).toThrow(
    expect.objectContaining({ code: 'CONGRUENT_OPTION' }),
  );
});

test.each([2 ** 40, Number.MAX_SAFE_INTEGER])(
  'a GRU with a state of %d, which no buffer can hold the weights of, is refused with NATIVE_MEMORY',
  (hiddenSize) => {
    expect(() => GRU.createSync({ inputSize: 1, hiddenSize })).toThrow(
      expect.objectContaining({ code: 'NATIVE_MEMORY' }),
    );
  },
);

test('where the engine gives no buffer of that size, NATIVE_MEMORY says how large it is, and the GRU works on', () => {
  using gru = GRU.createSync({ inputSize: 1, hiddenSize: 500, bidirectional: true, threads: 2 });
  const x = tensor(new Float32Array(3), [3, 1]);
  const before = gru.forward(x).output.data;
  class Scarce extends ArrayBuffer {
    constructor(bytes: number) {
      if (bytes > 2 ** 20) throw new RangeError('Array buffer allocation failed');
      super(bytes);
    }
  }
  vi.stubGlobal('ArrayBuffer', Scarce);
  const long = tensor(new Float32Array(1000), [1000, 1]);
  for (const run of [() => gru.forward(long), () => gru.vjp(long), () => GRU.createSync(gru.options)]) {
    expect(run).toThrow(
      expect.objectContaining({ code: 'NATIVE_MEMORY', message: expect.stringMatching(/a buffer of \d+ MiB/) }),
    );
  }
  vi.unstubAllGlobals();
  expect(gru.forward(x).output.data).toEqual(before);
});
