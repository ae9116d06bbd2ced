import type { Kind } from './kind.ts';

/** What decides the shapes of a layer's parameters and states. */
export interface Sizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** Of an LSTM with a projection. */
  readonly projSize?: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly bidirectional: boolean;
}

/** Lengths by dimension name, e.g. `{ I: 3, H: 5 }`. */
export type Lengths = Readonly<Record<string, number>>;

export const directionsOf = ({ bidirectional }: Pick<Sizes, 'bidirectional'>): number => (bidirectional ? 2 : 1);

/** Layers times directions: how many states of each name there are. */
export const stateCount = (sizes: Pick<Sizes, 'numLayers' | 'bidirectional'>): number =>
  sizes.numLayers * directionsOf(sizes);

/** `''`, `_l0`, `_l0_reverse`, `_l1`, …: what torch puts behind a parameter's name, by layer, then by direction. */
export const suffixesOf = ({ numLayers, bidirectional }: Pick<Sizes, 'numLayers' | 'bidirectional'>): string[] =>
  Array.from({ length: numLayers }, (_, layer) =>
    (bidirectional ? ['', '_reverse'] : ['']).map((direction) => `_l${layer}${direction}`),
  ).flat();

/** Lengths of the dimensions of the cell of one layer. */
export const lengthsOf = (kind: Kind, sizes: Omit<Sizes, 'bias'>, layer = 0): Lengths => ({
  I: layer === 0 ? sizes.inputSize : directionsOf(sizes) * outputWidth(kind, sizes),
  H: sizes.hiddenSize,
  P: sizes.projSize ?? 0,
});

type Widths = Pick<Sizes, 'inputSize' | 'hiddenSize' | 'projSize'>;

/** Elements of each state of one row, in the cell's order. */
export const stateWidths = ({ cell }: Kind, { inputSize, hiddenSize, projSize = 0 }: Widths): number[] =>
  cell.states.map(({ shape }) => sizeOf(shape.map((name) => ({ I: inputSize, H: hiddenSize, P: projSize })[name]!)));

/** Features of one direction of the output, which is the first state. */
export const outputWidth = (kind: Kind, sizes: Widths): number => stateWidths(kind, sizes)[0]!;

/**
 * The shapes of a module's parameters by name, in the order of torch's state_dict.
 *
 * @param single  whether they are those of one step, such as torch.nn.GRUCell's
 */
export function parameterShapes(kind: Kind, sizes: Sizes, single = false): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const directions = directionsOf(sizes);
  for (const [index, suffix] of (single ? [''] : suffixesOf(sizes)).entries()) {
    const lengths = lengthsOf(kind, sizes, Math.floor(index / directions));
    for (const [name, shape] of tensorShapes(kind, lengths)) {
      if (sizes.bias || shape.length > 1) shapes.set(name + suffix, shape);
    }
  }
  return shapes;
}

/** The tensors of the cell's first layout, which is torch's. */
function tensorShapes({ cell }: Kind, lengths: Lengths): [string, readonly number[]][] {
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape.map((length) => lengths[length]!)]));
  return cell.layouts[0]!.tensors.map(({ name, blocks }) => {
    const [rows, ...columns] = shapes.get(blocks[0]!.name)!;
    return [name, [blocks.length * rows!, ...columns]];
  });
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);
