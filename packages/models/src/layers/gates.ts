import type { Tensor } from '@congruent/runtime';

/** The frameworks whose orders of gates are known. */
type Framework = 'torch' | 'onnx' | 'keras';

/** The order of the gates' rows, by the letters that the cells of @congruent/spec have for them. */
export const GATES: Readonly<Record<'GRU' | 'LSTM' | 'RNN', Readonly<Record<Framework, string>>>> = {
  GRU: { torch: 'rzn', onnx: 'zrn', keras: 'zrn' },
  LSTM: { torch: 'ifgo', onnx: 'iofg', keras: 'ifgo' },
  RNN: { torch: 'h', onnx: 'h', keras: 'h' },
};

/** The rows of a tensor in the order of torch's gates, as a copy. */
export const inTorchOrder = (kind: keyof typeof GATES, framework: Framework, tensor: Tensor): Tensor =>
  inOrder(kind, GATES[kind][framework], tensor);

/** The same of rows in an order by the gates' letters. */
export function inOrder(kind: keyof typeof GATES, from: string, { data, shape }: Tensor): Tensor {
  const { torch } = GATES[kind];
  const ordered = data.slice();
  const block = data.length / torch.length;
  [...torch].forEach((gate, to) => {
    const start = from.indexOf(gate) * block;
    ordered.set(data.subarray(start, start + block), to * block);
  });
  return { data: ordered, shape };
}

/** A matrix with rows for columns, as a copy. */
export function transposed({ data, shape }: Tensor): Tensor {
  const [rows, columns] = shape as readonly [number, number];
  const at = (k: number): number => (k % rows) * columns + Math.floor(k / rows);
  return { data: data.map((_, k) => data[at(k)]!), shape: [columns, rows] };
}
