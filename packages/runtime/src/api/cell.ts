/// <reference lib="esnext.disposable" preserve="true" />
import type { Mode, Reply } from '../backend/engine.ts';
import type { Resolved } from '../options/options.ts';
import type { Tensor } from '../tensor.ts';
import type { HasParameters, Pullback } from './module.ts';
import type { CellNames, Input, Outputs, SomeOutputs, SomeStatesWith, States, StatesWith } from './names.ts';

/**
 * What a step of a cell gives: where its output is its first state, as in torch, the next states. A cell with outputs of its
 * own gives those too, all by name: `{ output, h1 }`.
 */
export type CellResult<N extends CellNames> =
  Exclude<N['outputs'][number], N['states'][number]> extends never
    ? States<N>
    : Outputs<N, Tensor> & StatesWith<N, '1'>;

/** The gradients of a loss with respect to that; by name, any may be left out. */
export type CellCotangents<N extends CellNames> =
  Exclude<N['outputs'][number], N['states'][number]> extends never
    ? States<N>
    : SomeOutputs<N, Tensor> & SomeStatesWith<N, '1'>;

/** The gradients of a loss with respect to what a cell takes. */
export type CellGradients<N extends CellNames> = {
  readonly input: Input<N, Tensor>;
  /** By the names of `stateDict()`. */
  readonly parameters: Record<string, Tensor>;
} & StatesWith<N, 'x'>;

/** What `vjp` of a cell gives. */
export interface CellVjp<M extends Mode, N extends CellNames> {
  /** What `forward` gives. */
  readonly output: CellResult<N>;
  readonly pullback: Pullback<M, CellCotangents<N>, CellGradients<N>>;
}

/** One step of a cell, the states given and returned. */
export interface RecurrentCell<N extends CellNames, Options, M extends Mode = Mode> extends HasParameters {
  /** The options it was created with, defaults filled in. */
  readonly options: Resolved<Options>;

  /**
   * The next state.
   *
   * @param x   [B, I], or [I] for one row; several inputs by name. Not modified, and read before the call returns
   * @param hx  the state [B, width], or [width] for one row; several as an array, such as [hx, cx]; default zeros
   * @returns the next state, a fresh tensor of hx's shape; several as an array
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_DISPOSED (an async backend's promise is rejected)
   * @example
   * const cell = await GRUCell.create({ inputSize: 2, hiddenSize: 4 });
   * let h = tensor(new Float32Array(4));
   * for (const x of [tensor([1, 2]), tensor([3, 4])]) h = await cell.forward(x, h);
   * h.shape; // [4]
   */
  forward(x: Input<N, Tensor>, hx?: States<N> | undefined): Reply<M, CellResult<N>>;

  /**
   * `forward`, with the same bits, and the backward pass.
   *
   * @throws what `forward` throws; CONGRUENT_UNSUPPORTED where `backend.supports.training` is false
   * @example
   * const cell = await GRUCell.create({ inputSize: 2, hiddenSize: 4 });
   * const { output, pullback } = await cell.vjp(tensor([1, 2]));
   * const { input, hx, parameters } = await pullback(output); // of half the sum of squares
   * input.shape; // [2]
   */
  vjp(x: Input<N, Tensor>, hx?: States<N> | undefined): Reply<M, CellVjp<M, N>>;
}
