import type { RecordedRun } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { numbers } from '../../../tools/testing/numbers.ts';
import { instantiateSync } from '../src/compile.ts';
import type { Buffer } from '../src/engine.ts';
import { bytes as trainingBytes } from '../src/generated/gru.float32.training.ts';
import { bytes } from '../src/generated/gru.float32.ts';
import { signature } from '../src/generated/gru.ts';
import { Heap } from '../src/heap.ts';
import { GRU, tensor } from '../src/index.ts';
import type { Kernel } from '../src/kernel.ts';
import { importsFrom, TrainingEngine } from '../src/training.ts';

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

test('recordings live outside the memory: a thousand of them, gone backwards or not, need that of one call', () => {
  const kernel: Kernel = instantiateSync(bytes);
  const engine = new TrainingEngine(kernel, signature, 'float32', () =>
    instantiateSync(trainingBytes, importsFrom(kernel)),
  );
  const [I, H, steps, batch] = [20, 30, 10, 4];
  const parameters = {
    weight_ih: numbers('float32', 3 * H * I, 1),
    weight_hh: numbers('float32', 3 * H * H, 2),
    bias_ih: numbers('float32', 3 * H, 3),
    bias_hh: numbers('float32', 3 * H, 4),
  };
  const layer = engine.layer({ I, H });
  layer.load(parameters);
  const batchSizes = new Array<number>(steps).fill(batch);
  const [x, h, g] = [I, H, H].map((width, seed) => numbers('float32', steps * batch * width, seed)) as [
    Floats,
    Floats,
    Floats,
  ];
  const record = (): RecordedRun<'sync', Buffer>['trace'] => {
    const call = engine.call();
    const [input, state] = [call.upload(x), call.upload(h.subarray(0, batch * H))];
    const { trace } = layer.record(call, { inputs: [input], states: [state], batchSizes, reverse: false });
    call.end();
    return trace;
  };
  const back = (trace: RecordedRun<'sync', Buffer>['trace']): Floats => {
    const call = engine.call();
    const adjoints = { outputs: [call.upload(g)], states: [call.upload(h.subarray(0, batch * H))] };
    const gradient = call.download(trace.pullback(call, parameters, adjoints).parameters['weight_hh']!);
    call.end();
    return gradient;
  };
  const first = record();
  const gradient = back(first);
  const { growths } = engine.heap;
  const traces = Array.from({ length: 1000 }, record);
  for (const trace of traces.slice(0, 500)) {
    expect(back(trace)).toEqual(gradient);
    trace.dispose();
    trace.dispose();
  }
  expect(engine.heap.growths).toBe(growths);
  expect(back(first)).toEqual(gradient);
  engine.dispose();
  for (const trace of traces) trace.dispose();
});

type Floats = ReturnType<typeof numbers>;

test('a sequence beyond 4 GiB is refused with WASM_MEMORY, and the GRU works on', () => {
  using gru = GRU.createSync({ inputSize: 1, hiddenSize: 500 });
  const x = tensor(new Float32Array(3), [3, 1]);
  const before = gru.forward(x).output.data;
  // 3 million rows of 500 floats are 6 GB of output
  const long = tensor(new Float32Array(3_000_000), [3_000_000, 1]);
  for (const run of [() => gru.forward(long), () => gru.vjp(long)]) {
    expect(run).toThrow(expect.objectContaining({ code: 'WASM_MEMORY' }));
  }
  expect(gru.forward(x).output.data).toEqual(before);
});

test('a GRU too large for WebAssembly is refused with WASM_MEMORY', () => {
  expect(() => GRU.createSync({ inputSize: 1, hiddenSize: 30_000 })).toThrow(
    expect.objectContaining({ code: 'WASM_MEMORY' }),
  );
});
