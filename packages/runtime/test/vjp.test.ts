import { describe, expect, test } from 'vitest';
import { type GRUOptions, type PackedSequence, packPaddedSequence, type StateDict, type Tensor } from '../src/index.ts';
import { defined } from './defined.ts';
import { linearBackend } from './linear-backend.ts';
import { ramp } from './reference.ts';
import { lossOf, slopesOf } from './slopes.ts';

const I = 2;
const H = 3;
const T = 3;
const B = 2;

type Input = Tensor | PackedSequence;

/** The same numbers in another order, so that no two tensors of a test are multiples of each other. */
const scrambled = ({ data, shape }: Tensor, by: number): Tensor => ({
  shape,
  data: data.map((_, i) => data[(i * 5 + by) % data.length]! / 4),
});

const withData = (input: Input, { data }: Tensor): Input =>
  'batchSizes' in input ? { ...input, data: { ...input.data, data } } : { ...input, data };

const tensorOf = (input: Input): Tensor => ('batchSizes' in input ? input.data : input);

const packed = packPaddedSequence(ramp([T, 3, I]), [2, 3, 1], { enforceSorted: false });

interface Configuration {
  readonly title: string;
  readonly options: Partial<GRUOptions>;
  readonly input: Input;
  readonly batch?: number;
}

const configurations: readonly Configuration[] = [
  { title: '1 layer', options: {}, input: ramp([T, B, I]) },
  { title: '3 layers', options: { numLayers: 3 }, input: ramp([T, B, I]) },
  { title: '2 layers, 2 directions', options: { numLayers: 2, bidirectional: true }, input: ramp([T, B, I]) },
  { title: 'batchFirst', options: { batchFirst: true, numLayers: 2 }, input: ramp([B, T, I]) },
  { title: 'no bias', options: { bias: false, bidirectional: true }, input: ramp([T, B, I]) },
  { title: 'dropout', options: { numLayers: 3, dropout: 0.4 }, input: ramp([T, B, I]) },
  {
    title: 'dropout, 2 directions, packed',
    options: { numLayers: 2, dropout: 0.4, bidirectional: true },
    input: packed,
    batch: 3,
  },
  { title: 'packed in another order', options: { numLayers: 2, batchFirst: true }, input: packed, batch: 3 },
  { title: 'unbatched', options: { numLayers: 2, bidirectional: true }, input: ramp([T, I]), batch: 0 },
];

