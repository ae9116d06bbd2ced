import type { GRUCell, GRUCellVjp } from '../api.ts';
import type { Layer, Mode, Reply, Run } from '../backend/engine.ts';
import { drive, type Steps, wait } from '../drive.ts';
import { CongruentError } from '../errors.ts';
import type { CellRows } from '../gradients/gradients.ts';
import type { GRUCellOptions, Resolved } from '../options/options.ts';
import { checkTensor, type FloatArray, shapeText, type Tensor, zeros } from '../tensor.ts';
import { Module, type Parts } from './module.ts';

/** The GRUCell of every backend; `defineGRUCell` gives it `create`. The docs are at its interface in api.ts. */
export class SingleCell<M extends Mode, B> extends Module<M, B> implements GRUCell<M> {
  readonly options: Resolved<GRUCellOptions>;
  readonly #layer: Layer<M, B>;

  constructor(parts: Parts<M, B>, options: Resolved<GRUCellOptions>) {
    super('GRUCell', parts, options);
    this.options = options;
    this.#layer = parts.layers[0]!;
  }

  forward(x: Tensor, hx?: Tensor | undefined): Reply<M, Tensor> {
    return drive(this.mode, this.#forward(x, hx));
  }

  vjp(x: Tensor, hx?: Tensor | undefined): Reply<M, GRUCellVjp<M>> {
    return drive(this.mode, this.#vjp(x, hx));
  }

  *#forward(x: Tensor, hx: Tensor | undefined): Steps<Tensor> {
    this.checkAlive('forward');
    const { data, state, batch, stateShape } = this.#read('forward', x, hx);
    if (batch === 0) return { data: zeros(this.options.dtype, 0), shape: stateShape };
    const layer = this.#layer;
    // One step of a sequence of one step: the cell is no second implementation.
    const next = yield* this.compute<FloatArray>(function* (call, turn) {
      const operands = { inputs: [call.upload(data)], states: [call.upload(state)] };
      yield* turn;
      const run = yield* wait<M, Run<B>>(layer.run(call, { ...operands, batchSizes: [batch], reverse: false }));
      return yield* wait<M, FloatArray>(call.download(run.states[0]!));
    });
    return { data: next, shape: stateShape };
  }

  *#vjp(x: Tensor, hx: Tensor | undefined): Steps<GRUCellVjp<M>> {
    const { gradients, source } = this.differentiable([[this.#layer]]);
    return yield* gradients.cell(source, this.#read('vjp', x, hx));
  }

  #read(method: string, x: Tensor, hx: Tensor | undefined): CellRows {
    const { inputSize, hiddenSize, dtype } = this.options;
    const input = checkRows(`GRUCell.${method}: x`, 'input', x, inputSize, 'inputSize', this.options);
    const batch = input.shape.length === 1 ? 1 : input.shape[0]!;
    const stateShape = [...input.shape.slice(0, -1), hiddenSize];
    const none = hx === undefined || hx === null;
    const state = none ? zeros(dtype, batch * hiddenSize) : this.#state(`GRUCell.${method}: hx`, hx, stateShape);
    return { data: input.data, state, batch, inputShape: input.shape, stateShape };
  }

  #state(where: string, hx: Tensor, shape: readonly number[]): FloatArray {
    const state = checkRows(where, 'hidden', hx, this.options.hiddenSize, 'hiddenSize', this.options);
    if (state.shape.length !== shape.length) {
      throw new CongruentError(
        'CONGRUENT_SHAPE',
        `${where} must have as many dimensions as x: expected ${shapeText(shape)}, got ${shapeText(state.shape)}.`,
      );
    }
    if (shape.length === 2 && state.shape[0] !== shape[0]) {
      throw new CongruentError(
        'CONGRUENT_SHAPE',
        `${where}: Input batch size ${shape[0]} doesn't match hidden0 batch size ${state.shape[0]}. ` +
          `Give a state of shape ${shapeText(shape)}.`,
      );
    }
    return state.data;
  }
}

/** A tensor of one row or of a batch of rows, with torch's messages for one that is not. */
function checkRows(
  where: string,
  torchName: 'input' | 'hidden',
  value: unknown,
  width: number,
  option: string,
  { dtype }: { readonly dtype: GRUCellOptions['dtype'] & string },
): Tensor {
  const checked = checkTensor(where, value, dtype);
  const { shape } = checked;
  if (shape.length !== 1 && shape.length !== 2) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: GRUCell: Expected ${torchName} to be 1D or 2D, got ${shape.length}D instead. ` +
        `Give [B, ${width}], or [${width}] for one row.`,
    );
  }
  const got = shape.at(-1)!;
  if (got !== width) {
    const torch =
      torchName === 'input'
        ? `input has inconsistent input_size: got ${got} expected ${width}`
        : `hidden0 has inconsistent hidden_size: got ${got}, expected ${width}`;
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: ${torch}. The last dimension of ${shapeText(shape)} is ${option}.`,
    );
  }
  return checked;
}
