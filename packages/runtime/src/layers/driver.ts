import type { LayerStream, Mode, Reply } from '../backend/engine.ts';
import type { Steps } from '../drive.ts';
import type { FloatArray } from '../tensor.ts';
import type { StackShape } from './shape.ts';
import { noTurns, type Turns } from './turns.ts';

/**
 * How a backend's computations are run, which is what it replies with: values, or promises. Each kind is in a module of its
 * own, so that pages are bundled without the other.
 */
export interface Driver<M extends Mode> {
  /** Runs a computation to its end; errors are thrown, or reject the promise. */
  drive<T>(steps: Steps<T>): Reply<M, T>;
  /** The order of the operations on one engine. */
  turns(): Turns;
  /** A step of a stream, where that is not done at once. */
  readonly step?: ((stream: SteppedStream<M>, x: StepValue) => Reply<M, StepValue>) | undefined;
}

/** What a step takes or gives: an array, or arrays by name. */
export type StepValue = FloatArray | Readonly<Record<string, FloatArray>>;

/** A stream as such a step sees it. */
export interface SteppedStream<M extends Mode> {
  readonly shape: StackShape;
  readonly turns: Turns;
  readonly layers: readonly LayerStream<M>[];
  readonly batchSize: number;
  /** @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_DISPOSED */
  check(x: StepValue): void;
}

/** Everything is done at once. */
export const syncDriver: Driver<'sync'> = {
  drive(steps) {
    let step = steps.next();
    while (!step.done) step = steps.next(step.value);
    return step.value;
  },
  turns: () => noTurns,
};
