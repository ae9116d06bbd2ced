import type { Subject } from '@congruent/conformance';
import { recordedBound } from '@congruent/conformance';
import type { PackedSequence } from '@congruent/runtime';
import * as scalar from '@congruent/scalar';
import { namedResults, runVector } from '../../../packages/conformance/src/checks/vectors.ts';
import { backendOf, subjectOf } from '../../../packages/conformance/src/subject/open.ts';
import {
  decode,
  kindOfCase,
  operandsOf,
  torchVersion,
  type VectorCase,
  vectors,
} from '../../../packages/conformance/src/vectors/vectors.ts';
import { type Place, type Table, writeTable } from './table.ts';

/** Errors of one float32 case against PyTorch's float64 result, over its output and last states. */
interface Errors {
  readonly scalar: number;
  readonly torch: number;
  /** The largest share of its bound that a result uses up. */
  readonly share: number;
}

/** Where the table stands. */
export const place: Place = { document: 'docs/numerics.md', name: 'errors' };

/** Rewrites the table. */
export async function main(): Promise<void> {
  writeTable(place, await errorTable());
}

/** How scalar's float32 error compares with PyTorch's own, over the recorded cases of each topic. */
export async function errorTable(): Promise<Table> {
  const backend = backendOf(scalar, {}, { seed: 1, runs: 1 });
  const rows: string[][] = [];
  const all: Errors[] = [];
  for (const [topic, cases] of Object.entries(vectors)) {
    const errors: Errors[] = [];
    for (const vector of cases.filter(({ dtype }) => dtype === 'float32')) {
      errors.push(await errorsOf(subjectOf(backend, kindOfCase(vector)), vector));
    }
    if (errors.length > 0) rows.push(summary(topic, errors));
    all.push(...errors);
  }
  const columns = ['scalar', `PyTorch ${torchVersion}`, 'median ratio', 'largest ratio', 'largest share of the bound'];
  return [['cases', 'number', ...columns], ...rows, summary('all', all)];
}

async function errorsOf(subject: Subject, vector: VectorCase): Promise<Errors> {
  const { torchError, expected } = vector;
  // Packed results are compared padded, because torch leaves the order of equally long sequences open.
  const padded = (packed: PackedSequence) => subject.padPackedSequence(packed).output.data;
  const results = namedResults(subject, await runVector(subject, vector, operandsOf(vector)));
  const pairs = results.map(([name, result]) => {
    const recorded = expected[name]!;
    const data = decode(recorded);
    const packed = { ...recorded, data: { data, shape: recorded.shape } } as PackedSequence;
    const isPacked = 'batchSizes' in result;
    return {
      got: isPacked ? padded(result) : result.data,
      wanted: isPacked ? padded(packed) : data,
      torch: torchError![name] ?? 0,
    };
  });
  const errors = pairs.map(({ got, wanted }) => largestDifference(got, wanted));
  const shares = pairs.map(({ wanted, torch }, i) => errors[i]! / recordedBound('float32', wanted, torch)(1));
  return {
    scalar: Math.max(...errors),
    torch: Math.max(...pairs.map(({ torch }) => torch)),
    share: Math.max(...shares),
  };
}

/** Over the finite entries. */
const largestDifference = (got: ArrayLike<number>, wanted: ArrayLike<number>): number =>
  Array.from(wanted).reduce(
    (most, value, i) => (Number.isFinite(value) ? Math.max(most, Math.abs(got[i]! - value)) : most),
    0,
  );

function summary(topic: string, errors: readonly Errors[]): string[] {
  const ratios = errors.filter(({ torch }) => torch > 0).map((error) => error.scalar / error.torch);
  const sorted = ratios.sort((a, b) => a - b);
  const largest = (of: keyof Errors): number => Math.max(...errors.map((error) => error[of]));
  return [
    topic,
    `${errors.length}`,
    largest('scalar').toExponential(1),
    largest('torch').toExponential(1),
    sorted[sorted.length >> 1]!.toFixed(2),
    sorted.at(-1)!.toFixed(2),
    `${(100 * largest('share')).toFixed(0)} %`,
  ];
}
