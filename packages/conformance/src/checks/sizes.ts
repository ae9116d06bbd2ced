import type { DType, PackedSequence, Tensor } from '@congruent/runtime';
import { intervalsOf } from '../examples/example.ts';
import { expect, expectInside, expectSameBits } from '../expect/expect.ts';
import type { Kind } from '../kinds/kind.ts';
import { type BatchResult, batchOracle } from '../oracle/batch.ts';
import { digestsOf, keyOf, recordedDigests } from '../oracle/digests.ts';
import { quickArithmetic } from '../oracle/quick-arithmetic.ts';
import type { Subject } from '../subject/subject.ts';
import { coveringCases, enclosedCases, ROWS, sizeCases } from '../vectors/size-cases.ts';
import { costOf, kindOfCase, operandsOf, type RecordedCase } from '../vectors/vectors.ts';
import type { KindCheck, Outcome } from './check.ts';
import { PASSES, runGradient } from './gradients/run.ts';
import { namedResults, runVector } from './vectors.ts';

const prescribed = 'have the specified bits where backend.supports.deterministic, else are enclosed';

/** Sizes across the blocks of any kernel, forwards and backwards; one check for each number of rows. */
export const sizeChecks: readonly KindCheck[] = ROWS.map((rows, i) => ({
  group: 'sizes',
  title:
    `E5 E10 E11 C25: results, and gradients where there are, of a batch of ${rows} across all blocks of I and H ` +
    prescribed,
  cost: costOfAll(sizeCases[i]!),
  run: (subject) => checkSizes(subject, sizeCases[i]!, [enclosedCases[i]!]),
}));

/**
 * The same for other cells than the GRU, which is enough to see that a kernel takes each size: every number of rows, of
 * features and of hidden units once, in one check.
 */
export function coveringSizeChecks(kind: Kind): readonly KindCheck[] {
  const cases = coveringCases(kind);
  return [
    {
      group: 'sizes',
      title: `E5 E10 E11 C25: results, and gradients where there are, of every size of a block ${prescribed}`,
      cost: costOfAll(cases),
      run: (subject) => checkSizes(subject, cases, cases.slice(0, 3)),
    },
  ];
}

function costOfAll(cases: readonly RecordedCase[]): number {
  return cases.reduce((sum, vector) => sum + (1 + PASSES) * costOf(vector), 0);
}

async function checkSizes(
  subject: Subject,
  cases: readonly RecordedCase[],
  enclosed: readonly RecordedCase[],
): Promise<Outcome> {
  const { deterministic, float64, training } = subject.backend.supports;
  if (!deterministic) {
    // Intervals of all the others would take ten times as long as the rest of the suite.
    for (const vector of enclosed) await expectEnclosed(subject, vector);
    return 'refused';
  }
  const dtypes: readonly DType[] = float64 ? ['float32', 'float64'] : ['float32'];
  for (const vector of cases) for (const dtype of dtypes) await expectBits(subject, { ...vector, dtype });
  return float64 && training ? 'passed' : 'refused';
}

async function expectBits(subject: Subject, vector: RecordedCase): Promise<void> {
  const got = await resultsOf(subject, vector);
  if (isSpecified(vector, got)) return;
  expectAll(vector, got, specified(vector), expectSameBits);
  expect(false, `${keyOf(vector)}: vectors/blocks.json is not what the interpreter gives`);
}

function isSpecified(vector: RecordedCase, got: BatchResult<number>): boolean {
  const [found, recorded] = [digestsOf(vector, got), recordedDigests(vector)];
  const gradients = 'input' in got.gradients;
  return found.results === recorded?.results && (!gradients || found.gradients === recorded.gradients);
}

async function expectEnclosed(subject: Subject, vector: RecordedCase): Promise<void> {
  const got = await resultsOf(subject, vector);
  // The specified bits are inside, and to see that is quick.
  if (isSpecified(vector, got)) return;
  const enclosure = batchOracle(subject.kind, intervalsOf(subject), operandsOf(vector), batchSizesOf(vector));
  expectAll(vector, got, enclosure, expectInside);
}

/** What the interpreter gives for a case. */
export const specified = (vector: RecordedCase): BatchResult<number> =>
  batchOracle(kindOfCase(vector), quickArithmetic[vector.dtype], operandsOf(vector), batchSizesOf(vector));

const batchSizesOf = ({ steps, lengths }: RecordedCase): number[] =>
  Array.from({ length: steps }, (_, t) => lengths!.filter((length) => length > t).length);

/** Flat, rows in packed order; without gradients where the backend has none. */
async function resultsOf(subject: Subject, vector: RecordedCase): Promise<BatchResult<number>> {
  const operands = operandsOf(vector);
  const results = numbersOf(namedResults(subject, await runVector(subject, vector, operands)));
  if (!subject.backend.supports.training) return { results, gradients: {} };
  const recorded = await runGradient(subject, vector, operands);
  for (const [name, values] of Object.entries(numbersOf(namedResults(subject, recorded)))) {
    expectSameBits(`${keyOf(vector)}: ${name} of vjp`, values, results[name]!);
  }
  return { results, gradients: numbersOf(Object.entries(recorded.gradients)) };
}

const numbersOf = (named: readonly (readonly [string, Tensor | PackedSequence])[]): Record<string, ArrayLike<number>> =>
  Object.fromEntries(named.map(([name, result]) => [name, ('batchSizes' in result ? result.data : result).data]));

function expectAll<V>(
  vector: RecordedCase,
  got: BatchResult<number>,
  expected: BatchResult<V>,
  expectEach: (what: string, got: ArrayLike<number>, expected: readonly V[]) => void,
): void {
  const all: Readonly<Record<string, ArrayLike<V>>> = { ...expected.results, ...expected.gradients };
  for (const [name, values] of Object.entries<ArrayLike<number>>({ ...got.results, ...got.gradients })) {
    const what = name in got.results ? name : `gradient of ${name}`;
    expectEach(`${keyOf(vector)}: ${what}`, values, all[name] as readonly V[]);
  }
}
