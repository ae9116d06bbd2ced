import type { Cell } from '@congruent/spec';

/** Options that choose a cell among those of one class. */
export interface KindOptions {
  readonly resetAfter?: boolean;
  readonly projSize?: number;
  readonly nonlinearity?: 'tanh' | 'relu';
}

/** A cell that backends have classes for, and how torch's classes take it. */
export interface Kind {
  readonly cell: Cell;
  readonly layerClass: 'GRU' | 'LSTM' | 'RNN';
  /** Of single steps; torch's LSTMCell has no projection. */
  readonly cellClass: 'GRUCell' | 'LSTMCell' | 'RNNCell' | undefined;
  /** Empty for the cell that a class has where no option says otherwise. */
  readonly options: KindOptions;
  /** The labels of its equations in docs/spec. */
  readonly equations: string;
  /** Whether its functions have a derivative everywhere. */
  readonly smooth: boolean;
}

/** How many matrices are stacked in `weight_ih`. */
export const gatesOf = ({ cell }: Kind): number => cell.layouts[0]!.tensors[0]!.blocks.length;

/** Initial states are `h0`, `c0`, those of a cell `hx`, `cx`, last ones `hn`, `cn`. */
export const statesOf = ({ cell }: Kind, end: '0' | 'n' | 'x'): string[] => cell.states.map(({ name }) => name + end);

/** States as people write them: `h0`, or `[h0, c0]`. */
export const statesText = (kind: Kind, end: '0' | 'n' | 'x'): string => {
  const names = statesOf(kind, end);
  return names.length === 1 ? names[0]! : `[${names.join(', ')}]`;
};
