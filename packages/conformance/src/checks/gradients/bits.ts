import type { Arithmetic } from '@congruent/codegen';
import type { Tensor } from '@congruent/runtime';
import { intervalsOf } from '../../examples/example.ts';
import { expectInside, expectSameBits } from '../../expect/expect.ts';
import { type Kind, statesOf } from '../../kinds/kind.ts';
import { gradientOracle } from '../../oracle/gradients.ts';
import { quickArithmetic } from '../../oracle/quick-arithmetic.ts';
import type { Subject } from '../../subject/subject.ts';
import { type GradientCase, gradientVectors } from '../../vectors/gradient-vectors.ts';
import { casesOf, costOf, isCell, operandsOf, type RecordedCase } from '../../vectors/vectors.ts';
import { INTERVAL_COST } from '../bits.ts';
import type { KindCheck, Outcome } from '../check.ts';
import { orderOf, problemOf, rowsOf, statesIn } from './problem.ts';
import { PASSES, padded, runGradient } from './run.ts';
import { refuseTraining } from './training.ts';

/** One check for each file of recorded cases, as for the results; a cell is one step of layers, to the bit, by a check of its own. */
export const gradientBitChecks = (kind: Kind): readonly KindCheck[] =>
  casesOf(gradientVectors, kind).flatMap(({ topic, cases: all }) => {
    const cases = all.filter((vector) => !isCell(vector));
    if (cases.length === 0) return [];
    return {
      group: 'specified bits',
      title: `E10 E11 E12 C25: every gradient of ${topic} has the specified bits where backend.supports.deterministic, else is enclosed`,
      cost: cases.reduce((sum, vector) => sum + PASSES * costOf(vector), 0),
      run: (subject: Subject) => checkTopic(subject, cases),
    };
  });

async function checkTopic(subject: Subject, cases: readonly GradientCase[]): Promise<Outcome> {
  const { deterministic, float64: hasFloat64, training } = subject.backend.supports;
  if (!training) return await refuseTraining(subject);
  const supported = cases.filter(({ dtype }) => dtype === 'float32' || hasFloat64);
  for (const vector of supported) {
    if (deterministic) await expectSpecified(subject, vector);
    else if (vector.dtype === 'float32' && costOf(vector) <= INTERVAL_COST) await expectEnclosed(subject, vector);
  }
  return deterministic && supported.length === cases.length ? 'passed' : 'refused';
}

/** All gradients of a case have the bits of the interpreter's. */
export const expectSpecified = (subject: Subject, vector: RecordedCase): Promise<void> =>
  expectGradients(subject, vector, quickArithmetic[vector.dtype], expectSameBits);

/** All gradients of a case are what float32 can give. */
export const expectEnclosed = (subject: Subject, vector: RecordedCase): Promise<void> =>
  expectGradients(subject, vector, intervalsOf(subject), expectInside);

/** All gradients of a case are what the specification prescribes in some arithmetic. */
async function expectGradients<V>(
  subject: Subject,
  vector: RecordedCase,
  arithmetic: Arithmetic<V>,
  expectEach: (what: string, got: ArrayLike<number>, expected: readonly V[]) => void,
): Promise<void> {
  const order = orderOf(subject, vector);
  const expected = gradientOracle(arithmetic, await problemOf(vector, order));
  const { gradients } = await runGradient(subject, vector, operandsOf(vector));
  const names = statesOf(subject.kind, '0');
  const input = rowsOf(vector, padded(subject, vector, gradients['input']!), order);
  const initial = statesIn(
    vector,
    names.map((name) => gradients[name] as Tensor),
    order,
  );
  for (const [s, b] of order.entries()) {
    const of = `of sequence ${b}`;
    expectEach(`${vector.name}: gradient of the input ${of}`, input[s]!.flat(), expected.input[s]!.flat());
    for (const [index, name] of names.entries()) {
      const [got, wanted] = [initial[s]![index]!.flat(), expected.initial[s]![index]!.flat()];
      expectEach(`${vector.name}: gradient of ${name} ${of}`, got, wanted);
    }
  }
  for (const [name, values] of Object.entries(expected.parameters)) {
    expectEach(`${vector.name}: gradient of ${name}`, (gradients[name] as Tensor).data, values);
  }
}
