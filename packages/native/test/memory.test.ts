import { expect, test } from 'vitest';
import { collect } from '../../../tools/testing/collect.ts';
import { GRU, tensor } from '../src/index.ts';
import { packageAddon } from '../src/load.ts';
import { openMemory } from '../src/memory.ts';

const addon = packageAddon();
const MIB = 2 ** 18; // elements

/** Bytes of buffers that are alive; a round of the event loop lets finalizers run. */
async function buffers(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve));
    collect();
  }
  return process.memoryUsage().arrayBuffers;
}

test.each([1, 3, 16, 1000])(
  'a buffer of %d elements begins at a multiple of 64 bytes, on the stack or kept',
  (length) => {
    const { push, keep } = openMemory(addon, 'float32');
    for (const { buffer, byteOffset, length: given } of [push(length), push(length), keep(length)]) {
      expect((addon.misalignment(buffer as ArrayBuffer) + byteOffset) % 64).toBe(0);
      expect(given).toBe(length);
    }
  },
);

test('what is released is used again, within a call and by the next one', () => {
  const { push, mark, release, end } = openMemory(addon, 'float32');
  const first = push(10);
  const before = mark();
  const second = push(20);
  release(before);
  expect(push(5).byteOffset).toBe(second.byteOffset);
  end();
  const again = push(10);
  expect([again.buffer === first.buffer, again.byteOffset]).toEqual([true, first.byteOffset]);
});

test('the stack grows by a block, which keeps what there is, and is one block from the next call on', () => {
  const { push, mark, release, end, isPushed } = openMemory(addon, 'float32');
  const small = push(100).fill(1);
  const before = mark();
  const large = push(MIB).fill(2);
  expect(large.buffer).not.toBe(small.buffer);
  expect([small[99], isPushed(small), isPushed(large)]).toEqual([1, true, true]);
  release(before);
  expect(push(MIB).buffer).toBe(large.buffer);
  end();
  const [one, other] = [push(100), push(MIB)];
  expect(one.buffer).toBe(other.buffer);
  expect(isPushed(small)).toBe(false);
});

test('what no call has needed for long is given back', () => {
  const { push, end } = openMemory(addon, 'float32');
  push(64 * MIB);
  end();
  for (let call = 0; call < 200; call++) {
    push(1000);
    end();
  }
  expect(push(1000).buffer.byteLength).toBeLessThan(2 ** 20);
});

test.each([1, 2])('thousands of calls and pullbacks need the memory of one, with %d threads', async (threads) => {
  using gru = GRU.createSync({ inputSize: 8, hiddenSize: 16, bidirectional: true, threads });
  const x = tensor(new Float32Array(20 * 8), [20, 1, 8]);
  const call = (): void => {
    gru.forward(x);
    const { output, pullback } = gru.vjp(x);
    pullback({ output });
  };
  for (let round = 0; round < 100; round++) call();
  const before = await buffers();
  for (let round = 0; round < 1000; round++) call();
  expect((await buffers()) - before).toBeLessThan(2 ** 18);
});

test('a disposed GRU lets go of its memory, whoever still holds it, its streams and its disposed pullbacks', async () => {
  const before = await buffers();
  const x = tensor(new Float32Array(100 * 32), [100, 32, 1]);
  const gru = GRU.createSync({ inputSize: 1, hiddenSize: 300 });
  const stream = gru.stream();
  stream.step(new Float32Array(1));
  const { pullback } = gru.vjp(x);
  const parameters = 4 * 3 * 300 * 302; // which the disposed GRU may hold
  expect((await buffers()) - before).toBeGreaterThan(10 * 2 ** 20);
  pullback.dispose();
  gru.dispose();
  expect((await buffers()) - before).toBeLessThan(3 * parameters);
  expect(() => stream.step(new Float32Array(1))).toThrow(expect.objectContaining({ code: 'CONGRUENT_DISPOSED' }));
});

test('a GRU that nobody holds gives its memory back without being disposed of', async () => {
  const before = await buffers();
  (() => {
    const gru = GRU.createSync({ inputSize: 1, hiddenSize: 1000 });
    gru.stream().step(new Float32Array(1));
    gru.forward(tensor(new Float32Array(1000), [1000, 1]));
  })();
  expect((await buffers()) - before).toBeLessThan(2 ** 20);
});

test('what a disposed pullback recorded is used again by the next one, and no more is kept than one needs', () => {
  const { borrow, giveBack, end } = openMemory(addon, 'float32');
  const [first, second] = [borrow(1000), borrow(1000)];
  end();
  giveBack(first);
  expect(borrow(1000)).toBe(first);
  expect(borrow(1000)).not.toBe(second);
  end();
  const others = [new Float32Array(1000), new Float32Array(1000)];
  for (const buffer of [first, second, ...others]) giveBack(buffer);
  expect(borrow(1000)).toBe(first);
  expect(borrow(1000)).toBe(second);
  expect(others).not.toContain(borrow(1000));
});
