import type { Block, Equation, Layout, Shape } from './syntax.ts';

export interface Variable {
  readonly name: string;
  readonly shape: Shape;
}

/** A recurrent cell, checked: what every later stage works from. */
export interface Cell {
  readonly name: string;
  /** The text, without the indentation of the program around it. */
  readonly source: string;
  readonly inputs: readonly Variable[];
  /** What is carried from step to step, in the order of the results; the next value of `h` is the equation `h'`. */
  readonly states: readonly Variable[];
  /** What a step gives, named as its equation: the results without a prime, or where there is none the first `h'`. */
  readonly outputs: readonly Variable[];
  readonly equations: readonly Equation[];
  /** In the order of the first layout. */
  readonly parameters: readonly Variable[];
  readonly layouts: readonly Layout[];
  /**
   * What kernels take the parameters as: the tensors of the first layout, where all of them are rows of one shape, one
   * below the other; otherwise each parameter for itself, from which every layout is packed.
   */
  readonly tensors: readonly StackedTensor[];
  /** The cells it calls, and those that they call; its equations are among the cell's, `g1.r`. */
  readonly instances: readonly Instance[];
}

/** What a call of a cell stands for: its only output, otherwise the next value of its first state. */
export function calledValue({ outputs, states }: Cell): Variable | undefined {
  if (outputs.length === 1) return outputs[0];
  return states[0] && { ...states[0], name: `${states[0].name}'` };
}

/** A called cell, with parameters and states of its own. */
export interface Instance {
  /** The equation's; behind that of the instance that it stands in, where it does: `enc.g1`. */
  readonly name: string;
  readonly cell: Cell;
  /** Whether it has states of its own, and so a layer for each direction. */
  readonly recurrent: boolean;
}

/** Parameters of one shape, one below the other. */
export interface StackedTensor {
  readonly name: string;
  readonly blocks: readonly Pick<Block, 'name'>[];
}
