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
import type { LayerStates } from '../sequences/states.ts';
import type { FloatArray } from '../tensor.ts';

/** A stack of layers: by layer from the bottom, then by direction, forward first. */
export type Stack<M extends Mode, B> = readonly (readonly Layer<M, B>[])[];

/** How a layer is run: `run`, or `record`. */
export type RunLayer<M extends Mode, B, R extends Run<B>> = (
  layer: Layer<M, B>,
  call: Call<M, B>,
  sequence: Sequence<B>,
) => Reply<M, R>;

/** Rows for a stack, in the memory of the caller. */
export interface RowSequence {
  /** [Σ batchSizes, ·] of each input. */
  readonly inputs: readonly FloatArray[];
  readonly batchSizes: readonly number[];
  /** Initial ones of each layer and direction, at layer · directions + direction. */
  readonly states: LayerStates;
  /** By layer; the last layer has none. */
  readonly masks: readonly FloatArray[];
}

/** The same in the memory of the backend. */
interface Uploaded<B> extends Pick<RowSequence, 'batchSizes' | 'masks'> {
  readonly inputs: readonly B[];
  readonly states: readonly (readonly B[])[];
}

/** What a run of a stack gives, in the memory of the caller. */
export interface RowResults {
  /** [Σ batchSizes, ·] each, both directions side by side. */
  readonly outputs: readonly FloatArray[];
  /** The last ones, like the initial ones. */
  readonly states: LayerStates;
}

/**
 * A run of a stack from arrays to arrays: uploads, waits for its turn, runs and downloads.
 *
 * @param outputs  how many of the cell's outputs are wanted
 */
export function* runRows<M extends Mode, B, R extends Run<B>>(
  call: Call<M, B>,
  turn: Steps<void>,
  stack: Stack<M, B>,
  sequence: RowSequence,
  outputs: number,
  runLayer: RunLayer<M, B, R>,
): Steps<RowResults & { readonly runs: readonly R[] }> {
  const inputs = sequence.inputs.map((data) => call.upload(data));
  const states = sequence.states.map((of) => of.map((state) => call.upload(state)));
  yield* turn;
  const run = yield* runStack(call, stack, { ...sequence, inputs, states }, runLayer);
  const wanted = run.outputs.slice(0, outputs);
  const [first, ...last] = yield* downloadAll(call, [wanted, ...run.runs.map((each) => each.states)]);
  return { outputs: first!, states: last, runs: run.runs };
}

/** Lists of buffers as lists of arrays. */
export function* downloadAll<M extends Mode, B>(
  call: Call<M, B>,
  lists: readonly (readonly B[])[],
): Steps<FloatArray[][]> {
  const arrays = yield* waitAll<M, FloatArray>(lists.flat().map((buffer) => call.download(buffer)));
  return lists.map((list) => arrays.splice(0, list.length));
}

/**
 * Runs a stack over a sequence. Each layer sees the first output of the one below, both directions side by side, masked where
 * it has a mask.
 *
 * @returns the last layer's outputs, and what each layer and direction gave, like the initial states
 */
function* runStack<M extends Mode, B, R extends Run<B>>(
  call: Call<M, B>,
  stack: Stack<M, B>,
  { inputs, states, batchSizes, masks }: Uploaded<B>,
  runLayer: RunLayer<M, B, R>,
): Steps<{ outputs: readonly B[]; runs: R[] }> {
  const rows = rowsOf(batchSizes);
  const runs: R[] = [];
  let below = inputs;
  for (const [index, directions] of stack.entries()) {
    const replies = directions.map((layer, direction) =>
      runLayer(layer, call, {
        inputs: below,
        states: states[index * directions.length + direction]!,
        batchSizes,
        reverse: direction === 1,
      }),
    );
    const results = yield* waitAll<M, R>(replies);
    runs.push(...results);
    const mask = masks[index];
    const read = index === stack.length - 1 ? undefined : 1;
    below = results[0]!.outputs.slice(0, read).map((first, output) => {
      const parts = results.map(({ outputs }) => outputs[output]!);
      return parts.length === 1 && mask === undefined ? first : call.join(parts, rows, mask);
    });
  }
  return { outputs: below, runs };
}

/** A run of a stack as it was recorded. */
export interface RecordedStack<M extends Mode, B> extends Pick<RowSequence, 'batchSizes' | 'masks'> {
  /** Of each layer. */
  readonly directions: number;
  /** At layer · directions + direction. */
  readonly traces: readonly Trace<M, B>[];
  /** Those of each trace, by layout name. */
  readonly parameters: readonly Readonly<Record<string, FloatArray>>[];
}

/** The adjoints of what a run of a stack gave. */
export interface StackAdjoints<B> {
  /** Of the last layer's outputs, both directions side by side. */
  readonly outputs: readonly B[];
  /** Of the last states of each trace. */
  readonly states: readonly (readonly B[])[];
  /** By layer, of the outputs after the first, which nothing above reads: zeros for one direction. */
  readonly unread: readonly (readonly B[])[];
}

/**
 * Goes a recorded run of a stack backwards.
 *
 * @returns the adjoints of the inputs, and of each trace's states and parameters
 */
export function* pullStack<M extends Mode, B>(
  call: Call<M, B>,
  { directions, traces, parameters, batchSizes, masks }: RecordedStack<M, B>,
  { outputs, states, unread }: StackAdjoints<B>,
): Steps<{ inputs: readonly B[]; layers: LayerGradients<B>[] }> {
  const rows = rowsOf(batchSizes);
  const layers: LayerGradients<B>[] = [];
  let above = outputs;
  for (let layer = traces.length / directions - 1; layer >= 0; layer--) {
    const mask = masks[layer];
    const parts = above.map((adjoint) =>
      directions === 1 && mask === undefined ? [adjoint] : call.split!(adjoint, directions, rows, mask),
    );
    const replies = parts[0]!.map((_, direction) => {
      const at = layer * directions + direction;
      const own = [...parts.map((part) => part[direction]!), ...(unread[layer] ?? [])];
      return traces[at]!.pullback(call, parameters[at]!, { outputs: own, states: states[at]! });
    });
    const gradients = yield* waitAll<M, LayerGradients<B>>(replies);
    layers.unshift(...gradients);
    above = gradients[0]!.inputs.map((first, input) =>
      gradients.slice(1).reduce((sum, { inputs }) => call.add!(sum, inputs[input]!), first),
    );
  }
  return { inputs: above, layers };
}
