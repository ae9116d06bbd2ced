import { type Arithmetic, float32, float64 } from '@congruent/codegen';
import type { FloatArray, Tensor } from '@congruent/runtime';
import { INTERVAL_COST } from './bit-checks.ts';
import type { Check, Outcome, Subject } from './check.ts';
import { intervalsOf } from './example.ts';
import { expectInside, expectSameBits } from './expect.ts';
import { type GradientResult, padded, runGradient } from './gradient-run.ts';
import { type GradientProblem, type GradientTruth, gradientTruth } from './gradient-truth.ts';
import { type GradientCase, type GradientTopic, gradientVectors } from './gradient-vectors.ts';
import { moduleOf, referenceBackend, withCalls } from './reference.ts';
import { sequencesOf, statesOf } from './sequences.ts';
import { subjectOf } from './subject.ts';
import { refuseTraining } from './training.ts';
import type { Rows } from './truth.ts';
import { runVector } from './vector-checks.ts';
import { costOf, operandsOf } from './vectors.ts';

/** GRUCell is a GRU of one step, to the bit, by a check of its own. */
const topics = (Object.keys(gradientVectors) as GradientTopic[]).filter((topic) => topic !== 'cell');

/** One check for each file of recorded cases, as for the results. */
export const gradientBitChecks: readonly Check[] = topics.map((topic) => {
  const cases = gradientVectors[topic];
  return {
    group: 'specified bits',
    title: `E10 E11 E12 C25: every gradient of ${topic} has the specified bits where backend.supports.deterministic, else is enclosed`,
    cost: cases.reduce((sum, vector) => sum + 3 * costOf(vector), 0),
    run: (subject) => checkTopic(subject, cases),
  };
});

async function checkTopic(subject: Subject, cases: readonly GradientCase[]): Promise<Outcome> {
  const { deterministic, float64: hasFloat64, training } = subject.backend.supports;
  if (!training) return await refuseTraining(subject);
  const supported = cases.filter(({ dtype }) => dtype === 'float32' || hasFloat64);
  for (const vector of supported) {
    if (deterministic) {
      await expectGradients(subject, vector, vector.dtype === 'float64' ? float64 : float32, expectSameBits);
    } else if (vector.dtype === 'float32' && costOf(vector) <= INTERVAL_COST) {
      await expectGradients(subject, vector, intervalsOf(subject), expectInside);
    }
  }
  return deterministic && supported.length === cases.length ? 'passed' : 'refused';
}

async function expectGradients<V>(
  subject: Subject,
  vector: GradientCase,
  arithmetic: Arithmetic<V>,
  expectEach: (what: string, got: ArrayLike<number>, expected: readonly V[]) => void,
): Promise<void> {
  const order = orderOf(subject, vector);
  const expected = gradientTruth(arithmetic, await problemOf(vector, order));
  const { gradients } = await runGradient(subject, vector, operandsOf(vector));
  const got = bySequence(subject, vector, gradients, order);
  order.forEach((b, s) => {
    expectEach(
      `${vector.name}: gradient of the input of sequence ${b}`,
      got.input[s]!.flat(),
      expected.input[s]!.flat(),
    );
    expectEach(`${vector.name}: gradient of h0 of sequence ${b}`, got.h0[s]!.flat(), expected.h0[s]!.flat());
  });
  for (const [name, values] of Object.entries(expected.parameters)) {
    expectEach(`${vector.name}: gradient of ${name}`, (gradients[name] as Tensor).data, values);
  }
}

/** The sequences in the order of the packed rows. */
function orderOf(subject: Subject, vector: GradientCase): readonly number[] {
  const { layout, lengths, enforceSorted, batch, config } = vector;
  const inOrder = Array.from({ length: batch }, (_, b) => b);
  if (layout !== 'packed') return inOrder;
  const { input } = operandsOf(vector);
  const packed = subject.packPaddedSequence(input, lengths!, { batchFirst: config.batchFirst, enforceSorted });
  return packed.sortedIndices ?? inOrder;
}

const statesBy = ({ config, batch }: GradientCase, states: Tensor | undefined, order: readonly number[]) => {
  const count = config.numLayers * (config.bidirectional ? 2 : 1);
  const all = statesOf(states, count, batch, config.hiddenSize);
  return order.map((b) => all[b]!);
};

const rowsBy = (vector: GradientCase, tensor: Tensor, order: readonly number[]): Rows<number>[] => {
  const all = sequencesOf(tensor, { ...vector, batchFirst: vector.config.batchFirst });
  return order.map((b) => all[b]!);
};

/** A recorded case as the truth takes it. */
export async function problemOf(vector: GradientCase, order: readonly number[]): Promise<GradientProblem> {
  const { config } = vector;
  const { stateDict, input, h0, cotangents } = operandsOf(vector);
  const sequences = rowsBy(vector, input, order);
  const width = (config.bidirectional ? 2 : 1) * config.hiddenSize;
  const zeros = sequences.map((rows) => rows.map(() => new Array<number>(width).fill(0)));
  return {
    sizes: config,
    parameters: stateDict,
    sequences,
    h0: statesBy(vector, h0, order),
    output: cotangents.output ? rowsBy(vector, cotangents.output, order) : zeros,
    hn: statesBy(vector, cotangents.hn, order),
    masks: (await drawnMasks(vector)).map((mask) => maskRows(mask, sequences, width)),
  };
}

/** The masks of a GRU's first training call, as the runtime draws them for every backend. */
async function drawnMasks(vector: GradientCase): Promise<FloatArray[]> {
  const masks: FloatArray[] = [];
  const spy = withCalls(referenceBackend(), ({ join }) => ({
    join: (parts, rows, mask) => {
      if (mask) masks.push(mask);
      return join(parts, rows, mask);
    },
  }));
  const subject = subjectOf(moduleOf(spy), {}, { seed: 1, runs: 1 });
  if (vector.config.dropout > 0) await runVector(subject, vector, operandsOf(vector));
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

function bySequence(
  subject: Subject,
  vector: GradientCase,
  { input, h0 }: GradientResult['gradients'],
  order: readonly number[],
): Pick<GradientTruth<number>, 'input' | 'h0'> {
  return { input: rowsBy(vector, padded(subject, vector, input), order), h0: statesBy(vector, h0, order) };
}
