import { type GRUOptions, type StateDict, type Tensor, tensor } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { collect } from './collect.ts';

type Awaitable<T> = T | Promise<T>;

/** A GRU of any backend. */
interface Trained extends Disposable {
  vjp(input: Tensor): Awaitable<{
    readonly output: Tensor;
    pullback(gradients: { readonly output: Tensor }): Awaitable<{ readonly parameters: StateDict }>;
  }>;
  loadStateDict(dict: StateDict): unknown;
}

interface Backend {
  readonly GRU: { create(options: GRUOptions): Promise<Trained> };
}

/** Bytes of arrays that are alive. Dead ones are freed beside the program, and all of them before the next collection. */
function arrayBytes(): number {
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}

/**
 * Registers the test.
 *
 * @param options  of the layer beside its sizes, e.g. a device
 */
export const trainingHoldsNothing = ({ GRU }: Backend, options: object = {}): void =>
  test('a loop of training that never lets the event loop turn holds no run but its last', async () => {
    using gru = await GRU.create({ inputSize: 16, hiddenSize: 32, ...options });
    const input = tensor(new Float32Array(50 * 8 * 16).fill(0.1), [50, 8, 16]);
    const steps = async (count: number): Promise<void> => {
      for (let step = 0; step < count; step++) {
        const { output, pullback } = await gru.vjp(input);
        const { parameters } = await pullback({ output });
        gru.loadStateDict(parameters);
      }
    };
    await steps(5);
    const before = arrayBytes();
    await steps(20);
    // One run records several values of 50 · 8 · 32 elements; twenty of them are above 4 MB.
    expect(arrayBytes() - before).toBeLessThan(1_500_000);
  });
