import { describe, expect, test } from 'vitest';
import { type Tensor, tensor } from '../src/index.ts';
import { defined } from './defined.ts';
import { expectRefusal } from './expect-code.ts';
import { linearBackend } from './linear-backend.ts';
import { ramp } from './reference.ts';

for (const mode of ['sync', 'async'] as const) {
  const { backend, probe } = linearBackend(mode);
  const { GRU, GRUCell } = defined(backend);
  const options = { inputSize: 2, hiddenSize: 3, dtype: 'float64' } as const;

  describe(`mode ${mode}`, () => {
    test('[B, I] → [B, H]: one step of the GRU of the same seed', async () => {
      const [cell, gru] = [await GRUCell.create(options), await GRU.create(options)];
      const x = ramp([4, 2]);
      const hx = ramp([4, 3]);
      const { hn } = await gru.forward({ ...x, shape: [1, 4, 2] }, { ...hx, shape: [1, 4, 3] });
      expect(await cell.forward(x, hx)).toEqual({ data: hn.data, shape: [4, 3] });
    });

    test('[I] → [H], hx left out: zeros', async () => {
      const cell = await GRUCell.create(options);
      const h = await cell.forward(ramp([2]));
      expect(h.shape).toEqual([3]);
      expect(h).toEqual(await cell.forward(ramp([2]), tensor(new Float64Array(3))));
      expect(h).toEqual(await cell.forward(ramp([2]), null as never));
    });

    test('B = 0 gives [0, H], as in torch', async () => {
      const cell = await GRUCell.create(options);
      expect((await cell.forward(tensor(new Float64Array(), [0, 2]))).shape).toEqual([0, 3]);
    });

    test('x and hx are not modified, and the result is fresh', async () => {
      const cell = await GRUCell.create(options);
      const [x, hx] = [ramp([4, 2]), ramp([4, 3])];
      const first = await cell.forward(x, hx);
      const kept = structuredClone(first);
      first.data.fill(0);
      expect([x, hx]).toEqual([ramp([4, 2]), ramp([4, 3])]);
      expect(await cell.forward(x, hx)).toEqual(kept);
    });

    test('loadStateDict is for later calls', async () => {
      const [cell, other] = [await GRUCell.create(options), await GRUCell.create({ ...options, seed: 3 })];
      const before = await cell.forward(ramp([2]));
      const pending = cell.forward(ramp([2]));
      cell.loadStateDict(other.stateDict());
      expect(await pending).toEqual(before);
      expect(await cell.forward(ramp([2]))).toEqual(await other.forward(ramp([2])));
    });

    const zeros = (...shape: number[]) => tensor(new Float64Array(shape.reduce((a, b) => a * b, 1)), shape);
    const refused = (
      title: string,
      x: unknown,
      hx: unknown,
      code: 'CONGRUENT_SHAPE' | 'CONGRUENT_DTYPE',
      ...texts: string[]
    ): void => {
      test(`${title} is refused with ${code}`, async () => {
        const cell = await GRUCell.create(options);
        await expectRefusal(mode, () => cell.forward(x as Tensor, hx as Tensor), code, ...texts);
        expect(probe.openCalls).toBe(0);
      });
    };
    refused(
      'x of 3 dimensions',
      zeros(1, 1, 2),
      undefined,
      'CONGRUENT_SHAPE',
      'GRUCell: Expected input to be 1D or 2D, got 3D instead',
    );
    refused(
      'x of no dimensions',
      zeros(),
      undefined,
      'CONGRUENT_SHAPE',
      'GRUCell: Expected input to be 1D or 2D, got 0D instead',
    );
    refused(
      'hx of 3 dimensions',
      zeros(2),
      zeros(1, 1, 3),
      'CONGRUENT_SHAPE',
      'GRUCell: Expected hidden to be 1D or 2D, got 3D instead',
    );
    refused(
      'x of 4 features',
      zeros(3, 4),
      undefined,
      'CONGRUENT_SHAPE',
      'input has inconsistent input_size: got 4 expected 2',
    );
    refused(
      'hx of 4 features',
      zeros(3, 2),
      zeros(3, 4),
      'CONGRUENT_SHAPE',
      'hidden0 has inconsistent hidden_size: got 4, expected 3',
    );
    refused(
      'hx of 4 rows',
      zeros(3, 2),
      zeros(4, 3),
      'CONGRUENT_SHAPE',
      "Input batch size 3 doesn't match hidden0 batch size 4",
    );
    refused('hx without a batch', zeros(3, 2), zeros(3), 'CONGRUENT_SHAPE', 'expected [3, 3], got [3]');
    refused('hx with a batch', zeros(2), zeros(1, 3), 'CONGRUENT_SHAPE', 'expected [3], got [1, 3]');
    refused('a float32 x', tensor([1, 2]), undefined, 'CONGRUENT_DTYPE', 'x must have the type torch.float64');
    refused('a float32 hx', zeros(2), tensor([1, 2, 3]), 'CONGRUENT_DTYPE', 'hx must have the type torch.float64');
    refused('no x', undefined, undefined, 'CONGRUENT_SHAPE', 'GRUCell.forward: x must be a tensor');

    test('where the backend fails, the buffers are released and the next call succeeds', async () => {
      const cell = await GRUCell.create(options);
      const expected = await cell.forward(ramp([2]));
      probe.fail = 'download';
      await expect((async () => cell.forward(ramp([2])))()).rejects.toThrow('download failed');
      expect(probe.openCalls).toBe(0);
      expect(await cell.forward(ramp([2]))).toEqual(expected);
    });
  });
}
