import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { type FloatArray, type GRUOptions, tensor } from '../src/index.ts';
import { defined } from './defined.ts';
import { expectCode, expectRefusal } from './expect-code.ts';
import { linearBackend } from './linear-backend.ts';
import { ramp } from './reference.ts';

const I = 2;
const H = 3;
const T = 5;

for (const mode of ['sync', 'async'] as const) {
  const { backend, probe } = linearBackend(mode);
  const { GRU } = defined(backend);
  const create = (options: Partial<GRUOptions> = {}) =>
    GRU.create({ inputSize: I, hiddenSize: H, dtype: 'float64', numLayers: 2, ...options });
  const stepOf = (x: FloatArray, t: number, batch: number) => x.slice(t * batch * I, (t + 1) * batch * I);

  describe(`mode ${mode}`, () => {
    for (const numLayers of [1, 3]) {
      for (const batchSize of [1, 4]) {
        test(`${numLayers} layers, batchSize ${batchSize}: the steps are forward's output, the state its hn`, async () => {
          const gru = await create({ numLayers });
          const input = ramp([T, batchSize, I]);
          const h0 = ramp([numLayers, batchSize, H]);
          const { output, hn } = await gru.forward(input, h0);
          const stream = gru.stream({ batchSize, h0 });
          for (let t = 0; t < T; t++) {
            const y = await stream.step(stepOf(input.data, t, batchSize));
            expect(y.slice()).toEqual(output.data.slice(t * batchSize * H, (t + 1) * batchSize * H));
          }
          expect(await stream.state).toEqual(hn);
        });
      }
    }

    test('h0 defaults to zeros, may be [L, H] where batchSize is 1, and is copied', async () => {
      const gru = await create();
      const h0 = ramp([2, H]);
      const stream = gru.stream({ h0 });
      h0.data.fill(9);
      expect(await stream.state).toEqual({ data: ramp([2, 1, H]).data, shape: [2, 1, H] });
      expect((await gru.stream().state).data).toEqual(new Float64Array(2 * H));
    });

    test('reset starts anew, from zeros or from a state', async () => {
      const gru = await create();
      const stream = gru.stream();
      const x = Float64Array.of(1, 2);
      const first = (await stream.step(x)).slice();
      const state = await stream.state;
      const second = (await stream.step(x)).slice();
      stream.reset();
      expect((await stream.step(x)).slice()).toEqual(first);
      stream.reset(state);
      expect((await stream.step(x)).slice()).toEqual(second);
    });

    test('state is a copy: changing it changes nothing', async () => {
      const stream = (await create()).stream({ h0: ramp([2, 1, H]) });
      (await stream.state).data.fill(9);
      expect(await stream.state).toEqual(ramp([2, 1, H]));
    });

    test('what step gave may be written to and transferred: no later step and no state changes', async () => {
      const gru = await create();
      const [stream, expected] = [gru.stream(), gru.stream()];
      const x = Float64Array.of(1, 2);
      for (const spoil of [
        (y: FloatArray) => y.fill(9),
        (y: FloatArray) => structuredClone(y, { transfer: [y.buffer as ArrayBuffer] }),
        () => {},
      ]) {
        const y = await stream.step(x);
        expect(y.slice()).toEqual((await expected.step(x)).slice());
        spoil(y);
        expect(await stream.state).toEqual(await expected.state);
      }
    });

    test('streams are independent of each other and of forward', async () => {
      const gru = await create();
      const [one, two] = [gru.stream(), gru.stream()];
      const x = Float64Array.of(1, 2);
      const first = (await one.step(x)).slice();
      await one.step(x);
      await gru.forward(ramp([T, I]));
      expect((await two.step(x)).slice()).toEqual(first);
    });

    test('a state dict loaded while a stream is open is used from the next step on, and the state is kept', async () => {
      const [gru, other] = [await create(), await create({ seed: 5 })];
      const stream = gru.stream();
      const x = Float64Array.of(1, 2);
      await stream.step(x);
      const state = await stream.state;
      gru.loadStateDict(other.stateDict());
      const y = (await stream.step(x)).slice();
      expect(y).toEqual((await other.stream({ h0: state }).step(x)).slice());
    });

    test('a bidirectional GRU is refused with CONGRUENT_BIDIRECTIONAL_STREAM', async () => {
      const gru = await create({ bidirectional: true });
      await expectCode(() => gru.stream(), 'CONGRUENT_BIDIRECTIONAL_STREAM', 'Use forward()');
    });

    test('training mode with dropout is refused with CONGRUENT_TRAINING_STREAM; eval mode, or one layer, is not', async () => {
      const gru = await create({ dropout: 0.5 });
      await expectCode(() => gru.stream(), 'CONGRUENT_TRAINING_STREAM', 'Call eval() first');
      gru.eval().stream();
      (await create({ dropout: 0.5, numLayers: 1 })).stream();
    });

    test('a stream never applies dropout, also where train() comes later', async () => {
      const [gru, plain] = [await create({ dropout: 0.5 }), await create()];
      const stream = gru.eval().stream();
      gru.train();
      const x = Float64Array.of(1, 2);
      expect((await stream.step(x)).slice()).toEqual((await plain.stream().step(x)).slice());
    });

    for (const batchSize of [0, -1, 1.5, '1', null]) {
      test(`batchSize ${JSON.stringify(batchSize)} is refused with CONGRUENT_OPTION`, async () => {
        const gru = await create();
        await expectCode(
          () => gru.stream({ batchSize } as object),
          'CONGRUENT_OPTION',
          'batchSize must be a positive integer',
        );
      });
    }
    test('an unknown option is refused with CONGRUENT_OPTION', async () => {
      const gru = await create();
      await expectCode(() => gru.stream({ batch: 2 } as object), 'CONGRUENT_OPTION', 'All: batchSize, h0');
    });

    for (const [batchSize, shape] of [
      [1, [2, 2, 3]],
      [1, [1, 3]],
      [1, [6]],
      [2, [2, 3]],
      [2, [2, 1, 3]],
      [2, [2, 2, 4]],
    ] as const) {
      test(`batchSize ${batchSize}: h0 [${shape}] is refused with CONGRUENT_SHAPE, in stream and in reset, and leaves no stream open`, async () => {
        const gru = await create();
        const h0 = ramp(shape);
        const open = probe.streams;
        await expectCode(
          () => gru.stream({ batchSize, h0 }),
          'CONGRUENT_SHAPE',
          `Expected hidden size (2, ${batchSize}, 3)`,
        );
        expect(probe.streams).toBe(open);
        const stream = gru.stream({ batchSize });
        await expectCode(
          () => stream.reset(h0),
          'CONGRUENT_SHAPE',
          'GRUStream.reset: h0',
          `Expected hidden size (2, ${batchSize}, 3)`,
        );
      });
    }

    for (const [x, code] of [
      [new Float64Array(1), 'CONGRUENT_SHAPE'],
      [new Float64Array(3), 'CONGRUENT_SHAPE'],
      [new Float64Array(0), 'CONGRUENT_SHAPE'],
      [new Float32Array(2), 'CONGRUENT_DTYPE'],
      [new Int32Array(2), 'CONGRUENT_DTYPE'],
      [[1, 2], 'CONGRUENT_SHAPE'],
      [tensor(new Float64Array(2)), 'CONGRUENT_SHAPE'],
      [undefined, 'CONGRUENT_SHAPE'],
      [null, 'CONGRUENT_SHAPE'],
    ] as const) {
      test(`step(${Object.prototype.toString.call(x)}) of length ${(x as FloatArray)?.length} is refused with ${code}, and the state is kept`, async () => {
        const stream = (await create()).stream({ h0: ramp([2, 1, H]) });
        const wanted = code === 'CONGRUENT_SHAPE' ? ' must be a Float64Array of [1, 2], got ' : '';
        await expectRefusal(mode, () => stream.step(x as FloatArray), code, `GRUStream.step: x${wanted}`);
        expect(await stream.state).toEqual(ramp([2, 1, H]));
      });
    }

    test('where a layer’s stream cannot be opened, those below it are released', async () => {
      const gru = await create({ numLayers: 3 });
      const open = probe.streams;
      probe.fail = 'stream';
      probe.skip = 2;
      expect(() => gru.stream()).toThrow('stream failed');
      expect(probe.streams).toBe(open);
      gru.stream().dispose();
      expect(probe.streams).toBe(open);
    });

    test('disposed: step, state and reset are refused with CONGRUENT_DISPOSED; a second dispose does nothing', async () => {
      const gru = await create();
      const open = probe.streams;
      const stream = gru.stream();
      stream.dispose();
      stream.dispose();
      expect(probe.streams).toBe(open);
      await expectCode(() => stream.step(Float64Array.of(1, 2)), 'CONGRUENT_DISPOSED', 'GRUStream.step');
      await expectCode(() => stream.state, 'CONGRUENT_DISPOSED', 'GRUStream.state');
      await expectCode(() => stream.reset(), 'CONGRUENT_DISPOSED', 'GRUStream.reset');
      await gru.forward(ramp([T, I]));
    });
  });
}

