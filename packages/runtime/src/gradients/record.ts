import type { Call, Mode, RecordedRun, Trace } from '../backend/engine.ts';
import { drive, type Steps, wait, waitAll } from '../drive.ts';
import { pullStack, type RunLayer, runStack, type Stack } from '../layers/stack.ts';
import { type LayerParameters, layerWeights, storedParameters, type Weights } from '../parameters/parameters.ts';
import { type DType, type FloatArray, sizeOf, type Tensor, zeros } from '../tensor.ts';

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
  /** @throws CONGRUENT_DISPOSED */
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

/** Runs a stack and records it; what was recorded of a run that fails is released. */
export function* recordRun<M extends Mode, B>(source: Source<M, B>, sequence: RowSequence): Steps<Recording> {
  const { batchSizes, masks } = sequence;
  const { output, states, traces } = yield* source.compute((call, turn) => recordIn(source, sequence, call, turn));
  return { output, states, ...backwardPass(source, { batchSizes, masks }, traces) };
}

/** What a run gives, and the traces of its layers and directions. */
interface Recorded<M extends Mode, B> {
  readonly output: FloatArray;
  readonly states: readonly FloatArray[];
  readonly traces: readonly Trace<M, B>[];
}

function* recordIn<M extends Mode, B>(
  { mode, stack }: Source<M, B>,
  { data, batchSizes, states, masks }: RowSequence,
  call: Call<M, B>,
  turn: Steps<void>,
): Steps<Recorded<M, B>> {
  const taken: Trace<M, B>[] = [];
  function* record(...[layer, ...of]: Parameters<RunLayer<M, B, RecordedRun<M, B>>>): Steps<RecordedRun<M, B>> {
    const run = yield* wait<M, RecordedRun<M, B>>(layer.record!(...of));
    taken.push(run.trace);
    return run;
  }
  const input = call.upload(data);
  const initial = states.map((state) => [call.upload(state)]);
  yield* turn;
  try {
    const { output, runs } = yield* runStack(call, stack, input, batchSizes, initial, masks, (...of) =>
      drive(mode, record(...of)),
    );
    const buffers = [output, ...runs.flatMap((run) => run.states)];
    const [first, ...finals] = yield* waitAll<M, FloatArray>(buffers.map((buffer) => call.download(buffer)));
    return { output: first!, states: finals, traces: runs.map(({ trace }) => trace) };
  } catch (error) {
    for (const trace of taken) trace.dispose();
    throw error;
  }
}

/** The backward pass, on its own so that it holds nothing of the run but its traces. */
function backwardPass<M extends Mode, B>(
  source: Source<M, B>,
  sequence: Pick<RowSequence, 'batchSizes' | 'masks'>,
  traces: readonly Trace<M, B>[],
): Pick<Recording, 'pullback' | 'release'> {
  return {
    pullback: (...adjoints) => {
      const own = source.parameters.map((layer) => layerWeights(layer, source.weights, source.dtype));
      return pullRun(source, sequence, traces, own, adjoints);
    },
    release: () =>
      source.inTurn(() => {
        for (const trace of traces) trace.dispose();
      }),
  };
}

function* pullRun<M extends Mode, B>(
  { compute, parameters, stack }: Source<M, B>,
  { batchSizes, masks }: Pick<RowSequence, 'batchSizes' | 'masks'>,
  traces: readonly Trace<M, B>[],
  weights: readonly Readonly<Record<string, FloatArray>>[],
  [output, states]: readonly [FloatArray, readonly FloatArray[]],
): Steps<RowGradients> {
  const stored = parameters.map((layer) => storedParameters([layer]));
  const arrays = yield* compute<FloatArray[]>(function* (call, turn) {
    const adjoints = { output: call.upload(output), states: states.map((state) => [call.upload(state)]) };
    yield* turn;
    const { input, layers } = yield* pullStack(call, stack[0]!.length, traces, weights, batchSizes, adjoints, masks);
    const gradients = layers.flatMap((layer, index) => stored[index]!.map(({ layout }) => layer.parameters[layout]!));
    const buffers = [input, ...layers.flatMap((layer) => layer.states), ...gradients];
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
  return {
    output: zeros(dtype, 0),
    states,
    *pullback() {
      const entries = storedParameters(parameters).map(({ name, shape }): [string, Tensor] => [
        name,
        { data: zeros(dtype, sizeOf(shape)), shape: [...shape] },
      ]);
      return { input: zeros(dtype, 0), states, parameters: Object.fromEntries(entries) };
    },
    release: () => {},
  };
}
