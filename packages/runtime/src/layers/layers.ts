import type { LayerStream, Mode, Reply } from '../backend/engine.ts';
import { rowsOf } from '../backend/engine.ts';
import type { Steps } from '../drive.ts';
import { CongruentError, describe } from '../errors.ts';
import type { LayerSequence } from '../gradients/gradients.ts';
import type { Differentiated } from '../gradients/pullback.ts';
import { anything, positive, resolve } from '../options/option-rules.ts';
import type { LayerOptions, Resolved } from '../options/options.ts';
import { dropoutMask } from '../parameters/random.ts';
import { readRows } from '../sequences/sequence.ts';
import { listStates, readStates } from '../sequences/states.ts';
import type { FloatArray } from '../tensor.ts';
import { Module } from './module.ts';
import { layerResult } from './results.ts';
import { type StackStream, type Streamed, stackStream } from './stream.ts';

/** The layers of every class of every backend; the docs are at `RecurrentLayer` in api/layer.ts. */
export class Layers<M extends Mode, B> extends Module<M, B> implements Streamed<M> {
  declare readonly options: Resolved<LayerOptions>;
  streams: Streamed<M>['streams'] = new WeakMap();
  #training = true;
  #trainingCalls = 0;

  get training(): boolean {
    return this.#training;
  }

  train(mode = true): this {
    this.checkAlive('train');
    if (typeof mode !== 'boolean') {
      throw new CongruentError(
        'CONGRUENT_OPTION',
        `${this.shape.name}.train: training mode is expected to be boolean, got ${describe(mode)}.`,
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

  forward(input: unknown, state?: unknown): Reply<M, object> {
    return this.driver.drive(this.#forward(input, state));
  }

  vjp(input: unknown, state?: unknown): Reply<M, Differentiated<M>> {
    return this.driver.drive(this.#vjp(input, state));
  }

  stream(options: object = {}): StackStream<M> {
    this.checkAlive('stream');
    const { name, states } = this.shape;
    if (this.options.bidirectional) {
      throw new CongruentError(
        'CONGRUENT_BIDIRECTIONAL_STREAM',
        `${name}.stream: a bidirectional layer needs all steps. Use forward().`,
      );
    }
    if (this.#dropoutActs()) {
      throw new CongruentError(
        'CONGRUENT_TRAINING_STREAM',
        `${name}.stream: streams never apply dropout. Call eval() first.`,
      );
    }
    const rules = { batchSize: positive('batch_size', 1), ...anything(states.values.map((each) => `${each.name}0`)) };
    const [batchSize, ...given] = Object.values(resolve(`${name}.stream`, rules, options));
    return stackStream<M>(this, batchSize as number, given);
  }

  override dispose(): void {
    this.streams = new WeakMap();
    super.dispose();
  }

  *#forward(input: unknown, state: unknown): Steps<object> {
    const sequence = this.#read('forward', input, state);
    return layerResult(this.shape, sequence.rows, yield* this.run(sequence, this.shape.outputs.length));
  }

  *#vjp(input: unknown, state: unknown): Steps<Differentiated<M>> {
    return yield* this.gradients().layer(this, this.#read('vjp', input, state));
  }

  /** Checks the operands of a call; a call in training mode draws its masks. */
  #read(method: string, input: unknown, state: unknown): LayerSequence {
    this.checkAlive(method);
    const { name, inputs, inputForm, states, dtype } = this.shape;
    const { batchFirst } = this.options;
    const where = `${name}.${method}`;
    const label = `${where}: input`;
    const read = inputForm
      .list(label, input, inputs)
      .map(([each, value], i) => readRows(each, value, inputs[i]!.row, { module: name, batchFirst, dtype }));
    inputForm.checkSame?.(label, read, inputs);
    const { data: _, ...rows } = read[0]!;
    return {
      rows,
      batchSizes: rows.batchSizes,
      inputs: read.map(({ data }) => data),
      states: readStates(where, listStates(where, state, states.values, '0'), rows, states),
      masks: rows.batch === 0 ? [] : this.#masks(rowsOf(rows.batchSizes)),
      batchFirst,
    };
  }

  /** Dropout acts between layers, so one layer has none. */
  #dropoutActs(): boolean {
    return this.#training && this.options.dropout > 0 && this.options.numLayers > 1;
  }

  /** A mask for the output of each layer but the last, drawn anew for each call. */
  #masks(rows: number): FloatArray[] {
    if (!this.#dropoutActs()) return [];
    const { dropout, seed } = this.options;
    const { dtype, directions, outputWidths } = this.shape;
    const call = this.#trainingCalls++;
    return outputWidths
      .slice(0, -1)
      .map(([width], layer) => dropoutMask(dtype, rows * width! * directions, dropout, { seed, call, layer }));
  }

  openLayers(batchSize: number): LayerStream<M>[] {
    this.weights();
    const streams: LayerStream<M>[] = [];
    try {
      for (const [layer] of this.stack) streams.push(layer!.stream(batchSize, streams.at(-1)));
    } catch (error) {
      for (const stream of streams) stream.dispose();
      throw error;
    }
    return streams;
  }
}
