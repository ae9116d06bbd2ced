import type { GRU, GRUResult, GRUStream, GRUStreamOptions, GRUVjp } from '../api.ts';
import { type LayerStream, type Mode, type Reply, type Run, rowsOf } from '../backend/engine.ts';
import { drive, type Steps, waitAll } from '../drive.ts';
import { CongruentError, describe } from '../errors.ts';
import type { GRUSequence } from '../gradients/gradients.ts';
import { positive, resolve } from '../options/option-rules.ts';
import type { GRUOptions, Resolved } from '../options/options.ts';
import { dropoutMask } from '../parameters/random.ts';
import type { PackedSequence } from '../sequences/packed.ts';
import { type ExpectedStates, type Rows, readRows, readStates, wrapStates } from '../sequences/sequence.ts';
import { type FloatArray, type Tensor, zeros } from '../tensor.ts';
import { Module, type Parts } from './module.ts';
import { runStack, type Stack } from './stack.ts';
import { StackStream } from './stream.ts';

/** The GRU of every backend; `defineGRU` gives it `create`. The docs are at its interface in api.ts. */
export class StackedGRU<M extends Mode, B> extends Module<M, B> implements GRU<M> {
  readonly options: Resolved<GRUOptions>;
  readonly #stack: Stack<M, B>;
  readonly #directions: number;
  readonly #states: ExpectedStates;
  readonly #streams = new Set<GRUStream<M>>();
  #training = true;
  #trainingCalls = 0;

  constructor(parts: Parts<M, B>, options: Resolved<GRUOptions>) {
    super('GRU', parts, options);
    const { numLayers, hiddenSize, bidirectional, dtype } = options;
    const directions = bidirectional ? 2 : 1;
    this.options = options;
    this.#directions = directions;
    this.#stack = Array.from({ length: numLayers }, (_, layer) =>
      parts.layers.slice(layer * directions, (layer + 1) * directions),
    );
    this.#states = { count: numLayers * directions, hiddenSize, dtype };
  }

  get training(): boolean {
    return this.#training;
  }

  train(mode = true): this {
    this.checkAlive('train');
    if (typeof mode !== 'boolean') {
      throw new CongruentError(
        'CONGRUENT_OPTION',
        `GRU.train: training mode is expected to be boolean, got ${describe(mode)}. Pass true or false, or nothing.`,
      );
    }
    this.#training = mode;
    return this;
  }

  eval(): this {
    this.checkAlive('eval');
    this.#training = false;
    return this;
  }

  forward<I extends Tensor | PackedSequence>(input: I, h0?: Tensor | undefined): Reply<M, GRUResult<I>> {
    return drive(this.mode, this.#forward(input, h0)) as Reply<M, GRUResult<I>>;
  }

  vjp<I extends Tensor | PackedSequence>(input: I, h0?: Tensor | undefined): Reply<M, GRUVjp<M, I>> {
    return drive(this.mode, this.#vjp(input, h0)) as Reply<M, GRUVjp<M, I>>;
  }

  stream(options: GRUStreamOptions = {}): GRUStream<M> {
    this.checkAlive('stream');
    const { bidirectional, inputSize } = this.options;
    if (bidirectional) {
      throw new CongruentError(
        'CONGRUENT_BIDIRECTIONAL_STREAM',
        'GRU.stream: a bidirectional GRU cannot be stepped, as its second direction starts at the last step. ' +
          'Use forward() on the whole sequence, or a GRU that is not bidirectional.',
      );
    }
    if (this.#dropoutActs()) {
      throw new CongruentError(
        'CONGRUENT_TRAINING_STREAM',
        'GRU.stream: streams never apply dropout, but this GRU is in training mode with ' +
          `dropout ${this.options.dropout}. Call gru.eval() first.`,
      );
    }
    this.weights();
    const { batchSize } = resolve('GRU.stream', { batchSize: positive('batch_size', 1) }, options, ['h0']);
    const stream: StackStream<M> = new StackStream<M>(
      {
        mode: this.mode,
        turns: this.turns,
        batchSize: batchSize as number,
        inputSize,
        states: this.#states,
        open: () => this.#openLayers(batchSize as number),
        onDispose: () => this.#streams.delete(stream),
      },
      options.h0,
    );
    this.#streams.add(stream);
    return stream;
  }

  override dispose(): void {
    for (const stream of this.#streams) stream.dispose();
    super.dispose();
  }

  *#forward(input: Tensor | PackedSequence, h0: Tensor | undefined): Steps<GRUResult<Tensor | PackedSequence>> {
    this.checkAlive('forward');
    const { rows, states, masks, outputSize } = this.#read('forward', input, h0);
    if (rows.batch === 0) return this.#result(rows, zeros(this.options.dtype, 0), states, outputSize);
    const stack = this.#stack;
    const [output, ...finals] = yield* this.compute<[FloatArray, ...FloatArray[]]>(function* (call, turn) {
      const uploaded = call.upload(rows.data);
      const initial = states.map((state) => [call.upload(state)]);
      yield* turn;
      const run = yield* runStack<M, B, Run<B>>(
        call,
        stack,
        uploaded,
        rows.batchSizes,
        initial,
        masks,
        (layer, ...of) => layer.run(...of),
      );
      const buffers = [run.output, ...run.runs.flatMap((each) => each.states)];
      return (yield* waitAll<M, FloatArray>(buffers.map((buffer) => call.download(buffer)))) as [FloatArray];
    });
    return this.#result(rows, output, finals, outputSize);
  }

  *#vjp(input: Tensor | PackedSequence, h0: Tensor | undefined): Steps<GRUVjp<M, Tensor | PackedSequence>> {
    const { gradients, source } = this.differentiable(this.#stack);
    return yield* gradients.gru(source, this.#read('vjp', input, h0));
  }

  /** Checks the operands of a call; a call in training mode draws its masks. */
  #read(method: string, input: Tensor | PackedSequence, h0: Tensor | undefined): GRUSequence {
    const { inputSize, batchFirst, hiddenSize } = this.options;
    const rows = readRows(`GRU.${method}: input`, input, this.options);
    const states = readStates(`GRU.${method}: h0`, h0, rows, this.#states);
    const outputSize = this.#directions * hiddenSize;
    const masks = rows.batch === 0 ? [] : this.#masks(rows, outputSize);
    return { rows, states, masks, expected: this.#states, inputSize, outputSize, batchFirst };
  }

  #result(
    rows: Rows,
    output: FloatArray,
    states: readonly FloatArray[],
    width: number,
  ): GRUResult<Tensor | PackedSequence> {
    return { output: rows.wrap(output, width) as Tensor, hn: wrapStates(states, rows, this.#states) };
  }

  #dropoutActs(): boolean {
    return this.#training && this.options.dropout > 0 && this.options.numLayers > 1;
  }

  /** A mask for the output of each layer but the last, drawn anew for each call. */
  #masks(rows: Rows, width: number): FloatArray[] {
    if (!this.#dropoutActs()) return [];
    const { dtype, dropout, seed, numLayers } = this.options;
    const length = rowsOf(rows.batchSizes) * width;
    const call = this.#trainingCalls++;
    return Array.from({ length: numLayers - 1 }, (_, layer) =>
      dropoutMask(dtype, length, dropout, { seed, call, layer }),
    );
  }

  #openLayers(batchSize: number): LayerStream<M>[] {
    const streams: LayerStream<M>[] = [];
    try {
      for (const [layer] of this.#stack) streams.push(layer!.stream(batchSize, streams.at(-1)));
    } catch (error) {
      for (const stream of streams) stream.dispose();
      throw error;
    }
    return streams;
  }
}
