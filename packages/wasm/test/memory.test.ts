import { hostBackend, hostTraining, type RecordedRun } from '@congruent/runtime';
import { expect, test, vi } from 'vitest';
import { collect } from '../../../tools/testing/collect.ts';
import { numbers } from '../../../tools/testing/numbers.ts';
import { VECTOR_BYTES } from '../codegen/lanes.ts';
import { instantiateSync } from '../src/compile.ts';
import { bytes as trainingBytes } from '../src/generated/gru.float32.training.ts';
import { bytes } from '../src/generated/gru.float32.ts';
import { signature } from '../src/generated/gru.ts';
import { type Buffer, openHeap } from '../src/heap.ts';
import { GRU, tensor } from '../src/index.ts';
import { inferenceKernels } from '../src/kernels.ts';
import { importsFrom, trainingKernels } from '../src/training.ts';

/** Elements. */
const PAGE = 65536 / 4;

test('memory grows to what the largest call needs and no further', () => {
  const { memory } = instantiateSync(bytes);
  const heap = openHeap(memory, 'float32');
  heap.push(10 * PAGE - 16);
  const { buffer } = memory;
  expect(buffer.byteLength).toBe(4 * 10 * PAGE);
  heap.release();
  heap.push(5 * PAGE);
  heap.push(4 * PAGE);
  expect(memory.buffer).toBe(buffer);
});

test.each(['push', 'keep'] as const)('%s leaves as many bytes behind a buffer as vector loads may touch', (place) => {
  const { memory } = instantiateSync(bytes);
  const { at, length } = openHeap(memory, 'float32')[place](PAGE);
  expect(memory.buffer.byteLength - (at + 4 * length)).toBeGreaterThanOrEqual(4 * VECTOR_BYTES);
});

test('what is kept is zeros, also where another buffer was', () => {
  const heap = openHeap(instantiateSync(bytes).memory, 'float32');
  const before = heap.keep(16);
  heap.view(before).fill(1);
  heap.drop(before);
  const kept = heap.keep(16);
  expect([kept.at, heap.view(kept)]).toEqual([before.at, new Float32Array(16)]);
});

test('the place of a disposed stream is used again, and what stays is not moved', () => {
  const heap = openHeap(instantiateSync(bytes).memory, 'float32');
  const [first, second, third] = [25, 50, 75].map((length) => heap.keep(length)) as [Buffer, Buffer, Buffer];
  heap.drop(second);
  expect(heap.keep(16).at).toBe(second.at);
  expect(heap.keep(3).at).toBe(second.at + 64);
  expect(heap.keep(250).at).toBeGreaterThan(third.at);
  expect(first.at).toBeLessThan(second.at);
});

test('ten thousand streams, one after the other, need the memory of one', () => {
  using gru = GRU.createSync({ inputSize: 100, hiddenSize: 100 });
  for (let count = 0; count < 10_000; count++) gru.stream().dispose();
  const stream = gru.stream();
  expect(stream.step(new Float32Array(100)).length).toBe(100);
});

test('ten thousand streams that are dropped need the memory of few, once the event loop has turned', async () => {
  const { memory } = instantiateSync(bytes);
  const heap = openHeap(memory, 'float32');
  const backend = hostBackend({
    name: 'wasm',
    supports: { float64: true, deterministic: true },
    signature,
    kernels: () => inferenceKernels(instantiateSync(bytes), 'float32', heap),
  });
  const layer = backend.openSync!({ dtype: 'float32' }).layer({ I: 100, H: 100 });
  const kept = heap.keep(1000);
  heap.view(kept).fill(7);
  const held = layer.stream(1, undefined);
  const open = async (): Promise<void> => {
    for (let stream = 0; stream < 100; stream++) layer.stream(1, undefined);
    collect();
    await new Promise((resolve) => setTimeout(resolve));
  };
  for (let round = 0; round < 10; round++) await open();
  const { byteLength } = memory.buffer;
  for (let round = 0; round < 100; round++) await open();
  expect(memory.buffer.byteLength - byteLength).toBeLessThan(2 ** 20);
  expect(heap.view(kept).every((value) => value === 7)).toBe(true);
  held.setStates([new Float32Array(100).fill(3)]);
  await open();
  const state = new Float32Array(100);
  held.readState(0, state);
  expect(state).toEqual(new Float32Array(100).fill(3));
});

test('a stream that was disposed of and is then collected frees nothing of another', async () => {
  using gru = GRU.createSync({ inputSize: 2, hiddenSize: 3 });
  const x = Float32Array.of(1, 2);
  using other = gru.stream(); // which stays, so that there is no room below
  const expected = other.step(x).slice();
  gru.stream().dispose();
  const first = gru.stream(); // in the place of the one before
  for (let round = 0; round < 5; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve));
  }
  const second = gru.stream();
  second.reset(tensor(new Float32Array(3).fill(9), [1, 3]));
  expect(first.step(x).slice()).toEqual(expected);
});

test('recordings live outside the memory: a thousand of them, gone backwards or not, need that of one call', () => {
  const module = instantiateSync(bytes);
  const backend = hostBackend({
    name: 'wasm',
    supports: { float64: true, deterministic: true },
    signature,
    training: hostTraining,
    kernels: () =>
      trainingKernels(inferenceKernels(module, 'float32'), () => instantiateSync(trainingBytes, importsFrom(module))),
  });
  const engine = backend.openSync!({ dtype: 'float32' });
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
    const { trace } = layer.record!(call, { inputs: [input], states: [state], batchSizes, reverse: false });
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
  const { buffer } = module.memory;
  const traces = Array.from({ length: 1000 }, record);
  for (const trace of traces.slice(0, 500)) {
    expect(back(trace)).toEqual(gradient);
    trace.dispose();
    trace.dispose();
  }
  expect(module.memory.buffer).toBe(buffer);
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
    expect.objectContaining({
      code: 'WASM_MEMORY',
      message: expect.stringMatching(/^WASM_MEMORY: this needs \d{4,} MiB, more than the engine gives\./),
    }),
  );
});

test('a disposed GRU lets go of its memory, whoever still holds its streams and pullbacks', async () => {
  const { Instance, Module, validate } = globalThis.WebAssembly;
  const memories: WeakRef<object>[] = [];
  class Watched extends Instance {
    constructor(...of: ConstructorParameters<typeof Instance>) {
      super(...of);
      const { memory } = this.exports;
      if (memory) memories.push(new WeakRef(memory));
    }
  }
  vi.stubGlobal('WebAssembly', { Module, validate, Instance: Watched });
  const held = (() => {
    const gru = GRU.createSync({ inputSize: 2, hiddenSize: 3, numLayers: 2 });
    const stream = gru.stream();
    stream.step(new Float32Array(2));
    const { pullback } = gru.vjp(tensor(new Float32Array(4), [2, 2]));
    gru.dispose();
    return { gru, stream, pullback };
  })();
  vi.unstubAllGlobals();
  expect(memories.length).toBe(1);
  for (let round = 0; round < 20 && memories[0]!.deref() !== undefined; round++) {
    await new Promise((resolve) => setTimeout(resolve));
    collect();
  }
  expect(memories[0]!.deref()).toBeUndefined();
  expect(() => held.pullback({ hn: tensor(new Float32Array(6), [2, 3]) })).toThrow(
    expect.objectContaining({ code: 'CONGRUENT_DISPOSED' }),
  );
});
