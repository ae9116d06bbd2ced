import { expect, test } from 'vitest';
import { GRU, type StateDict, type Tensor, tensor } from '../src/index.ts';
import { type Device, input } from './samples.ts';

/** Planes with sides beyond 2048, the side that any texture can have, give the bits of small ones on the same device. */
export function sizeTests(device: Device): void {
  test('sums of more blocks than the 1000 rounds that gpu.js by default ends loops after are whole', async () => {
    const inputSize = 2 ** 16;
    const preactivation = async (columns: number): Promise<Tensor> => {
      using gru = await GRU.create({ inputSize: columns, hiddenSize: 1, bias: false, device });
      // Powers of two: no order of summation rounds.
      const weights = new Float32Array(3 * columns).fill(0.5 / columns);
      gru.loadStateDict({ weight_ih_l0: tensor(weights, [3, columns]), weight_hh_l0: tensor([1, 1, 1], [3, 1]) });
      return (await gru.forward(tensor(new Float32Array(columns).fill(1), [1, 1, columns]))).hn;
    };
    expect(await preactivation(inputSize)).toEqual(await preactivation(1));
  });

  test('planes wider than 2048: two halves that know nothing of each other', async () => {
    const hiddenSize = 384; // a multiple of a sum's block, so that the halves are summed alike
    using small = await GRU.create({ inputSize: 2, hiddenSize, device });
    using wide = await GRU.create({ inputSize: 2, hiddenSize: 2 * hiddenSize, device });
    wide.loadStateDict(ofHalves(small.stateDict(), hiddenSize, DIAGONAL));
    const x = input(2, 1, 2);
    const g = input(2, 1, hiddenSize).data;
    const [one, both] = [await small.vjp(x), await wide.vjp(x)];
    expect(both.output.data).toEqual(inHalves(one.output.data, hiddenSize, [0, 1]));
    const expected = await one.pullback({ output: tensor(g, [2, 1, hiddenSize]) });
    for (const half of [0, 1] as const) {
      const output = tensor(inHalves(g, hiddenSize, [half]), [2, 1, 2 * hiddenSize]);
      const { input, h0, parameters } = await both.pullback({ output });
      expect(input).toEqual(expected.input);
      expect(h0.data).toEqual(inHalves(expected.h0.data, hiddenSize, [half]));
      const blocks = [0, 1].map((columns) => [half, columns] as Block); // both halves have the same state
      for (const [name, { data, shape }] of Object.entries(ofHalves(expected.parameters, hiddenSize, blocks))) {
        const found = parameters[name]!;
        const different = data.findIndex((value, index) => value !== found.data[index]);
        expect([name, found.shape, different]).toEqual([name, shape, -1]);
      }
    }
  });

  test('planes higher than 2048: a sequence in one go and in parts', async () => {
    using gru = await GRU.create({ inputSize: 2, hiddenSize: 3, device });
    const ends = [0, 1000, 2000, 2101];
    const x = input(2101, 1, 2);
    const g = input(2101, 1, 3);
    const rows = ({ data, shape }: Tensor, first: number, last: number): Tensor => {
      const width = shape[2]!;
      return tensor(data.slice(first * width, last * width), [last - first, 1, width]);
    };
    const whole = await gru.vjp(x);
    const expected = await whole.pullback({ output: g });
    const parts: { first: number; last: number; part: typeof whole }[] = [];
    for (const [index, last] of ends.slice(1).entries()) {
      const first = ends[index]!;
      parts.push({ first, last, part: await gru.vjp(rows(x, first, last), parts.at(-1)?.part.hn) });
    }
    let hn: Tensor = tensor([0, 0, 0], [1, 1, 3]);
    for (const { first, last, part } of parts.toReversed()) {
      expect(part.output).toEqual(rows(whole.output, first, last));
      const found = await part.pullback({ output: rows(g, first, last), hn });
      expect(found.input).toEqual(rows(expected.input, first, last));
      hn = found.h0;
    }
    expect(hn).toEqual(expected.h0);
  });

  test('gradients of parameters that are sums over more than 2048 rows, of which one alone is not 0', async () => {
    using gru = await GRU.create({ inputSize: 2, hiddenSize: 3, device });
    const [batch, row] = [2101, 2099];
    const x = input(1, batch, 2);
    const h0 = input(1, batch, 3);
    const output = tensor(new Float32Array(batch * 3), [1, batch, 3]);
    const g = [0.5, -0.25, 0.75];
    output.data.set(g, row * 3);
    const one = await gru.vjp(
      tensor(x.data.slice(row * 2, (row + 1) * 2), [1, 1, 2]),
      tensor(h0.data.slice(row * 3, (row + 1) * 3), [1, 1, 3]),
    );
    const { parameters } = await one.pullback({ output: tensor(g, [1, 1, 3]) });
    expect((await (await gru.vjp(x, h0)).pullback({ output })).parameters).toEqual(parameters);
  });
}

type Half = 0 | 1;

/** Of a recurrent matrix, the half of the rows and that of the columns which are not 0. */
type Block = readonly [rows: Half, columns: Half];

/** What two halves have that don't read each other's state. */
const DIAGONAL: readonly Block[] = [
  [0, 0],
  [1, 1],
];

/** Rows of `width` elements as halves of rows, and 0 in the other half. */
function inHalves(data: Tensor['data'], width: number, halves: readonly Half[]): Float32Array {
  const result = new Float32Array(2 * data.length);
  for (let start = 0; start < data.length; start += width) {
    for (const half of halves) result.set(data.subarray(start, start + width), 2 * start + half * width);
  }
  return result;
}

/** The arrays of a GRU as those of one of twice the size, and 0 elsewhere. */
function ofHalves(dict: StateDict, hiddenSize: number, blocks: readonly Block[]): Record<string, Tensor> {
  const widened = ([name, { data, shape }]: [string, Tensor]): [string, Tensor] => {
    const [rows, ...columns] = shape as [number, ...number[]];
    const recurrent = name === 'weight_hh_l0';
    const width = (columns[0] ?? 1) * (recurrent ? 2 : 1);
    const result = new Float32Array(2 * rows * width);
    for (const [half, other] of blocks) {
      const wide = recurrent ? inHalves(data, hiddenSize, [other]) : data;
      const placed = inHalves(wide, hiddenSize * width, [half]);
      for (const [index, value] of placed.entries()) if (value !== 0) result[index] = value;
    }
    return [name, tensor(result, [2 * rows, ...columns.map(() => width)])];
  };
  return Object.fromEntries(Object.entries(dict).map(widened));
}
