/** What decides the parameters of a GRU or a GRUCell. */
export interface Sizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly bidirectional: boolean;
}

/** `''`, `_l0`, `_l0_reverse`, `_l1`, …: what torch puts behind a parameter's name, by layer, then by direction. */
export const suffixesOf = ({ numLayers, bidirectional }: Pick<Sizes, 'numLayers' | 'bidirectional'>): string[] =>
  Array.from({ length: numLayers }, (_, layer) =>
    (bidirectional ? ['', '_reverse'] : ['']).map((direction) => `_l${layer}${direction}`),
  ).flat();

/** The shapes of torch.nn.GRU's or GRUCell's parameters by name, in the order of torch's state_dict. */
export function parameterShapes(kind: 'gru' | 'cell', sizes: Sizes): Map<string, readonly number[]> {
  const { inputSize, hiddenSize, bias, bidirectional } = sizes;
  const shapes = new Map<string, readonly number[]>();
  for (const suffix of kind === 'cell' ? [''] : suffixesOf(sizes)) {
    const first = kind === 'cell' || suffix.startsWith('_l0');
    const features = first ? inputSize : (bidirectional ? 2 : 1) * hiddenSize;
    shapes.set(`weight_ih${suffix}`, [3 * hiddenSize, features]);
    shapes.set(`weight_hh${suffix}`, [3 * hiddenSize, hiddenSize]);
    if (!bias) continue;
    shapes.set(`bias_ih${suffix}`, [3 * hiddenSize]);
    shapes.set(`bias_hh${suffix}`, [3 * hiddenSize]);
  }
  return shapes;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);