test('mode sync: step takes arrays of another realm (an iframe, a vm context)', () => {
  const { GRU } = defined(linearBackend('sync').backend);
  const gru = GRU.createSync({ inputSize: I, hiddenSize: H });
  const foreign: Float32Array = runInNewContext('Float32Array.of(1, 2)');
  expect(foreign).not.toBeInstanceOf(Float32Array);
  expect(gru.stream().step(foreign).slice()).toEqual(gru.stream().step(Float32Array.of(1, 2)).slice());
});

test('mode sync: step gives the same array again, and a new one where that was transferred', () => {
  const stream = defined(linearBackend('sync').backend).GRU.createSync({ inputSize: I, hiddenSize: H }).stream();
  const x = new Float32Array(I);
  const y = stream.step(x);
  expect(stream.step(x)).toBe(y);
  structuredClone(y, { transfer: [y.buffer as ArrayBuffer] });
  expect(stream.step(x)).toHaveLength(H);
});

test('mode async: results of steps that nobody awaited are arrays of their own', async () => {
  const { GRU } = defined(linearBackend('async').backend);
  const stream = (await GRU.create({ inputSize: I, hiddenSize: H })).stream();
  const x = Float32Array.of(1, 2);
  const [first, second] = await Promise.all([stream.step(x), stream.step(x)]);
  expect(first).not.toEqual(second);
});

test('mode async: steps that nobody awaited and a reset happen one after the other, with the values of the moment', async () => {
  const { GRU } = defined(linearBackend('async').backend);
  const gru = await GRU.create({ inputSize: I, hiddenSize: H, numLayers: 2 });
  const [stream, expected] = [gru.stream(), gru.stream()];
  const x = new Float32Array(I);
  const replies: Promise<unknown>[] = [];
  for (let t = 0; t < 4; t++) {
    x.fill(t);
    replies.push(stream.step(x));
  }
  const state = stream.state;
  const h0 = tensor(new Float32Array(2 * H).fill(5), [2, 1, H]);
  stream.reset(h0);
  x.fill(99);
  h0.data.fill(99);
  await Promise.all(replies);
  for (let t = 0; t < 4; t++) await expected.step(new Float32Array(I).fill(t));
  expect(await state).toEqual(await expected.state);
  expect((await stream.state).data).toEqual(new Float32Array(2 * H).fill(5));
});
