import type { StoredStateDict, Tensor } from '@congruent/runtime';
import { FEATURES } from './data.ts';

/** The recurrent layers that a classifier may have, by the name that its weights begin with, with their classes. */
const CELLS = { gru: 'GRU', lstm: 'LSTM' } as const;

export type CellName = keyof typeof CELLS;

export const CELL_NAMES: readonly CellName[] = Object.keys(CELLS) as CellName[];

export const isCellName = (name: string): name is CellName => Object.hasOwn(CELLS, name);

/** What a classifier needs of a class of recurrent layers. */
export interface RecurrentClass {
  create(options: object): Promise<Recurrent>;
}

/** The classes of a backend that classifiers are made of. */
export type RecurrentClasses = Readonly<Record<(typeof CELLS)[CellName], RecurrentClass>>;

/** What a classifier needs of its recurrent layer; promises where a backend answers with some. */
export interface Recurrent {
  forward(input: Tensor): Last | Promise<Last>;
  vjp(input: Tensor): Recorded | Promise<Recorded>;
  stateDict(): Record<string, Tensor>;
  loadStateDict(dict: StoredStateDict): unknown;
  eval(): unknown;
  dispose(): void;
}

interface Last {
  /** The last hidden state, [1, N, H]. */
  readonly hn: Tensor;
}

interface Recorded extends Last {
  readonly pullback: {
    (cotangents: Last): Gradients | Promise<Gradients>;
    dispose(): void;
  };
}

interface Gradients {
  readonly parameters: Record<string, Tensor>;
}

/** A layer over the rows of images, batch first; `own` are the backend's own options. */
export const createRecurrent = (
  backend: RecurrentClasses,
  cell: CellName,
  hiddenSize: number,
  own: Readonly<Record<string, unknown>>,
): Promise<Recurrent> => backend[CELLS[cell]].create({ inputSize: FEATURES, hiddenSize, batchFirst: true, ...own });
