import type { Work } from './works.ts';

/** What a run consists of, by name: of one that trains `forward`, `recording` and `backward`, of a network its layers. */
export type Parts<T> = Readonly<Record<string, T>>;

/** How long a run, or one of its parts, takes beside the others. */
export interface Comparison {
  /** What the parts are, for a reader of their times. */
  readonly text: string;
  /** The head of the column of ratios. */
  readonly column: string;
  /** What is held against what. */
  readonly subject: string;
  readonly peer: string;
  /** What the ratio is meant to be at most. */
  readonly target: number;
  ratio(whole: number, parts: Parts<number>): number;
}

const passes: Comparison = {
  text: 'On their own: `forward` as for inference, the forward pass of `vjp` with what it records, and `pullback`.',
  column: 'backward ÷ forward',
  subject: 'backward',
  peer: 'its own forward',
  target: 2.5,
  ratio: (_, { forward, backward }) => backward! / forward!,
};

const layers: Comparison = {
  text: 'On their own: the layers that it consists of.',
  column: 'whole ÷ sum',
  subject: 'the whole',
  peer: 'the sum of its layers',
  target: 1.05,
  ratio: (whole, parts) => whole / Object.values(parts).reduce((sum, each) => sum + each, 0),
};

/** By the kind of a work. */
export const COMPARISONS: Readonly<Record<Work['kind'], Comparison>> = {
  step: layers,
  sequence: layers,
  training: passes,
};

/** Every part with something else in its place. */
export const mapParts = <T, U>(parts: Parts<T>, to: (part: T, name: string) => U): Parts<U> =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, to(part, name)]));
