import type { Call, Mode, RecordedRun, Trace } from './backend.ts';
import { type Steps, waitAll } from './drive.ts';
import { type LayerParameters, layerWeights, type Weights } from './parameters.ts';
import { pullStack, runStack, type Stack } from './stack.ts';
import { type DType, type FloatArray, sizeOf, type Tensor, zeros } from './tensor.ts';

/** A module as its gradients see it. */
export interface Source<M extends Mode, B> {
  /** For error messages, e.g. `GRU`. */
  readonly name: string;
  readonly mode: M;
  readonly dtype: DType;
  readonly stack: Stack<M, B>;
  /** Of every layer and direction, and their values in force. */
  readonly parameters: readonly LayerParameters[];
  readonly weights: Weights;
  /** A computation with buffers of its own, in its turn. */
  compute<T>(work: (call: Call<M, B>, turn: Steps<void>) => Steps<T>): Steps<T>;
  /** Work that must not fall into the middle of a computation. */
  inTurn(work: () => void): void;
  /** @throws GRU_DISPOSED */
  checkAlive(method: string): void;
}

/** Rows for a stack, as the backends take them. */
export interface RowSequence {
  readonly data: FloatArray;
  readonly batchSizes: readonly number[];
  readonly states: readonly FloatArray[];
  readonly masks: readonly FloatArray[];
}

/** A run of a stack that can be gone backwards. */
export interface Recording {
  readonly output: FloatArray;
  readonly states: readonly FloatArray[];
  /** From the adjoints of output and states to those of the operands. */
  pullback(output: FloatArray, states: readonly FloatArray[]): Steps<RowGradients>;
  release(): void;
}

export interface RowGradients {
  readonly input: FloatArray;
  readonly states: readonly FloatArray[];
  /** By state dict name. */
  readonly parameters: Record<string, Tensor>;
}

/** Runs a stack and records it. */
export function* recordRun<M extends Mode, B>(source: Source<M, B>, sequence: RowSequence): Steps<Recording> {
  const { stack, dtype, parameters, weights } = source;
  const { data, batchSizes, states, masks } = sequence;
  const traces: (readonly Trace<M, B>[])[] = [];
  const [output, ...finals] = yield* source.compute<FloatArray[]>(function* (call, turn) {
    const input = call.upload(data);
    const initial = states.map((state) => call.upload(state));
    yield* turn;
    const run = yield* runStack<M, B, RecordedRun<M, B>>(
      call,
      stack,
      input,
      batchSizes,
      initial,
      masks,
      (layer, ...of) => layer.record!(...of),
    );
    let index = 0;
    for (const directions of stack) traces.push(directions.map(() => run.runs[index++]!.trace));
    const buffers = [run.output, ...run.runs.map(({ state }) => state)];
    return yield* waitAll<M, FloatArray>(buffers.map((buffer) => call.download(buffer)));
  });
  return {
    output: output!,
    states: finals,
    pullback: (...adjoints) =>
      pullRun(
        source,
        { batchSizes, masks },
        traces,
        parameters.map((layer) => layerWeights(layer, weights, dtype)),
        adjoints,
      ),
    release: () => source.inTurn(() => traces.flat().forEach((trace) => void trace.dispose())),
  };
}

function* pullRun<M extends Mode, B>(
  { compute, parameters }: Source<M, B>,
  { batchSizes, masks }: Pick<RowSequence, 'batchSizes' | 'masks'>,
  traces: readonly (readonly Trace<M, B>[])[],
  weights: readonly Readonly<Record<string, FloatArray>>[],
  [output, states]: readonly [FloatArray, readonly FloatArray[]],
): Steps<RowGradients> {
  const stored = parameters.map((layer) => layer.parameters.filter((parameter) => parameter.stored));
  const arrays = yield* compute<FloatArray[]>(function* (call, turn) {
    const adjoints = { output: call.upload(output), states: states.map((state) => call.upload(state)) };
    yield* turn;
    const { input, layers } = yield* pullStack(call, traces, weights, batchSizes, adjoints, masks);
    const gradients = layers.flatMap((layer, index) => stored[index]!.map(({ layout }) => layer.parameters[layout]!));
    const buffers = [input, ...layers.map(({ state }) => state), ...gradients];
    return yield* waitAll<M, FloatArray>(buffers.map((buffer) => call.download(buffer)));
  });
  const gradients = arrays.slice(1 + states.length);
  return {
    input: arrays[0]!,
    states: arrays.slice(1, 1 + states.length),
    parameters: Object.fromEntries(
      stored
        .flat()
        .map(({ name, shape }, index): [string, Tensor] => [name, { data: gradients[index]!, shape: [...shape] }]),
    ),
  };
}

/** What an empty batch records: nothing, and its gradients are zeros. */
export function recordNothing<M extends Mode, B>(
  { dtype, parameters }: Source<M, B>,
  states: readonly FloatArray[],
): Recording {
  const zerosLike = parameters
    .flatMap((layer) => layer.parameters.filter((parameter) => parameter.stored))
    .map(({ name, shape }) => ({ name, shape: [...shape] }));
  return {
    output: zeros(dtype, 0),
    states,
    *pullback() {
      const entries = zerosLike.map(({ name, shape }) => [name, { data: zeros(dtype, sizeOf(shape)), shape }] as const);
      return { input: zeros(dtype, 0), states, parameters: Object.fromEntries(entries) };
    },
    release: () => {},
  };
}
