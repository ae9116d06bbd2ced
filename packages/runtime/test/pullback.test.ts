import { describe, expect, test } from 'vitest';
import { collect } from '../../../tools/testing/collect.ts';
import {
  type ErrorCode,
  type GRUCotangents,
  type PackedSequence,
  packPaddedSequence,
  type Tensor,
  tensor,
} from '../src/index.ts';
import { defined } from './defined.ts';
import { expectRefusal } from './expect-code.ts';
import { linearBackend } from './linear-backend.ts';
import { ramp } from './reference.ts';

const I = 2;
const H = 3;
const T = 4;
const B = 2;
const options = { inputSize: I, hiddenSize: H, dtype: 'float64', seed: 1 } as const;
const input = ramp([T, B, I]);

for (const mode of ['sync', 'async'] as const) {
  const { backend, probe } = linearBackend(mode, { training: true });
  const { GRU, GRUCell } = defined(backend);
  /** Errors by promise in both modes. */
  const settled = async <T>(act: () => T): Promise<Awaited<T>> => await act();

  describe(`mode ${mode}`, () => {
    test('a recorded run is kept until the pullback is disposed of, once', async () => {
      using gru = await GRU.create({ ...options, numLayers: 2, bidirectional: true });
      const { output, pullback } = await gru.vjp(input);
      expect([probe.traces, probe.openCalls]).toEqual([4, 0]);
      await pullback({ output });
      expect([probe.traces, probe.openCalls]).toEqual([4, 0]);
      pullback.dispose();
      pullback.dispose();
      expect(probe.traces).toBe(0);
      await expectRefusal(
        mode,
        () => pullback({ output }),
        'CONGRUENT_DISPOSED',
        'GRU.vjp: pullback: used after dispose()',
      );
    });

    test('Symbol.dispose disposes of a pullback', async () => {
      using cell = await GRUCell.create(options);
      const { output, pullback } = await cell.vjp(ramp([B, I]));
      pullback[Symbol.dispose]();
      expect(probe.traces).toBe(0);
      await expectRefusal(mode, () => pullback(output), 'CONGRUENT_DISPOSED', 'GRUCell.vjp: pullback');
    });

    test('a pullback that nothing holds any more is released', async () => {
      using gru = await GRU.create(options);
      await (async () => void (await gru.vjp(input)))();
      const { pullback } = await gru.vjp(input);
      expect(probe.traces).toBe(2);
      for (let round = 0; round < 50 && probe.traces > 1; round++) {
        collect();
        await new Promise((done) => setTimeout(done, 10)); // finalisers run between tasks
      }
      expect(probe.traces).toBe(1);
      pullback.dispose();
      expect(probe.traces).toBe(0);
    });

    test('a pullback holds neither the input nor the results', async () => {
      using gru = await GRU.create(options);
      const run = async () => {
        const own = ramp([T, B, I]);
        const { output, hn, pullback } = await gru.vjp(own);
        return { pullback, others: [own, output, hn].map(({ data }) => new WeakRef(data)) };
      };
      const { pullback, others } = await run();
      await new Promise((done) => setTimeout(done)); // what was dereferenced, or made, stays until the end of its task
      collect();
      expect(others.map((other) => other.deref() === undefined)).toEqual([true, true, true]);
      pullback.dispose();
    });

    test('after the GRU is disposed of, its pullbacks are too: CONGRUENT_DISPOSED', async () => {
      const gru = await GRU.create(options);
      const { output, pullback } = await gru.vjp(input);
      gru.dispose();
      await expectRefusal(mode, () => pullback({ output }), 'CONGRUENT_DISPOSED', 'GRU.vjp: pullback');
      await expectRefusal(mode, () => gru.vjp(input), 'CONGRUENT_DISPOSED', 'GRU.vjp: used after dispose()');
      pullback.dispose();
      expect(probe.traces).toBe(0);
    });

    for (const [fail, skip] of [
      ['record', 0],
      ['record', 1],
      ['record', 3],
      ['download', 0],
      ['download', 2],
    ] as const) {
      test(`where ${fail} fails after ${skip}, nothing stays recorded, and the next call succeeds`, async () => {
        using gru = await GRU.create({ ...options, numLayers: 2, bidirectional: true });
        const expected = await gru.forward(input);
        Object.assign(probe, { fail, skip });
        await expect(settled(() => gru.vjp(input))).rejects.toThrow(`${fail} failed`);
        expect([probe.traces, probe.openCalls]).toEqual([0, 0]);
        const { output, hn, pullback } = await gru.vjp(input);
        expect({ output, hn }).toEqual(expected);
        pullback.dispose();
      });
    }

    for (const [fail, skip] of [
      ['pullback', 0],
      ['pullback', 2],
      ['download', 3],
    ] as const) {
      test(`where the backward pass fails at ${fail} after ${skip}, its buffers are released, and it can be gone again`, async () => {
        using gru = await GRU.create({ ...options, numLayers: 2, bidirectional: true });
        const { output, pullback } = await gru.vjp(input);
        const expected = await pullback({ output });
        Object.assign(probe, { fail, skip });
        await expect(settled(() => pullback({ output }))).rejects.toThrow(`${fail} failed`);
        expect([probe.traces, probe.openCalls]).toEqual([4, 0]);
        expect(await pullback({ output })).toEqual(expected);
        pullback.dispose();
      });
    }

    describe('a pullback refuses', () => {
      const refused = (title: string, cotangents: unknown, code: ErrorCode, ...texts: readonly string[]): void => {
        test(`${title} with ${code}`, async () => {
          using gru = await GRU.create(options);
          const { pullback } = await gru.vjp(input);
          await expectRefusal(mode, () => pullback(cotangents as GRUCotangents), code, 'GRU.vjp: pullback', ...texts);
          expect(probe.openCalls).toBe(0);
          pullback.dispose();
        });
      };
      const mismatch = 'Mismatch in shape: grad_output has a shape of';
      refused(
        'an output gradient of another shape',
        { output: ramp([T, B, H + 1]) },
        'CONGRUENT_SHAPE',
        `output: ${mismatch} [4, 2, 4] and output has a shape of [4, 2, 3]`,
      );
      refused(
        'an output gradient of as many elements in another order',
        { output: ramp([B, T, H]) },
        'CONGRUENT_SHAPE',
        mismatch,
      );
      refused('an hn gradient without the layers', { hn: ramp([B, H]) }, 'CONGRUENT_SHAPE', `hn: ${mismatch} [2, 3]`);
      refused(
        'a float32 gradient',
        { output: tensor(new Float32Array(T * B * H), [T, B, H]) },
        'CONGRUENT_DTYPE',
        'output',
      );
      refused('an array', { output: [1, 2, 3] }, 'CONGRUENT_SHAPE', 'output must be a tensor');
      refused('no gradient', {}, 'CONGRUENT_OPTION', 'there is no gradient to go back from');
      refused('gradients that are null', { output: null, hn: undefined }, 'CONGRUENT_OPTION', 'there is no gradient');
      refused(
        'nothing at all',
        undefined,
        'CONGRUENT_OPTION',
        'must be an object such as { output: … }, got undefined',
      );
      refused('a tensor', ramp([T, B, H]), 'CONGRUENT_OPTION', "Unknown option 'data'");
      refused('a name that is not known', { outputs: ramp([T, B, H]) }, 'CONGRUENT_OPTION', 'All: output, hn');
      refused(
        'a packed gradient of an output that is not',
        { output: packPaddedSequence(ramp([T, B, H]), [T, T]) },
        'CONGRUENT_SHAPE',
        'output must be a tensor',
      );
    });

    describe('a packed output', () => {
      const packed = packPaddedSequence(ramp([T, 3, I]), [2, 4, 3], { enforceSorted: false });
      const changes: Readonly<Record<string, (output: PackedSequence) => unknown>> = {
        'a padded gradient': () => ramp([T, 3, H]),
        'other batchSizes': (output) => ({ ...output, batchSizes: [3, 2, 2, 2] }),
        'other indices': (output) => ({ ...output, sortedIndices: [0, 1, 2], unsortedIndices: [0, 1, 2] }),
        'no indices': (output) => ({ ...output, sortedIndices: null, unsortedIndices: null }),
      };
      for (const [title, change] of Object.entries(changes)) {
        test(`${title}: CONGRUENT_PACKED`, async () => {
          using gru = await GRU.create(options);
          const { output, pullback } = await gru.vjp(packed);
          const wrong = { output: change(output) as PackedSequence };
          await expectRefusal(
            mode,
            () => pullback(wrong),
            'CONGRUENT_PACKED',
            'made from the output: { ...output, data: gradient }',
          );
          pullback.dispose();
        });
      }

      test('a gradient of another width: CONGRUENT_SHAPE', async () => {
        using gru = await GRU.create(options);
        const { output, pullback } = await gru.vjp(packed);
        const wrong = { output: { ...output, data: ramp([9, H + 1]) } };
        await expectRefusal(mode, () => pullback(wrong), 'CONGRUENT_SHAPE', 'output.data: Mismatch in shape');
        pullback.dispose();
      });
    });

    test('a gradient of an empty batch is checked all the same', async () => {
      using gru = await GRU.create(options);
      const { pullback } = await gru.vjp(tensor(new Float64Array(), [T, 0, I]));
      const wrong = tensor(new Float64Array(), [T, 0, H + 1]);
      await expectRefusal(mode, () => pullback({ output: wrong }), 'CONGRUENT_SHAPE', 'Mismatch in shape');
    });

    test('GRUCell: a gradient of another shape or type is refused', async () => {
      using cell = await GRUCell.create(options);
      const { pullback } = await cell.vjp(ramp([B, I]));
      const where = 'GRUCell.vjp: pullback';
      await expectRefusal(mode, () => pullback(ramp([H])), 'CONGRUENT_SHAPE', `${where}: Mismatch in shape`);
      await expectRefusal(mode, () => pullback(tensor(new Float32Array(B * H), [B, H])), 'CONGRUENT_DTYPE', where);
      await expectRefusal(mode, () => pullback(undefined as never), 'CONGRUENT_SHAPE', where);
      pullback.dispose();
    });

    test('vjp refuses what forward refuses, in its own name', async () => {
      using gru = await GRU.create(options);
      using cell = await GRUCell.create(options);
      await expectRefusal(mode, () => gru.vjp(ramp([T, B, I + 1])), 'CONGRUENT_SHAPE', 'GRU.vjp: input');
      await expectRefusal(mode, () => gru.vjp(input, ramp([1, B, H + 1])), 'CONGRUENT_SHAPE', 'GRU.vjp: h0');
      await expectRefusal(mode, () => cell.vjp(ramp([B, I + 1])), 'CONGRUENT_SHAPE', 'GRUCell.vjp: x');
      expect(probe.openCalls).toBe(0);
    });

    test('without gradients, vjp is CONGRUENT_UNSUPPORTED', async () => {
      const without = defined(linearBackend(mode).backend);
      using gru = await without.GRU.create(options);
      using cell = await without.GRUCell.create(options);
      const says = "backend 'linear' has no gradients (backend.supports.training is false)";
      await expectRefusal(mode, () => gru.vjp(input), 'CONGRUENT_UNSUPPORTED', `GRU.vjp: ${says}`);
      await expectRefusal(mode, () => cell.vjp(ramp([I])), 'CONGRUENT_UNSUPPORTED', `GRUCell.vjp: ${says}`);
    });
  });
}

test('types: gradients are laid out as the input, and sync replies are no promises', () => {
  const { GRU } = defined(linearBackend('sync', { training: true }).backend);
  const gru = GRU.createSync({ inputSize: I, hiddenSize: H });
  const x = tensor(new Float32Array(6), [3, 1, 2]);
  const { output, pullback } = gru.vjp(x);
  const dx: Tensor = pullback({ output }).input;
  const packed = gru.vjp(packPaddedSequence(x, [3]));
  const dpacked: PackedSequence = packed.pullback({ output: packed.output }).input;
  expect(dpacked.data).toEqual({ data: dx.data, shape: [3, 2] });
});
