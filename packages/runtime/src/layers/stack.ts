import {
  type Call,
  type Layer,
  type LayerGradients,
  type Mode,
  type Reply,
  type Run,
  rowsOf,
  type Sequence,
  type Trace,
} from '../backend/engine.ts';
import { type Steps, waitAll } from '../drive.ts';
import type { FloatArray } from '../tensor.ts';

/** A stack of layers: by layer from the bottom, then by direction, forward first. */
export type Stack<M extends Mode, B> = readonly (readonly Layer<M, B>[])[];

/** How a layer is run: `run`, or `record`. */
export type RunLayer<M extends Mode, B, R extends Run<B>> = (
  layer: Layer<M, B>,
  call: Call<M, B>,
  sequence: Sequence<B>,
) => Reply<M, R>;

/**
 * Runs a stack over a sequence. Each layer sees the one below, both directions side by side, masked where it has a mask.
 *
 * @param input   [Σ batchSizes, I]
 * @param states  initial ones of each layer and direction, at layer · directions + direction
 * @param masks   by layer; the last layer has none
 * @returns the last layer's output [Σ batchSizes, directions · H], and what each layer and direction gave, like `states`
 */
export function* runStack<M extends Mode, B, R extends Run<B>>(
  call: Call<M, B>,
  stack: Stack<M, B>,
  input: B,
  batchSizes: readonly number[],
  states: readonly (readonly B[])[],
  masks: readonly FloatArray[],
  runLayer: RunLayer<M, B, R>,
): Steps<{ output: B; runs: R[] }> {
  const rows = rowsOf(batchSizes);
  const runs: R[] = [];
  let below = input;
  for (const [index, directions] of stack.entries()) {
    const replies = directions.map((layer, direction) =>
      runLayer(layer, call, {
        inputs: [below],
        states: states[index * directions.length + direction]!,
        batchSizes,
        reverse: direction === 1,
      }),
    );
    const results = yield* waitAll<M, R>(replies);
    runs.push(...results);
    const mask = masks[index];
    const [first, ...others] = results.map(({ outputs }) => outputs[0] as B) as [B, ...B[]];
    below = others.length === 0 && mask === undefined ? first : call.join([first, ...others], rows, mask);
  }
  return { output: below, runs };
}

/**
 * Goes a recorded run of a stack backwards.
 *
 * @param directions  of each layer
 * @param traces      as the run recorded them, at layer · directions + direction
 * @param parameters  those of each trace, by layout name
 * @param adjoints    of the last layer's output [Σ batchSizes, directions · H], and of the last states of each trace
 * @param masks       those of the run
 * @returns the adjoints of the input, and of each trace's states and parameters
 */
export function* pullStack<M extends Mode, B>(
  call: Call<M, B>,
  directions: number,
  traces: readonly Trace<M, B>[],
  parameters: readonly Readonly<Record<string, FloatArray>>[],
  batchSizes: readonly number[],
  adjoints: { readonly output: B; readonly states: readonly (readonly B[])[] },
  masks: readonly FloatArray[],
): Steps<{ input: B; layers: LayerGradients<B>[] }> {
  const rows = rowsOf(batchSizes);
  const layers: LayerGradients<B>[] = [];
  let above = adjoints.output;
  for (let layer = traces.length / directions - 1; layer >= 0; layer--) {
    const mask = masks[layer];
    const outputs = directions === 1 && mask === undefined ? [above] : call.split!(above, directions, rows, mask);
    const replies = outputs.map((output, direction) => {
      const at = layer * directions + direction;
      return traces[at]!.pullback(call, parameters[at]!, { outputs: [output], states: adjoints.states[at]! });
    });
    const gradients = yield* waitAll<M, LayerGradients<B>>(replies);
    layers.unshift(...gradients);
    above = gradients.map(({ inputs }) => inputs[0] as B).reduce((left, right) => call.add!(left, right));
  }
  return { input: above, layers };
}
