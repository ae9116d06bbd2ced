import type { BackendInfo, FloatArray, Tensor } from '@congruent/runtime';
import { CELLS } from './cells.ts';
import type { Problem } from './problem.ts';
import { sizesOf } from './tensors.ts';
import type { Work } from './works.ts';

/** What is used of a backend's entry. */
export interface BackendModule {
  readonly backend: BackendInfo;
  readonly GRU: LayerClass;
}

export interface LayerClass {
  create(options: object): Promise<Layer>;
}

/** At once, or a promise where the backend answers with some. */
export type Reply<T> = T | Promise<T>;

/** What is used of a layer, whatever its cell. */
export interface Layer {
  loadStateDict(parameters: Readonly<Record<string, Tensor>>): unknown;
  eval(): unknown;
  stream(options: { readonly batchSize: number }): { step(x: Float32Array): Reply<FloatArray> };
  forward(input: Tensor, states?: Tensor | readonly Tensor[]): Reply<{ readonly output: Tensor }>;
  vjp(
    input: Tensor,
    states?: Tensor | readonly Tensor[],
  ): Reply<{ readonly output: Tensor; readonly pullback: Pullback }>;
  dispose(): void;
}

interface Pullback {
  (cotangents: { readonly output: Tensor }): Reply<Gradients>;
  dispose(): void;
}

/** Those of the initial states are beside these, as `h0` and so on. */
export interface Gradients {
  readonly input: Tensor;
  readonly parameters: Readonly<Record<string, Tensor>>;
}

/** At once where nothing is awaited, so that a promise costs only those who answer with one. */
export const onReply = <T, U>(reply: Reply<T>, next: (value: T) => Reply<U>): Reply<U> =>
  reply instanceof Promise ? reply.then(next) : next(reply);

/** The options of a work's class; a generated one knows its sizes by the names of the equations. */
export function optionsOf(work: Work): object {
  const { cell, inputSize, hiddenSize, layers, directions } = work;
  const sizes = CELLS[cell].generated ? { sizes: sizesOf(work, 0) } : { inputSize, hiddenSize };
  return { ...sizes, numLayers: layers, bidirectional: directions === 2 };
}

/** The weights under torch's names: those of a called cell without states have no layers and directions. */
export function stateDict({ layers }: Problem): Record<string, Tensor> {
  const entries = layers.flatMap((sides, layer) =>
    sides.flatMap((weights, direction) =>
      Object.entries(weights).map(([name, weight]) => {
        const suffix = weight.recurrent ? `_l${layer}${direction === 1 ? '_reverse' : ''}` : '';
        return [`${name}${suffix}`, weight];
      }),
    ),
  );
  return Object.fromEntries(entries);
}

/** The weights of a called cell under its own names. */
export const under = (parameters: Readonly<Record<string, Tensor>>, instance: string): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => name.startsWith(`${instance}.`))
      .map(([name, weight]) => [name.slice(instance.length + 1), weight]),
  );
