import type { Call, Mode, RecordedRun, Trace } from '../backend/engine.ts';
import { rowsOf } from '../backend/engine.ts';
import { type Steps, wait } from '../drive.ts';
import type { Driver } from '../layers/driver.ts';
import type { StackShape } from '../layers/shape.ts';
import {
  downloadAll,
  pullStack,
  type RowResults,
  type RowSequence,
  type RunLayer,
  runRows,
  type Stack,
} from '../layers/stack.ts';
import type { Turns } from '../layers/turns.ts';
import type { StateDictForm } from '../parameters/layouts.ts';
import { layerWeights, storedParameters, type Weights } from '../parameters/parameters.ts';
import type { LayerStates } from '../sequences/states.ts';
import { type FloatArray, sizeOf, type Tensor, zeros } from '../tensor.ts';

/** A module as its gradients see it. */
export interface Source<M extends Mode, B> {
  readonly driver: Driver<M>;
  readonly shape: StackShape;
  readonly stack: Stack<M, B>;
  /** The parameters in force. */
  weights(): Weights;
  /** How state dicts have them. */
  stateDictForm(): StateDictForm;
  /** A computation with buffers of its own, in its turn. */
  compute<T>(work: (call: Call<M, B>, turn: Steps<void>) => Steps<T>): Steps<T>;
  /** The order of computations, and of work that must not fall into the middle of one. */
  readonly turns: Turns;
  /** @throws CONGRUENT_DISPOSED */
  checkAlive(method: string): void;
}

/** A run of a stack that can be gone backwards. */
export interface Recording extends RowResults {
  /** From the adjoints of outputs and states to those of the operands. */
  pullback(adjoints: RowResults): Steps<RowGradients>;
  /** Whether what was recorded lies in memory that only `release` frees. */
  readonly ownsMemory: boolean;
  release(): void;
}

export interface RowGradients {
  readonly inputs: readonly FloatArray[];
  readonly states: LayerStates;
  /** By state dict name. */
  readonly parameters: Record<string, Tensor>;
}

/** What the backward pass needs to know of a sequence. */
type Rows = Pick<RowSequence, 'batchSizes' | 'masks'>;

/** Runs a stack and records it; what was recorded of a run that fails is released. */
export function* recordRun<M extends Mode, B>(source: Source<M, B>, sequence: RowSequence): Steps<Recording> {
  const { batchSizes, masks } = sequence;
  if (!batchSizes[0]) return recordNothing(source, sequence.states);
  // Those of the call: while a promise is awaited, others may be loaded.
  const weights = source.weights();
  const { outputs, states, traces } = yield* source.compute((call, turn) => recordIn(source, sequence, call, turn));
  return { outputs, states, ...backwardPass(source, weights, { batchSizes, masks }, traces) };
}

function* recordIn<M extends Mode, B>(
  { driver, stack, shape }: Source<M, B>,
  sequence: RowSequence,
  call: Call<M, B>,
  turn: Steps<void>,
): Steps<RowResults & { readonly traces: readonly Trace<M, B>[] }> {
  const taken: Trace<M, B>[] = [];
  function* record(...[layer, ...of]: Parameters<RunLayer<M, B, RecordedRun<M, B>>>): Steps<RecordedRun<M, B>> {
    const run = yield* wait<M, RecordedRun<M, B>>(layer.record!(...of));
    taken.push(run.trace);
    return run;
  }
  try {
    const { outputs, states, runs } = yield* runRows(call, turn, stack, sequence, shape.outputs.length, (...of) =>
      driver.drive(record(...of)),
    );
    return { outputs, states, traces: runs.map(({ trace }) => trace) };
  } catch (error) {
    for (const trace of taken) trace.dispose();
    throw error;
  }
}

/** The backward pass, on its own so that it holds nothing of the run but its traces. */
function backwardPass<M extends Mode, B>(
  source: Source<M, B>,
  weights: Weights,
  rows: Rows,
  traces: readonly Trace<M, B>[],
): Pick<Recording, 'pullback' | 'ownsMemory' | 'release'> {
  return {
    ownsMemory: traces.some((trace) => trace.ownsMemory),
    pullback: (adjoints) => pullRun(source, weights, rows, traces, adjoints),
    release: () =>
      source.turns.run(() => {
        for (const trace of traces) trace.dispose();
      }),
  };
}

function* pullRun<M extends Mode, B>(
  source: Source<M, B>,
  weights: Weights,
  rows: Rows,
  traces: readonly Trace<M, B>[],
  { outputs, states }: RowResults,
): Steps<RowGradients> {
  const { layers: parameters, directions, dtype, outputWidths, states: expected } = source.shape;
  const own = parameters.flat().map((layer) => layerWeights(layer, weights, dtype));
  const stored = parameters.flat().map((layer) => storedParameters([layer]));
  const [inputs, ...layers] = yield* source.compute<FloatArray[][]>(function* (call, turn) {
    const adjoints = {
      outputs: outputs.map((output) => call.upload(output)),
      states: states.map((of) => of.map((state) => call.upload(state))),
      unread: outputWidths
        .slice(0, -1)
        .map((widths) => widths.slice(1).map((width) => call.upload(zeros(dtype, rowsOf(rows.batchSizes) * width)))),
    };
    yield* turn;
    const pulled = yield* pullStack(call, { directions, traces, parameters: own, ...rows }, adjoints);
    return yield* downloadAll(call, [
      pulled.inputs,
      ...pulled.layers.map((layer, at) => [
        ...layer.states,
        ...stored[at]!.map(({ layout }) => layer.parameters[layout]!),
      ]),
    ]);
  });
  const count = expected.values.length;
  const gradients = layers.map((layer) => layer.slice(count));
  return {
    inputs: inputs!,
    states: layers.map((layer) => layer.slice(0, count)),
    parameters: named(source.stateDictForm(), stored.flat(), gradients.flat()),
  };
}

/** Gradients of the layers' parameters, by the names and in the shapes of state dicts. */
function named(
  { parameters: tensors, pack }: StateDictForm,
  parameters: ReturnType<typeof storedParameters>,
  values: readonly FloatArray[],
): Record<string, Tensor> {
  const gradients = pack(new Map(parameters.map(({ name }, i) => [name, values[i]!])));
  return Object.fromEntries(
    tensors.map(({ name, shape }) => [name, { data: gradients.get(name)!, shape: [...shape] }]),
  );
}

/** What an empty batch records: nothing, and its gradients are zeros. */
function recordNothing<M extends Mode, B>(source: Source<M, B>, states: LayerStates): Recording {
  const { shape } = source;
  const { dtype, inputs, outputs } = shape;
  const none = (): FloatArray => zeros(dtype, 0);
  return {
    outputs: outputs.map(none),
    states,
    *pullback() {
      const stored = storedParameters(shape.layers.flat());
      const parameters = named(
        source.stateDictForm(),
        stored,
        stored.map((parameter) => zeros(dtype, sizeOf(parameter.shape))),
      );
      return { inputs: inputs.map(none), states, parameters };
    },
    ownsMemory: false,
    release: () => {},
  };
}
