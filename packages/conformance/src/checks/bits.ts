import type { Arithmetic } from '@congruent/codegen';
import type { Tensor } from '@congruent/runtime';
import { intervalsOf } from '../examples/example.ts';
import { sequencesOf, statesOf } from '../examples/sequences.ts';
import { expectInside, expectSameBits } from '../expect/expect.ts';
import { forwardOracle, type SequenceResult } from '../oracle/forward.ts';
import { quickArithmetic } from '../oracle/quick-arithmetic.ts';
import type { Subject } from '../subject/subject.ts';
import { costOf, operandsOf, type RecordedCase, type Topic, type VectorCase, vectors } from '../vectors/vectors.ts';
import type { Check, Outcome } from './check.ts';
import { runVector, type VectorResult } from './vectors.ts';

/** Beyond this many multiplications the interval interpreter is too slow to be worth it. */
export const INTERVAL_COST = 20_000;

/**
 * One check for each file of cases: a deterministic backend's results have the bits that the specification prescribes;
 * any other backend's lie within the interval enclosure of the same cases.
 */
export const bitChecks: readonly Check[] = Object.entries(vectors).flatMap(([topic, all]) => {
  const cases = all.filter(({ kind }) => kind === 'gru');
  if (cases.length === 0) return [];
  return {
    group: 'specified bits',
    title: `E5 C25: every sequence of ${topic} has the specified bits where backend.supports.deterministic, else is enclosed`,
    cost: cases.reduce((sum, vector) => sum + costOf(vector), 0),
    run: (subject: Subject) => checkTopic(subject, topic as Topic, cases),
  };
});

async function checkTopic(subject: Subject, topic: Topic, cases: readonly VectorCase[]): Promise<Outcome> {
  const { deterministic, float64: hasFloat64 } = subject.backend.supports;
  const supported = cases.filter(({ dtype }) => dtype === 'float32' || hasFloat64);
  for (const vector of supported) {
    if (deterministic) await expectBits(subject, vector);
    else if (topic !== 'nonfinite' && vector.dtype === 'float32' && costOf(vector) <= INTERVAL_COST) {
      await expectEnclosed(subject, vector);
    }
  }
  return deterministic && supported.length === cases.length ? 'passed' : 'refused';
}

const expectBits = (subject: Subject, vector: RecordedCase): Promise<void> =>
  expectOracle(subject, vector, quickArithmetic[vector.dtype], expectSameBits);

const expectEnclosed = (subject: Subject, vector: RecordedCase): Promise<void> =>
  expectOracle(subject, vector, intervalsOf(subject), expectInside);

/** The results of a case are what the specification prescribes in some arithmetic. */
async function expectOracle<V>(
  subject: Subject,
  vector: RecordedCase,
  arithmetic: Arithmetic<V>,
  expectEach: (what: string, got: ArrayLike<number>, expected: readonly V[]) => void,
): Promise<void> {
  const got = bySequence(subject, vector, await runVector(subject, vector, operandsOf(vector)));
  oracleOf(vector, arithmetic).forEach(({ output, hn }, b) => {
    expectEach(`${vector.name}: output of sequence ${b}`, got[b]!.output.flat(), output.flat());
    expectEach(`${vector.name}: hn of sequence ${b}`, got[b]!.hn.flat(), hn.flat());
  });
}

/** What the specification prescribes for each sequence of a case, in some arithmetic. */
export function oracleOf<V>(vector: RecordedCase, arithmetic: Arithmetic<V>): SequenceResult<V>[] {
  const { stateDict, input, h0 } = operandsOf(vector);
  const states = initialStates(vector, h0);
  const sequences = sequencesOf(input, { ...vector, batchFirst: vector.config.batchFirst });
  return forwardOracle(
    arithmetic,
    { sizes: vector.config, parameters: stateDict },
    sequences.map((sequence, b) => ({ sequence, h0: states[b]! })),
  );
}

const initialStates = ({ config, batch }: RecordedCase, states: Tensor | undefined) =>
  statesOf(states, config.numLayers * (config.bidirectional ? 2 : 1), batch, config.hiddenSize);

function bySequence(subject: Subject, vector: RecordedCase, { output, hn }: VectorResult): SequenceResult<number>[] {
  const { batchFirst } = vector.config;
  const padded = 'batchSizes' in output! ? subject.padPackedSequence(output, { batchFirst }).output : output!;
  const states = initialStates(vector, hn);
  return sequencesOf(padded, { ...vector, batchFirst }).map((rows, b) => ({ output: rows, hn: states[b]! }));
}
