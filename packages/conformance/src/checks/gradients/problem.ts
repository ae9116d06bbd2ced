import type { FloatArray, Tensor } from '@congruent/runtime';
import { sequencesOf, statesOf } from '../../examples/sequences.ts';
import type { Rows } from '../../oracle/forward.ts';
import type { GradientProblem } from '../../oracle/gradients.ts';
import { moduleOf, referenceBackend, withCalls } from '../../reference/backend.ts';
import { subjectOf } from '../../subject/open.ts';
import type { Subject } from '../../subject/subject.ts';
import { operandsOf, type RecordedCase } from '../../vectors/vectors.ts';
import { runVector } from '../vectors.ts';

/** A case as the oracle takes it, its sequences in the given order. */
export async function problemOf(vector: RecordedCase, order: readonly number[]): Promise<GradientProblem> {
  const { config } = vector;
  const { stateDict, input, h0, cotangents } = operandsOf(vector);
  const sequences = rowsOf(vector, input, order);
  const width = (config.bidirectional ? 2 : 1) * config.hiddenSize;
  const zeros = sequences.map((rows) => rows.map(() => new Array<number>(width).fill(0)));
  return {
    sizes: config,
    parameters: stateDict,
    sequences,
    h0: statesIn(vector, h0, order),
    output: cotangents.output ? rowsOf(vector, cotangents.output, order) : zeros,
    hn: statesIn(vector, cotangents.hn, order),
    masks: (await drawnMasks(vector)).map((mask) => maskRows(mask, sequences, width)),
  };
}

/** The sequences in the order of the packed rows. */
export function orderOf(subject: Subject, vector: RecordedCase): readonly number[] {
  const { layout, lengths, enforceSorted, batch, config } = vector;
  const inOrder = Array.from({ length: batch }, (_, b) => b);
  if (layout !== 'packed') return inOrder;
  const { input } = operandsOf(vector);
  const packed = subject.packPaddedSequence(input, lengths!, { batchFirst: config.batchFirst, enforceSorted });
  return packed.sortedIndices ?? inOrder;
}

/** A padded input or output, by sequence. */
export function rowsOf(vector: RecordedCase, tensor: Tensor, order: readonly number[]): Rows<number>[] {
  const all = sequencesOf(tensor, { ...vector, batchFirst: vector.config.batchFirst });
  return order.map((b) => all[b]!);
}

/** States, by sequence. */
export function statesIn(
  { config, batch }: RecordedCase,
  states: Tensor | undefined,
  order: readonly number[],
): Rows<number>[] {
  const count = config.numLayers * (config.bidirectional ? 2 : 1);
  const all = statesOf(states, count, batch, config.hiddenSize);
  return order.map((b) => all[b]!);
}

/** The masks of a GRU's first training call, as the runtime draws them for every backend. */
async function drawnMasks(vector: RecordedCase): Promise<FloatArray[]> {
  if (!vector.config.dropout) return [];
  const masks: FloatArray[] = [];
  const spy = withCalls(referenceBackend(), ({ join }) => ({
    join: (parts, rows, mask) => {
      if (mask) masks.push(mask);
      return join(parts, rows, mask);
    },
  }));
  await runVector(subjectOf(moduleOf(spy), {}, { seed: 1, runs: 1 }), vector, operandsOf(vector));
  return masks;
}

/** A mask's rows by sequence; it has those of the first step, then of the second, … */
function maskRows(mask: FloatArray, sequences: readonly Rows<number>[], width: number): Rows<number>[] {
  const rows: number[][][] = sequences.map(() => []);
  let at = 0;
  sequences[0]!.forEach((_, t) => {
    for (const [s, { length }] of sequences.entries()) {
      if (t >= length) continue;
      rows[s]!.push(Array.from(mask.subarray(at, at + width)));
      at += width;
    }
  });
  return rows;
}
