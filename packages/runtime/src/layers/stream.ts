import type { LayerStream, Mode, Reply } from '../backend/engine.ts';
import type { Operand } from '../backend/signature.ts';
import { disposable, disposedError } from '../disposable.ts';
import { type Steps, waitAll } from '../drive.ts';
import { CongruentError, describe } from '../errors.ts';
import { type ExpectedStates, type LayerStates, listStates, readStates, wrapStates } from '../sequences/states.ts';
import { arrayOf, checkTensor, type FloatArray, shapeText, sizeOf, type Tensor, zeros } from '../tensor.ts';
import type { Driver, StepValue } from './driver.ts';
import type { StackShape } from './shape.ts';
import { begin, type Turns } from './turns.ts';

/** What a stream needs of the layers it belongs to. */
export interface Streamed<M extends Mode> {
  readonly driver: Driver<M>;
  readonly turns: Turns;
  readonly shape: StackShape;
  /** What each stream that is not disposed of holds of the backend: it goes with the stream, or with all of them. */
  readonly streams: WeakMap<StackStream<M>, readonly LayerStream<M>[]>;
  /** Makes the layers' streams, from the bottom, each reading the one below. */
  openLayers(batchSize: number): readonly LayerStream<M>[];
}

/** A stack of layers stepped one time step at a time, the state kept in the backend. The docs are in api/layer.ts. */
export interface StackStream<M extends Mode> {
  step(x: StepValue): Reply<M, StepValue>;
  readonly state: Reply<M, Tensor | Tensor[]>;
  reset(state?: unknown): void;
  dispose(): void;
}

/**
 * Opens a stream.
 *
 * @param initial  states, one each
 */
export function stackStream<M extends Mode>(
  streamed: Streamed<M>,
  batchSize: number,
  initial: readonly unknown[],
): StackStream<M> {
  const { driver, turns, shape } = streamed;
  const { name, states } = shape;
  const first = readInitial(`${name}.stream`, initial, states, batchSize);
  const opened = (): readonly LayerStream<M>[] | undefined => streamed.streams.get(stream);
  const alive = (method: string): readonly LayerStream<M>[] => {
    const layers = opened();
    if (layers) return layers;
    throw disposedError(`${name}Stream.${method}`);
  };
  const setStates = (layers: readonly LayerStream<M>[], values: LayerStates): void => {
    layers.forEach((layer, i) => {
      layer.setStates(values[i]!);
    });
  };
  const check = (x: unknown): void => {
    alive('step');
    checkStep(x, shape, batchSize);
  };
  const stream: StackStream<M> = {
    step: driver.step
      ? (x) => driver.step!({ shape, turns, layers: opened()!, batchSize, check }, x)
      : (stepAtOnce(shape, batchSize, opened, check) as StackStream<M>['step']),
    get state() {
      return driver.drive(collectStates(alive, streamed, batchSize));
    },
    reset(state) {
      const layers = alive('reset');
      const where = `${name}Stream.reset`;
      const read = readInitial(where, listStates(where, state, states.values, '0'), states, batchSize);
      // Copies, as the states may wait for their turn, and the caller may change its array meanwhile.
      const kept = read.map((of) => of.map((values) => values.slice()));
      turns.run(() => setStates(layers, kept));
    },
    dispose() {
      const layers = opened();
      streamed.streams.delete(stream);
      turns.run(() => {
        for (const layer of layers ?? []) layer.dispose();
      });
    },
  };
  streamed.streams.set(stream, streamed.openLayers(batchSize));
  setStates(opened()!, first);
  disposable(stream);
  return stream;
}

/** The one hot path of the runtime: at audio rates a generator, a closure or an allocation in a step would be heard. */
function stepAtOnce<M extends Mode>(
  { inputs, inputForm, outputs, outputForm, dtype }: StackShape,
  batchSize: number,
  layersOf: () => readonly LayerStream<M>[] | undefined,
  check: (x: unknown) => void,
): (x: StepValue) => StepValue {
  const ArrayType = arrayOf(dtype);
  const lengthOf = ({ row }: Operand): number => batchSize * sizeOf(row);
  const inputLengths = inputs.map(lengthOf);
  const outputLengths = outputs.map(lengthOf);
  // What a step hands out, again and again; written before it is handed out, and never read.
  let results: FloatArray[] = [];
  let result: StepValue;
  return (x) => {
    let layers!: readonly LayerStream<M>[];
    for (let i = 0; i < inputLengths.length; i++) {
      let values: unknown;
      let fits = false;
      try {
        values = inputForm.at(x, inputs, i);
        fits = values instanceof ArrayType && values.length === inputLengths[i];
      } catch {} // it cannot be read, which is refused
      layers = layersOf()!; // after a getter of the input, which may have disposed of it
      if (!layers || !fits) check(x);
      layers[0]!.write(i, values as FloatArray);
    }
    for (let i = 0; i < layers.length; i++) layers[i]!.step();
    for (let i = 0; i < outputLengths.length; i++) {
      if (results[i]?.length === outputLengths[i]) continue;
      results = outputLengths.map((length) => zeros(dtype, length)); // the first step, or the caller transferred one
      result = outputForm.unlist(results, outputs);
    }
    for (let i = 0; i < outputLengths.length; i++) layers.at(-1)!.read(i, results[i]!);
    return result;
  };
}

/** @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE */
function checkStep(x: unknown, { name, inputs, inputForm, dtype }: StackShape, batchSize: number): void {
  inputForm.list(`${name}Stream.step: x`, x, inputs).forEach(([where, values], i) => {
    const { row } = inputs[i]!;
    const length = batchSize * sizeOf(row);
    if (ArrayBuffer.isView(values)) {
      const data = values as FloatArray;
      if (checkTensor(where, { data, shape: [data.length] }, dtype).data.length === length) return;
    }
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where} must be a ${arrayOf(dtype).name} of ${shapeText([batchSize, ...row])}, got ${describe(values)}.`,
    );
  });
}

/** The states of all layers as one tensor each. */
function* collectStates<M extends Mode>(
  alive: (method: string) => readonly LayerStream<M>[],
  { shape: { states }, turns }: Streamed<M>,
  batch: number,
): Steps<Tensor | Tensor[]> {
  const layers = alive('state');
  const read = layers.map(() => states.values.map(({ row }) => zeros(states.dtype, batch * sizeOf(row))));
  const turn = turns.take();
  try {
    yield* begin(turn);
    yield* waitAll<M, void>(layers.flatMap((layer, i) => read[i]!.map((into, state) => layer.readState(state, into))));
  } finally {
    turn.end();
  }
  const tensors = wrapStates(read, { batch, kind: 'batched', order: null }, states);
  return tensors.length === 1 ? tensors[0]! : tensors;
}

/** Initial states, of a batch of one with or without its dimension. */
function readInitial(where: string, given: readonly unknown[], states: ExpectedStates, batch: number): LayerStates {
  const { values, dtype } = states;
  const read = given.map((state, i) => state && checkTensor(`${where}: ${values[i]!.name}0`, state, dtype)) as Tensor[];
  const unbatched = values.every(({ row }, i) => (read[i]?.shape ?? ['', ...row]).length === row.length + 1);
  return readStates(
    where,
    read,
    { batch, kind: batch === 1 && unbatched ? 'unbatched' : 'packed', order: null },
    states,
  );
}
