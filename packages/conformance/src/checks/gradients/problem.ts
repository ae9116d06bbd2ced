import type { FloatArray, Tensor } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { sequencesOf } from '../../examples/sequences.ts';
import { statesOf } from '../../kinds/kind.ts';
import { directionsOf, outputWidth, sizeOf } from '../../kinds/sizes.ts';
import type { Rows } from '../../oracle/forward.ts';
import type { GradientProblem } from '../../oracle/gradients.ts';
import { moduleOf, referenceBackend, withCalls } from '../../reference/backend.ts';
import { backendOf, subjectOf } from '../../subject/open.ts';
import type { Subject } from '../../subject/subject.ts';
import { kindOfCase, operandsOf, type RecordedCase, stateShapes } from '../../vectors/vectors.ts';
import { statesBySequence } from '../bits.ts';
import { runVector } from '../vectors.ts';

/** A case as the oracle takes it, its sequences in the given order. */
export async function problemOf(vector: RecordedCase, order: readonly number[]): Promise<GradientProblem> {
  const { config } = vector;
  const kind = kindOfCase(vector);
  const { stateDict, input, initial, cotangents } = operandsOf(vector);
  const sequences = rowsOf(vector, input, order);
  const width = directionsOf(config) * outputWidth(kind, config);
  const zeros = sequences.map((rows) => rows.map(() => new Array<number>(width).fill(0)));
  return {
    kind,
    sizes: config,
    parameters: stateDict,
    sequences,
    initial: statesIn(vector, initial, order),
    output: cotangents['output'] ? rowsOf(vector, cotangents['output'], order) : zeros,
    last: statesIn(vector, fedBack(vector, cotangents), order),
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
  vector: RecordedCase,
  states: readonly Tensor[] | undefined,
  order: readonly number[],
): Rows<number>[][] {
  const all = statesBySequence(vector, states);
  return order.map((b) => all[b]!);
}

/** What is fed back into the last states, in the cell's order; zeros where it is nothing. */
function fedBack(vector: RecordedCase, cotangents: Readonly<Record<string, Tensor>>): Tensor[] {
  const shapes = stateShapes(vector);
  return statesOf(kindOfCase(vector), 'n').map((name, index): Tensor => {
    const shape = shapes[index]!;
    return cotangents[name] ?? { data: new Float32Array(sizeOf(shape)), shape };
  });
}

/** The masks of a module's first training call, as the runtime draws them for every backend. */
async function drawnMasks(vector: RecordedCase): Promise<FloatArray[]> {
  if (!vector.config.dropout) return [];
  const masks: FloatArray[] = [];
  const spy = (cell: Cell) =>
    withCalls(referenceBackend({ cell }), ({ join }) => ({
      join: (parts, rows, mask) => {
        if (mask) masks.push(mask);
        return join(parts, rows, mask);
      },
    }));
  const subject = subjectOf(backendOf(moduleOf(spy), {}, { seed: 1, runs: 1 }), kindOfCase(vector));
  await runVector(subject, vector, operandsOf(vector));
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
