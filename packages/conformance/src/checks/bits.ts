import type { Arithmetic } from '@congruent/codegen';
import type { Tensor } from '@congruent/runtime';
import { intervalsOf } from '../examples/example.ts';
import { sequenceStates, sequencesOf } from '../examples/sequences.ts';
import { expectInside, expectSameBits } from '../expect/expect.ts';
import { type Kind, statesOf } from '../kinds/kind.ts';
import { stateCount, stateWidths } from '../kinds/sizes.ts';
import { forwardOracle, type Rows, type SequenceResult } from '../oracle/forward.ts';
import { quickArithmetic } from '../oracle/quick-arithmetic.ts';
import type { Subject } from '../subject/subject.ts';
import {
  casesOf,
  costOf,
  hasNumbers,
  isCell,
  kindOfCase,
  operandsOf,
  type RecordedCase,
  type VectorCase,
  vectors,
} from '../vectors/vectors.ts';
import type { KindCheck, Outcome } from './check.ts';
import { runVector, type VectorResult } from './vectors.ts';

/** Beyond this many multiplications the interval interpreter is too slow to be worth it. */
export const INTERVAL_COST = 20_000;

/**
 * One check for each file of cases: a deterministic backend's results have the bits that the specification prescribes;
 * any other backend's lie within the interval enclosure of the same cases.
 */
export const bitChecks = (kind: Kind): readonly KindCheck[] =>
  casesOf(vectors, kind).flatMap(({ topic, cases: all }) => {
    const cases = all.filter((vector) => !isCell(vector));
    if (cases.length === 0) return [];
    return {
      group: 'specified bits',
      title: `E5 C25: every sequence of ${topic} has the specified bits where backend.supports.deterministic, else is enclosed`,
      cost: cases.reduce((sum, vector) => sum + costOf(vector), 0),
      run: (subject: Subject) => checkTopic(subject, cases),
    };
  });

async function checkTopic(subject: Subject, cases: readonly VectorCase[]): Promise<Outcome> {
  const { deterministic, float64: hasFloat64 } = subject.backend.supports;
  const supported = cases.filter(({ dtype }) => dtype === 'float32' || hasFloat64);
  for (const vector of supported) {
    if (deterministic) await expectBits(subject, vector);
    else if (hasNumbers(vector) && vector.dtype === 'float32' && costOf(vector) <= INTERVAL_COST) {
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
  oracleOf(vector, arithmetic).forEach(({ output, last }, b) => {
    expectEach(`${vector.name}: output of sequence ${b}`, got[b]!.output.flat(), output.flat());
    for (const [index, name] of statesOf(subject.kind, 'n').entries()) {
      const [state, expected] = [got[b]!.last[index]!.flat(), last[index]!.flat()];
      expectEach(`${vector.name}: ${name} of sequence ${b}`, state, expected);
    }
  });
}

/** What the specification prescribes for each sequence of a case, in some arithmetic. */
export function oracleOf<V>(vector: RecordedCase, arithmetic: Arithmetic<V>): SequenceResult<V>[] {
  const { stateDict, input, initial } = operandsOf(vector);
  const states = statesBySequence(vector, initial);
  const sequences = sequencesOf(input, { ...vector, batchFirst: vector.config.batchFirst });
  return forwardOracle(
    arithmetic,
    { kind: kindOfCase(vector), sizes: vector.config, parameters: stateDict },
    sequences.map((sequence, b) => ({ sequence, initial: states[b]! })),
  );
}

/** Initial or last states of a case, for each sequence. */
export const statesBySequence = (vector: RecordedCase, states: readonly Tensor[] | undefined): Rows<number>[][] =>
  sequenceStates(states, stateCount(vector.config), vector.batch, stateWidths(kindOfCase(vector), vector.config));

function bySequence(subject: Subject, vector: RecordedCase, { output, last }: VectorResult): SequenceResult<number>[] {
  const { batchFirst } = vector.config;
  const padded = 'batchSizes' in output! ? subject.padPackedSequence(output, { batchFirst }).output : output!;
  const states = statesBySequence(vector, last);
  return sequencesOf(padded, { ...vector, batchFirst }).map((rows, b) => ({ output: rows, last: states[b]! }));
}
