import { unsafeError } from '../errors.ts';

/** Layers may share weights, of which each has a copy; no model has as many that do. */
const TIMES_COPIED = 16;

/** Layers of few weights may be as many as there are. */
const SPARE = 2 ** 20;

/** Takes note that a layer is about to have tensors of so many bytes. */
export type Copies = (weights: readonly (Sized | undefined)[]) => void;

interface Sized {
  readonly data: { readonly byteLength: number };
}

/**
 * What the layers of a file may copy of its weights: a small file may not ask for the same ones over and over.
 *
 * @param kind    the file's, for the message
 * @param stored  bytes of the file and of those that it refers to
 * @returns what throws MODEL_UNSAFE where a layer asks for more
 */
export function copiesOf(kind: string, stored: number): Copies {
  let left = TIMES_COPIED * stored + SPARE;
  return (weights) => {
    for (const weight of weights) left -= weight?.data.byteLength ?? 0;
    if (left >= 0) return;
    const problem = `its layers share weights, whose copies take more than ${TIMES_COPIED} times the file`;
    throw unsafeError(kind, '', problem, 'Export it again, with one layer for each set of weights');
  };
}