for (const mode of ['sync', 'async'] as const) {
  const { backend, probe } = linearBackend(mode, { training: true });
  const { GRU, GRUCell } = defined(backend);

  describe(`mode ${mode}`, () => {
    for (const { title, options, input, batch = B } of configurations) {
      const create = () => GRU.create({ inputSize: I, hiddenSize: H, dtype: 'float64', seed: 4, ...options });
      const count = (options.numLayers ?? 1) * (options.bidirectional ? 2 : 1);
      const h0 = scrambled(ramp(batch === 0 ? [count, H] : [count, batch, H]), 1);

      test(`${title}: vjp gives the results of forward`, async () => {
        const [gru, twin] = [await create(), await create()];
        const { output, hn } = await gru.vjp(input, h0);
        expect({ output, hn }).toEqual(await twin.forward(input, h0));
      });

      test(`${title}: the gradients of input, h0 and every parameter are the slopes of forward`, async () => {
        const gru = await create();
        const dict = gru.stateDict();
        const { output, hn, pullback } = await gru.vjp(input, h0);
        const cotangents = {
          output: withData(output, scrambled(tensorOf(output), 2)) as Tensor,
          hn: scrambled(hn, 3),
        };
        const loss = async (at: { input?: Input; h0?: Tensor; dict?: StateDict }): Promise<number> => {
          const other = await create(); // its first call has the same masks
          other.loadStateDict(at.dict ?? dict);
          const got = await other.forward(at.input ?? input, at.h0 ?? h0);
          return lossOf([
            { result: got.output, weight: cotangents.output },
            { result: got.hn, weight: cotangents.hn },
          ]);
        };
        const near = (got: Tensor, slopes: readonly number[]): void => {
          expect(got.data).toHaveLength(slopes.length);
          const off = slopes.map((slope, i) => Math.abs(got.data[i]! - slope));
          expect(Math.max(...off)).toBeLessThan(1e-9);
        };

        const gradients = await pullback(cotangents);
        near(
          tensorOf(gradients.input),
          await slopesOf(tensorOf(input), (moved) => loss({ input: withData(input, moved) })),
        );
        near(gradients.h0, await slopesOf(h0, (moved) => loss({ h0: moved })));
        expect(Object.keys(gradients.parameters)).toEqual(Object.keys(dict));
        for (const [name, value] of Object.entries(dict)) {
          expect(gradients.parameters[name]!.shape).toEqual(value.shape);
          near(
            gradients.parameters[name]!,
            await slopesOf(value, (moved) => loss({ dict: { ...dict, [name]: moved } })),
          );
        }
        expect(gradients.input).toEqual(withData(input, tensorOf(gradients.input))); // laid out and packed as the input
        expect(gradients.h0.shape).toEqual(h0.shape);
      });

      test(`${title}: a pullback may be called again, and what is left out counts as zeros`, async () => {
        const { output, hn, pullback } = await (await create()).vjp(input, h0);
        const zero = (like: Input): Input =>
          withData(like, { ...tensorOf(like), data: tensorOf(like).data.map(() => 0) });
        const both = await pullback({ output: output as Tensor, hn });
        both.h0.data.fill(0);
        expect(await pullback({ output: output as Tensor })).toEqual(
          await pullback({ output: output as Tensor, hn: zero(hn) as Tensor }),
        );
        expect(await pullback({ hn })).toEqual(await pullback({ output: zero(output) as Tensor, hn }));
        const again = await pullback({ output: output as Tensor, hn });
        expect(again.parameters).toEqual(both.parameters);
        expect(again.h0).not.toEqual(both.h0); // fresh each time
      });
    }

    test('h0 left out: zeros, and its gradient all the same', async () => {
      const options = { inputSize: I, hiddenSize: H, dtype: 'float64' } as const;
      const gru = await GRU.create(options);
      const [input, h0] = [ramp([T, B, I]), { data: new Float64Array(B * H), shape: [1, B, H] }];
      const [one, other] = [await gru.vjp(input), await gru.vjp(input, h0)];
      const gradients = await one.pullback({ hn: one.hn });
      expect(gradients).toEqual(await other.pullback({ hn: one.hn }));
      expect(gradients.h0.data).toEqual(one.hn.data.map((value) => value / 2 ** T));
    });

    test('the gradients are at the parameters of the call, whatever was loaded since', async () => {
      const options = { inputSize: I, hiddenSize: H, dtype: 'float64' } as const;
      const [gru, twin] = [await GRU.create(options), await GRU.create(options)];
      const input = ramp([T, B, I]);
      const { output, pullback } = await gru.vjp(input);
      gru.loadStateDict((await GRU.create({ ...options, seed: 9 })).stateDict());
      expect(await pullback({ output })).toEqual(await (await twin.vjp(input)).pullback({ output }));
    });

    test('an empty batch has empty gradients of operands and zeros for parameters, as in torch', async () => {
      const gru = await GRU.create({ inputSize: I, hiddenSize: H, bidirectional: true });
      probe.log.length = 0;
      const { output, hn, pullback } = await gru.vjp({ data: new Float32Array(), shape: [T, 0, I] });
      const { input, h0, parameters } = await pullback({ output, hn });
      expect([input.shape, h0.shape]).toEqual([
        [T, 0, I],
        [2, 0, H],
      ]);
      const zeros = Object.entries(gru.stateDict()).map(([name, { data, shape }]) => [
        name,
        { data: data.map(() => 0), shape },
      ]);
      expect(parameters).toEqual(Object.fromEntries(zeros));
      expect(probe.log.filter((name) => name !== 'load')).toEqual([]);
    });

    for (const shape of [[B, I], [I]]) {
      test(`GRUCell [${shape}]: the gradients are those of a GRU of one step`, async () => {
        const options = { inputSize: I, hiddenSize: H, dtype: 'float64', seed: 2 } as const;
        const [cell, gru] = [await GRUCell.create(options), await GRU.create(options)];
        const [x, hx] = [ramp(shape), scrambled(ramp([...shape.slice(0, -1), H]), 1)];
        const { output, pullback } = await cell.vjp(x, hx);
        expect(output).toEqual(await cell.forward(x, hx));
        const batched = (tensor: Tensor): Tensor => ({ ...tensor, shape: [1, ...tensor.shape] });
        const whole = await (await gru.vjp(batched(x), batched(hx))).pullback({ hn: batched(output) });
        const { input, hx: dhx, parameters } = await pullback(output);
        expect(input).toEqual({ data: whole.input.data, shape: x.shape });
        expect(dhx).toEqual({ data: whole.h0.data, shape: hx.shape });
        expect(Object.keys(parameters)).toEqual(['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']);
        for (const [name, gradient] of Object.entries(parameters)) {
          expect(gradient).toEqual(whole.parameters[`${name}_l0`]);
        }
      });
    }

    test('GRUCell, an empty batch: zeros for parameters', async () => {
      const cell = await GRUCell.create({ inputSize: I, hiddenSize: H, bias: false });
      const { output, pullback } = await cell.vjp({ data: new Float32Array(), shape: [0, I] });
      const { input, hx, parameters } = await pullback(output);
      expect([input.shape, hx.shape]).toEqual([
        [0, I],
        [0, H],
      ]);
      expect(parameters).toEqual({
        weight_ih: { data: new Float32Array(H * I), shape: [H, I] },
        weight_hh: { data: new Float32Array(H * H), shape: [H, H] },
      });
    });
  });
}
