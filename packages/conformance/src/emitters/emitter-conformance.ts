import {
  type Arithmetic,
  compile,
  type DType,
  type EmittedFile,
  type Emitter,
  float32,
  float32FlushedInterval,
  float32Interval,
  float64,
  type Program,
} from '@congruent/codegen';
import type { Engine, Mode, Supports } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import { expectInside, expectSameBits } from '../expect/expect.ts';
import { type CellProblem, cellOracle } from '../oracle/cell.ts';
import { problemOf } from './problem.ts';
import { named, runBothWays, runStream } from './run.ts';

/** What an emitter made of one cell, for whoever runs it. */
export interface EmittedCell {
  readonly program: Program;
  readonly files: readonly EmittedFile[];
  readonly dtype: DType;
}

/** The emitter under test, and how its code is run. */
export interface EmitterSuite<M extends Mode, B> {
  /** Registers one test: `test` of vitest, node:test, mocha, jest, … */
  readonly test: (title: string, run: () => Promise<void>) => unknown;
  readonly emitter: Emitter;
  /** An engine of the backend that runs the emitted code instead of its own. */
  readonly load: (emitted: EmittedCell) => Engine<M, B> | Promise<Engine<M, B>>;
  /** What the backend says of itself: bits where `deterministic`, otherwise bounds; float64 where it has that. */
  readonly supports: Pick<Supports, 'deterministic' | 'float64' | 'subnormals'>;
  /** Default: the whole catalogue. */
  readonly catalogue?: readonly Cell[] | undefined;
}

/** No two lengths are equal. Packed rows beyond a block of the sums, the first steps more than half a block; and lengths. */
const SIZES = {
  'rows beyond a block': { lengths: [3, 5, 4, 2, 6, 7], batchSizes: [33, 33, 9, 6, 6, 6, 6, 1] },
  'lengths beyond a block': { lengths: [65, 67, 66, 68, 70, 69], batchSizes: [2, 1] },
} as const;

/**
 * Registers a test for every cell of the catalogue, element type, size and direction: what the emitter made of the cell
 * gives the interpreter's results, forwards, recording, backwards and streamed.
 *
 * @example
 * emitterConformance({ test, emitter, supports: backend.supports, load: ({ files }) => openModule(files) });
 */
export function emitterConformance<M extends Mode, B>(suite: EmitterSuite<M, B>): void {
  const { test, supports, catalogue = cells } = suite;
  const promise = supports.deterministic ? 'the bits' : 'results within the bounds';
  for (const cell of catalogue) {
    let emitted: Omit<EmittedCell, 'dtype'> | undefined;
    const emit = (): Omit<EmittedCell, 'dtype'> => {
      const program = compile(cell);
      return { program, files: suite.emitter.emit(program) };
    };
    for (const dtype of supports.float64 ? (['float32', 'float64'] as const) : (['float32'] as const)) {
      for (const [sizes, { lengths, batchSizes }] of Object.entries(SIZES)) {
        test(`${cell.name} in ${dtype} has ${promise} of the specification, for ${sizes}, both ways`, async () => {
          emitted ??= emit();
          const { program } = emitted;
          const engine = await suite.load({ ...emitted, dtype });
          try {
            for (const reverse of [false, true]) {
              const problem = problemOf(cell, dtype, lengths, batchSizes, reverse);
              await compare(engine, program, problem, dtype, supports);
            }
          } finally {
            engine.dispose();
          }
        });
      }
    }
  }
}

async function compare<M extends Mode, B>(
  engine: Engine<M, B>,
  program: Program,
  problem: CellProblem,
  dtype: DType,
  { deterministic, subnormals }: EmitterSuite<M, B>['supports'],
): Promise<void> {
  const layer = engine.layer(problem.dimensions);
  layer.load(problem.parameters);
  const got = await runBothWays(engine, layer, problem);
  const streamed = problem.reverse ? undefined : await runStream(layer, program, problem, dtype);
  const expectOracle = <V>(arithmetic: Arithmetic<V>, expectEach: ExpectEach<V>): void => {
    const expected = cellOracle(program, arithmetic, problem);
    const all = new Map(named(expected));
    for (const [what, values] of named(got)) expectEach(what, values, all.get(what)!);
    for (const [index, got] of streamed?.outputs.entries() ?? []) {
      expectEach('the outputs of a stream', got, expected.outputs[index]!.slice(0, got.length));
    }
    for (const [index, got] of streamed?.states.entries() ?? []) {
      const ofAll = expected.states[index]!;
      expectEach('the last states of a stream', got, ofAll.slice(ofAll.length - got.length));
    }
  };
  if (deterministic) expectOracle(dtype === 'float64' ? float64 : float32, expectSameBits);
  else expectOracle(subnormals ? float32Interval : float32FlushedInterval, expectInside);
}

type ExpectEach<V> = (what: string, got: readonly number[], expected: readonly V[]) => void;
