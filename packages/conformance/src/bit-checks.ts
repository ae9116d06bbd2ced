import { type Arithmetic, float32, float64, type Interval } from '@congruent/codegen';
import type { Tensor } from '@congruent/runtime';
import type { Check, Outcome, Subject } from './check.ts';
import { intervalsOf } from './example.ts';
import { expectInside, expectSameBits } from './expect.ts';
import { sequencesOf, statesOf } from './sequences.ts';
import { type Truth, truth } from './truth.ts';
import { runVector, type VectorResult } from './vector-checks.ts';
import { costOf, operandsOf, type Topic, type VectorCase, vectors } from './vectors.ts';

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

async function expectBits(subject: Subject, vector: VectorCase): Promise<void> {
  const got = bySequence(subject, vector, await runVector(subject, vector, operandsOf(vector)));
  truthsOf(vector, vector.dtype === 'float64' ? float64 : float32).forEach(({ output, hn }, b) => {
    expectSameBits(`${vector.name}: output of sequence ${b}`, got[b]!.output.flat(), output.flat());
    expectSameBits(`${vector.name}: hn of sequence ${b}`, got[b]!.hn.flat(), hn.flat());
  });
}

async function expectEnclosed(subject: Subject, vector: VectorCase): Promise<void> {
  const got = bySequence(subject, vector, await runVector(subject, vector, operandsOf(vector)));
  truthsOf<Interval>(vector, intervalsOf(subject)).forEach(({ output, hn }, b) => {
    expectInside(`${vector.name}: output of sequence ${b}`, got[b]!.output.flat(), output.flat());
    expectInside(`${vector.name}: hn of sequence ${b}`, got[b]!.hn.flat(), hn.flat());
  });
}

/** What the specification prescribes for each sequence of a case, in some arithmetic. */
export function truthsOf<V>(vector: VectorCase, arithmetic: Arithmetic<V>): Truth<V>[] {
  const { stateDict, input, h0 } = operandsOf(vector);
  const states = initialStates(vector, h0);
  return sequencesOf(input, { ...vector, batchFirst: vector.config.batchFirst }).map((sequence, b) =>
    truth(arithmetic, { sizes: vector.config, parameters: stateDict, sequence, h0: states[b]! }),
  );
}

const initialStates = ({ config, batch }: VectorCase, states: Tensor | undefined) =>
  statesOf(states, config.numLayers * (config.bidirectional ? 2 : 1), batch, config.hiddenSize);

function bySequence(subject: Subject, vector: VectorCase, { output, hn }: VectorResult): Truth<number>[] {
  const { batchFirst } = vector.config;
  const padded = 'batchSizes' in output! ? subject.padPackedSequence(output, { batchFirst }).output : output!;
  const states = initialStates(vector, hn);
  return sequencesOf(padded, { ...vector, batchFirst }).map((rows, b) => ({ output: rows, hn: states[b]! }));
}
