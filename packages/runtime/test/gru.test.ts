import { describe, expect, test } from 'vitest';
import { type GRUOptions, type PackedSequence, packPaddedSequence, type Tensor, tensor } from '../src/index.ts';
import { dropoutMask } from '../src/parameters/random.ts';
import { defined } from './defined.ts';
import { expectCode, expectRefusal } from './expect-code.ts';
import { INCONSISTENT } from './inconsistent.ts';
import { linearBackend } from './linear-backend.ts';
import { ramp, reference, row } from './reference.ts';

const range = (n: number) => [...new Array(n).keys()];
const I = 2;
const H = 3;
const T = 4;
const B = 3;

for (const mode of ['sync', 'async'] as const) {
  const { backend, probe } = linearBackend(mode);
  const { GRU } = defined(backend);
  const create = (options: Partial<GRUOptions> = {}) =>
    GRU.create({ inputSize: I, hiddenSize: H, dtype: 'float64', seed: 1, ...options });

  describe(`mode ${mode}`, () => {
    for (const numLayers of [1, 2, 3]) {
      for (const bidirectional of [false, true]) {
        for (const batchFirst of [false, true]) {
          const D = bidirectional ? 2 : 1;
          const title = `${numLayers} layers, ${D} directions${batchFirst ? ', batchFirst' : ''}`;
          const h0 = ramp([numLayers * D, B, H], 0.1);
          const statesOf = (b: number) => range(numLayers * D).map((k) => row(h0, k, b));

          test(`${title}: output and hn have torch's shapes, order and values`, async () => {
            const gru = await create({ numLayers, bidirectional, batchFirst });
            const input = ramp(batchFirst ? [B, T, I] : [T, B, I]);
            const { output, hn } = await gru.forward(input, h0);
            expect(output.shape).toEqual(batchFirst ? [B, T, D * H] : [T, B, D * H]);
            expect(hn.shape).toEqual([numLayers * D, B, H]);
            for (const b of range(B)) {
              const steps = range(T).map((t) => (batchFirst ? row(input, b, t) : row(input, t, b)));
              const expected = reference(gru.options, gru.stateDict(), steps, statesOf(b));
              expect(range(T).map((t) => (batchFirst ? row(output, b, t) : row(output, t, b)))).toEqual(
                expected.output,
              );
              expect(range(numLayers * D).map((k) => row(hn, k, b))).toEqual(expected.hn);
            }
          });

          test(`${title}: a packed sequence of lengths 2, 4, 3 gives each sequence alone, hn in the caller's order`, async () => {
            const gru = await create({ numLayers, bidirectional, batchFirst });
            const input = ramp([T, B, I]);
            const lengths = [2, 4, 3];
            const packed = packPaddedSequence(input, lengths, { enforceSorted: false });
            const { output, hn } = await gru.forward(packed, h0);
            expect(output).toMatchObject({
              batchSizes: [3, 3, 2, 1],
              sortedIndices: [1, 2, 0],
              unsortedIndices: [2, 0, 1],
              data: { shape: [9, D * H] },
            });
            for (const b of range(B)) {
              const steps = range(lengths[b]!).map((t) => row(input, t, b));
              const expected = reference(gru.options, gru.stateDict(), steps, statesOf(b));
              const rank = output.unsortedIndices![b]!;
              const starts = [0, 3, 6, 8];
              const rows = range(lengths[b]!).map((t) => {
                const begin = (starts[t]! + rank) * D * H;
                return [...output.data.data.subarray(begin, begin + D * H)];
              });
              expect(rows).toEqual(expected.output);
              expect(range(numLayers * D).map((k) => row(hn, k, b))).toEqual(expected.hn);
            }
          });

          test(`${title}: an unbatched input is a batch of one, whatever batchFirst says`, async () => {
            const gru = await create({ numLayers, bidirectional, batchFirst });
            const input = ramp([T, I]);
            const state = ramp([numLayers * D, H], 0.1);
            const { output, hn } = await gru.forward(input, state);
            const batched = batchFirst ? [1, T, I] : [T, 1, I];
            const one = await gru.forward({ ...input, shape: batched }, { ...state, shape: [numLayers * D, 1, H] });
            expect(output).toEqual({ data: one.output.data, shape: [T, D * H] });
            expect(hn).toEqual({ data: one.hn.data, shape: [numLayers * D, H] });
          });
        }
      }
    }

    test('h0 left out, undefined or null: zeros', async () => {
      const gru = await create({ numLayers: 2 });
      const input = ramp([T, B, I]);
      const expected = await gru.forward(input, { data: new Float64Array(2 * B * H), shape: [2, B, H] });
      expect(await gru.forward(input)).toEqual(expected);
      expect(await gru.forward(input, undefined)).toEqual(expected);
      expect(await gru.forward(input, null as never)).toEqual(expected);
    });

    test('results are fresh each time, and input, h0 and packed indices are not modified', async () => {
      const gru = await create({ numLayers: 2, bidirectional: true, batchFirst: true });
      const input = ramp([B, T, I]);
      const h0 = ramp([4, B, H]);
      const packed = packPaddedSequence(input, [2, 4, 3], { batchFirst: true, enforceSorted: false });
      const before = structuredClone([input, h0, packed]);
      const first = await gru.forward(input, h0);
      const kept = structuredClone(first);
      const other = await gru.forward(packed, h0);
      first.output.data.fill(0);
      (other.output.batchSizes as number[])[0] = 99;
      (other.output.sortedIndices as number[])[0] = 99;
      expect([input, h0, packed]).toEqual(before);
      expect(await gru.forward(input, h0)).toEqual(kept);
    });

    test('the input may change as soon as forward has returned', async () => {
      const gru = await create();
      const input = ramp([T, I]);
      const expected = await gru.forward(ramp([T, I]));
      const busy = gru.forward(ramp([T, I]));
      const reply = gru.forward(input);
      input.data.fill(0);
      expect(await reply).toEqual(expected);
      await busy;
    });

    test('B = 0 gives empty results of the right shapes, as in torch', async () => {
      const gru = await create({ numLayers: 2, bidirectional: true });
      probe.log.length = 0;
      const { output, hn } = await gru.forward(tensor(new Float64Array(), [T, 0, I]));
      expect(output).toEqual({ data: new Float64Array(), shape: [T, 0, 2 * H] });
      expect(hn).toEqual({ data: new Float64Array(), shape: [4, 0, H] });
      expect(probe.log).not.toContain('run');
    });

    describe('forward refuses', () => {
      const refused = (
        title: string,
        input: unknown,
        h0: unknown,
        code: Parameters<typeof expectCode>[1],
        ...texts: string[]
      ): void => {
        test(`${title} with ${code}`, async () => {
          const gru = await create({ numLayers: 2 });
          await expectRefusal(mode, () => gru.forward(input as Tensor, h0 as Tensor), code, ...texts);
          expect(probe.openCalls).toBe(0);
        });
      };
      const zeros = (...shape: number[]) => tensor(new Float64Array(shape.reduce((a, b) => a * b, 1)), shape);
      const x = zeros(7, 3, 2);
      refused(
        'one dimension',
        zeros(2),
        undefined,
        'CONGRUENT_SHAPE',
        'GRU: Expected input to be 2D or 3D, got 1D instead',
      );
      refused(
        'four dimensions',
        zeros(1, 7, 3, 2),
        undefined,
        'CONGRUENT_SHAPE',
        'GRU: Expected input to be 2D or 3D, got 4D instead',
      );
      refused(
        '4 features for 2',
        zeros(7, 3, 4),
        undefined,
        'CONGRUENT_SHAPE',
        'input.size(-1) must be equal to input_size. Expected 2, got 4',
      );
      refused(
        'T = 0',
        zeros(0, 3, 2),
        undefined,
        'CONGRUENT_EMPTY_SEQUENCE',
        'Expected sequence length to be larger than 0 in RNN',
      );
      refused('T = 0, unbatched', zeros(0, 2), undefined, 'CONGRUENT_EMPTY_SEQUENCE', 'larger than 0 in RNN');
      refused('T = 0 and B = 0', zeros(0, 0, 2), undefined, 'CONGRUENT_EMPTY_SEQUENCE', 'larger than 0 in RNN');
      refused(
        'h0 of 4 rows for 3',
        x,
        zeros(2, 4, 3),
        'CONGRUENT_SHAPE',
        'GRU.forward: h0: Expected hidden size (2, 3, 3), got [2, 4, 3]',
      );
      refused(
        'h0 of one layer for 2',
        x,
        zeros(1, 3, 3),
        'CONGRUENT_SHAPE',
        'Expected hidden size (2, 3, 3), got [1, 3, 3]',
      );
      refused('h0 batch first', x, zeros(3, 2, 3), 'CONGRUENT_SHAPE', 'States are never batch first');
      refused(
        'a 2-D h0 for a batch',
        x,
        zeros(2, 3),
        'CONGRUENT_SHAPE',
        'For batched 3-D input, hx should also be 3-D but got 2-D tensor',
      );
      refused(
        'a 3-D h0 for one sequence',
        zeros(7, 2),
        zeros(2, 1, 3),
        'CONGRUENT_SHAPE',
        'For unbatched 2-D input, hx should also be 2-D but got 3-D tensor',
      );
      refused(
        'h0 of 4 features, unbatched',
        zeros(7, 2),
        zeros(2, 4),
        'CONGRUENT_SHAPE',
        'Expected hidden size (2, 1, 3), got [2, 1, 4]',
      );
      refused(
        'a float32 input',
        tensor([1, 2], [1, 2]),
        undefined,
        'CONGRUENT_DTYPE',
        'input must have the type torch.float64, got type torch.float32',
      );
      refused(
        'a float32 h0',
        x,
        tensor(new Float32Array(18), [2, 3, 3]),
        'CONGRUENT_DTYPE',
        'h0 must have the type torch.float64',
      );
      refused(
        'nothing',
        undefined,
        undefined,
        'CONGRUENT_SHAPE',
        'input must be a tensor { data, shape }, got undefined',
      );
      refused('a typed array', new Float64Array(2), undefined, 'CONGRUENT_SHAPE', 'got Float64Array(2)');
      const packed = packPaddedSequence(zeros(4, 3, 2), [4, 2, 1]);
      refused(
        'h0 of 4 rows for 3 packed',
        packed,
        zeros(2, 4, 3),
        'CONGRUENT_SHAPE',
        'Expected hidden size (2, 3, 3), got [2, 4, 3]',
      );
      refused(
        'a 2-D h0 for packed',
        packed,
        zeros(2, 3),
        'CONGRUENT_SHAPE',
        'Expected hidden size (2, 3, 3), got [2, 3]',
      );
      refused(
        'packed of 4 features for 2',
        packPaddedSequence(zeros(4, 3, 4), [4, 2, 1]),
        undefined,
        'CONGRUENT_SHAPE',
        'Expected 2, got 4',
      );
      refused(
        'packed of 3 dimensions',
        packPaddedSequence(zeros(4, 3, 2, 2), [4, 2, 1]),
        undefined,
        'CONGRUENT_SHAPE',
        'input must have 2 dimensions, got 3',
      );
      refused(
        'packed float32',
        packPaddedSequence(tensor(new Float32Array(24), [4, 3, 2]), [4, 2, 1]),
        undefined,
        'CONGRUENT_DTYPE',
      );
      for (const [name, change] of Object.entries(INCONSISTENT)) {
        refused(name, { ...packed, ...change }, undefined, 'CONGRUENT_PACKED', 'GRU.forward: input: ');
      }
    });

    for (const fail of ['run', 'download'] as const) {
      test(`where ${fail} fails, the error comes through, the buffers are released, and the next call succeeds`, async () => {
        const gru = await create({ numLayers: 2, bidirectional: true });
        const input = ramp([T, B, I]);
        const expected = await gru.forward(input);
        probe.fail = fail;
        await expect((async () => gru.forward(input))()).rejects.toThrow(`${fail} failed`);
        expect(probe.openCalls).toBe(0);
        expect(await gru.forward(input)).toEqual(expected);
        expect(probe.openCalls).toBe(0);
      });
    }

    test('where the backend fails to load the first parameters, the call fails and the next one has them', async () => {
      const gru = await create();
      probe.fail = 'load';
      const input = ramp([T, B, I]);
      await expect((async () => gru.forward(input))()).rejects.toThrow('load failed');
      expect(probe.openCalls).toBe(0);
      const { output } = await gru.forward(input);
      const { output: expected } = await (await create()).forward(input);
      expect(output.data).toEqual(expected.data);
    });

    test('the first parameters are loaded where something needs them, and never where others come first', async () => {
      const gru = await create();
      const dict = (await create()).stateDict();
      const loads = () => probe.log.filter((name) => name === 'load').length;
      const before = loads();
      gru.loadStateDict(dict);
      await gru.forward(ramp([T, B, I]));
      expect(loads()).toBe(before + 1);
    });

    describe('dropout', () => {
      test('training is true from the start; train and eval change it and return the GRU, as in torch', async () => {
        const gru = await create();
        expect(gru.training).toBe(true);
        expect(gru.eval()).toBe(gru);
        expect(gru.training).toBe(false);
        expect(gru.train()).toBe(gru);
        expect(gru.training).toBe(true);
        expect(gru.train(false).training).toBe(false);
        await expectCode(() => gru.train(1 as never), 'CONGRUENT_OPTION', 'training mode is expected to be boolean');
      });

      for (const bidirectional of [false, true]) {
        const D = bidirectional ? 2 : 1;
        test(`${D} directions, packed: each layer but the last is masked by seed, call and layer, in the order of packed rows`, async () => {
          const gru = await create({ numLayers: 3, bidirectional, dropout: 0.4, seed: 6 });
          const input = ramp([T, B, I]);
          const packed = packPaddedSequence(input, [4, 3, 1]);
          const starts = [0, 3, 5, 7];
          for (const call of [0, 1]) {
            const { output, hn } = await gru.forward(packed);
            for (const b of range(B)) {
              const steps = range([4, 3, 1][b]!).map((t) => row(input, t, b));
              const masks = [0, 1].map((layer) => {
                const mask = dropoutMask('float64', 8 * D * H, 0.4, { seed: 6, call, layer });
                return steps.map((_, t) => [...mask.subarray((starts[t]! + b) * D * H, (starts[t]! + b + 1) * D * H)]);
              });
              const states = range(3 * D).map(() => [0, 0, 0]);
              const expected = reference(gru.options, gru.stateDict(), steps, states, masks);
              const rows = steps.map((_, t) => {
                const begin = (starts[t]! + b) * D * H;
                return [...output.data.data.subarray(begin, begin + D * H)];
              });
              expect(rows).toEqual(expected.output);
              expect(range(3 * D).map((k) => row(hn, k, b))).toEqual(expected.hn);
            }
          }
        });
      }

      test('eval: no dropout, and no mask is used up', async () => {
        const options = { numLayers: 2, dropout: 0.5 };
        const [gru, twin, plain] = [await create(options), await create(options), await create({ numLayers: 2 })];
        const input = ramp([T, B, I]);
        gru.eval();
        expect(await gru.forward(input)).toEqual(await plain.forward(input));
        gru.train();
        expect(await gru.forward(input)).toEqual(await twin.forward(input));
      });

      test('a refused call uses no mask up', async () => {
        const options = { numLayers: 2, dropout: 0.5 };
        const [gru, twin] = [await create(options), await create(options)];
        await expectCode(() => gru.forward(ramp([T, B, I + 1])), 'CONGRUENT_SHAPE');
        expect(await gru.forward(ramp([T, B, I]))).toEqual(await twin.forward(ramp([T, B, I])));
      });

      test('dropout 1: the last layer sees zeros', async () => {
        const gru = await create({ numLayers: 2, dropout: 1 });
        const { output } = await gru.forward(ramp([1, I]));
        expect([...output.data]).toEqual([...gru.stateDict()['bias_ih_l1']!.data]);
      });

      test('one layer: dropout has no effect, as in torch', async () => {
        const [gru, plain] = [await create({ dropout: 0.9 }), await create()];
        expect(await gru.forward(ramp([T, I]))).toEqual(await plain.forward(ramp([T, I])));
      });
    });

    test('NaN and ±Infinity go through dropout-free layers untouched by the runtime', async () => {
      const gru = await create();
      const { output } = await gru.forward(
        tensor(Float64Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY, 0), [2, 1, 2]),
      );
      expect([...output.data].every(Number.isNaN)).toBe(true);
    });
  });
}

test('types: a packed input has a packed output, and sync replies are no promises', () => {
  const { GRU } = defined(linearBackend('sync').backend);
  const gru = GRU.createSync({ inputSize: I, hiddenSize: H });
  const input = tensor(new Float32Array(6), [3, 1, 2]);
  const output: Tensor = gru.forward(input).output;
  const packed: PackedSequence = gru.forward(packPaddedSequence(input, [3])).output;
  expect(packed.data).toEqual({ data: output.data, shape: [3, 3] });
});
