import { expect, test } from 'vitest';
import { instantiateSync } from '../src/compile.ts';
import { bytes } from '../src/generated/gru.float32.ts';
import { Heap } from '../src/heap.ts';
import { GRU, tensor } from '../src/index.ts';

const PAGE = 65536;

test('memory grows to what the largest call needs and no further', () => {
  const { memory } = instantiateSync(bytes);
  const heap = new Heap(memory);
  heap.push(10 * PAGE - 64);
  expect(memory.buffer.byteLength).toBe(10 * PAGE);
  heap.release();
  heap.push(5 * PAGE);
  heap.push(4 * PAGE);
  expect(memory.buffer.byteLength).toBe(10 * PAGE);
  expect(heap.growths).toBe(1);
});

test('the place of a disposed stream is used again, and what stays is not moved', () => {
  const heap = new Heap(instantiateSync(bytes).memory);
  const [first, second, third] = [100, 200, 300].map((size) => heap.keep(size)) as [Block, Block, Block];
  heap.drop(second);
  expect(heap.keep(64).at).toBe(second.at);
  expect(heap.keep(10).at).toBe(second.at + 64);
  expect(heap.keep(1000).at).toBeGreaterThan(third.at);
  expect(first.at).toBeLessThan(second.at);
});

type Block = ReturnType<Heap['keep']>;

test('ten thousand streams, one after the other, need the memory of one', () => {
  using gru = GRU.createSync({ inputSize: 100, hiddenSize: 100 });
  for (let count = 0; count < 10_000; count++) gru.stream().dispose();
  const stream = gru.stream();
  expect(stream.step(new Float32Array(100)).length).toBe(100);
});

test('a sequence beyond 4 GiB is refused with WASM_MEMORY, and the GRU works on', () => {
  using gru = GRU.createSync({ inputSize: 1, hiddenSize: 500 });
  const x = tensor(new Float32Array(3), [3, 1]);
  const before = gru.forward(x).output.data;
  // 3 million rows of 500 floats are 6 GB of output
  const long = tensor(new Float32Array(3_000_000), [3_000_000, 1]);
  expect(() => gru.forward(long)).toThrow(expect.objectContaining({ code: 'WASM_MEMORY' }));
  expect(gru.forward(x).output.data).toEqual(before);
});

test('a GRU too large for WebAssembly is refused with WASM_MEMORY', () => {
  expect(() => GRU.createSync({ inputSize: 1, hiddenSize: 30_000 })).toThrow(
    expect.objectContaining({ code: 'WASM_MEMORY' }),
  );
});
