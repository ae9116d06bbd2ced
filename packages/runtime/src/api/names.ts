import type { PackedSequence } from '../sequences/packed.ts';
import type { FloatArray, Tensor } from '../tensor.ts';

/**
 * What a cell calls its operands and results, in its order. A cell with one input takes it as it is, one with several by
 * name; outputs are given likewise. One state is a tensor, several are an array.
 */
export interface CellNames {
  readonly inputs: readonly string[];
  readonly states: readonly string[];
  readonly outputs: readonly string[];
}

/** The names of torch's cells with one state. */
export interface OneState extends CellNames {
  readonly inputs: readonly ['x'];
  readonly states: readonly ['h'];
  readonly outputs: readonly ['h'];
}

/** The names of torch's LSTM. */
export interface TwoStates extends CellNames {
  readonly inputs: readonly ['x'];
  readonly states: readonly ['h', 'c'];
  readonly outputs: readonly ['h'];
}

/** A value for a single name, values by name for several. */
export type Named<Names extends readonly string[], T> = Names extends readonly [string]
  ? T
  : { readonly [K in Names[number]]: T };

/** One tensor for one state, several in the order of the cell. */
export type States<N extends CellNames> = N['states'] extends readonly [string] ? Tensor : TensorEach<N['states']>;

// Of a type parameter, so that a tuple of names becomes a tuple of tensors.
type TensorEach<Names extends readonly string[]> = { readonly [K in keyof Names]: Tensor };

/** A packed sequence for a packed input, a tensor for a tensor. */
export type Like<S extends Tensor | PackedSequence> = S extends PackedSequence ? PackedSequence : Tensor;

/** The input of a layer. */
export type Input<N extends CellNames, S> = Named<N['inputs'], S>;

/** What a stream takes and gives at a step. */
export type StepInput<N extends CellNames> = Named<N['inputs'], FloatArray>;
export type StepOutput<N extends CellNames> = Named<N['outputs'], FloatArray>;

/** A single output as `output`, several by name as `outputs`. */
export type Outputs<N extends CellNames, T> = N['outputs'] extends readonly [string]
  ? { readonly output: T }
  : { readonly outputs: Named<N['outputs'], T> };

/** The same, any of which may be left out. */
export type SomeOutputs<N extends CellNames, T> = N['outputs'] extends readonly [string]
  ? { readonly output?: T | undefined }
  : { readonly outputs?: { readonly [K in N['outputs'][number]]?: T | undefined } | undefined };

/** A tensor for each state, named after it: `h` with `0` is `h0`. */
export type StatesWith<N extends CellNames, Suffix extends string> = {
  readonly [K in N['states'][number] as `${K}${Suffix}`]: Tensor;
};

/** The same, any of which may be left out. */
export type SomeStatesWith<N extends CellNames, Suffix extends string> = {
  readonly [K in N['states'][number] as `${K}${Suffix}`]?: Tensor | undefined;
};
