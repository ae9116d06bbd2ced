import { type Steps, wait, waitAll } from '../drive.ts';
import { type FloatArray, sizeOf, zeros } from '../tensor.ts';
import type { Driver, SteppedStream, StepValue } from './driver.ts';
import { begin, type Turn, type Turns } from './turns.ts';

/** Everything is answered with promises. */
export const asyncDriver: Driver<'async'> = {
  drive,
  turns: () => new Queue(),
  step: (stream, x) => drive(step(stream, x)),
};

async function drive<T>(steps: Steps<T>): Promise<T> {
  let next = steps.next();
  while (!next.done) {
    let { value } = next;
    if (value !== undefined) {
      try {
        value = await (Array.isArray(value) ? settled(value) : value);
      } catch (error) {
        next = steps.throw(error);
        continue;
      }
    }
    next = steps.next(value);
  }
  return next.value;
}

/** All values, or the first error once none is under way any more. */
async function settled(promises: readonly unknown[]): Promise<unknown[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

function* step(stream: SteppedStream<'async'>, x: StepValue): Steps<StepValue> {
  stream.check(x);
  const { layers, shape } = stream;
  const { inputs, inputForm, outputs, outputForm, dtype } = shape;
  const turn = stream.turns.take();
  try {
    const given = inputs.map((_, i) => inputForm.at(x, inputs, i) as FloatArray);
    const kept = turn.before === undefined ? given : given.map((values) => values.slice());
    yield* begin(turn);
    kept.forEach((values, i) => {
      layers[0]!.write(i, values);
    });
    for (const layer of layers) yield* wait<'async', void>(layer.step());
    // Not those of the step before, which its caller may not have seen yet.
    const results = outputs.map(({ row }) => zeros(dtype, stream.batchSize * sizeOf(row)));
    yield* waitAll<'async', void>(results.map((into, i) => layers.at(-1)!.read(i, into)));
    return outputForm.unlist(results, outputs);
  } finally {
    turn.end();
  }
}

/** Turns one after the other. */
class Queue implements Turns {
  #last: Promise<void> | undefined;

  take(): Turn {
    let resolve = (): void => {};
    const before = this.#last;
    const ended = new Promise<void>((done) => {
      resolve = done;
    });
    this.#last = ended;
    const end = (): void => {
      if (this.#last === ended) this.#last = undefined;
      resolve();
    };
    return { before, end };
  }

  run(work: () => void): void {
    if (this.#last === undefined) {
      work();
      return;
    }
    const turn = this.take();
    // A failure here has no caller left to tell; as an unhandled rejection it is at least not silent.
    void turn.before?.then(work).finally(turn.end);
  }
}
