/** What a cell's equations say of its operands and results, as generated code states it. */
export interface CellSignature {
  readonly name: string;
  /** In this order everywhere: in sequences, runs, streams and gradients. */
  readonly inputs: readonly SignatureValue[];
  readonly states: readonly SignatureValue[];
  /** Of every row; the layer above reads the first. */
  readonly outputs: readonly SignatureOutput[];
  /** By layout name: `weight_ih` is the blocks `W_ir`, `W_iz`, `W_in`, each [H, I], stacked by rows. */
  readonly parameters: Readonly<Record<string, SignatureParameter>>;
}

export interface SignatureValue {
  /** Of a called cell behind its instance, e.g. `g1.h`. */
  readonly name: string;
  readonly shape: SignatureShape;
}

/** The name of each dimension, its length where the cell says a number, or a sum of such, `H + I + 1`; empty for a value that is one number. */
export type SignatureShape = readonly (string | number)[];

export interface SignatureOutput extends SignatureValue {
  /** The state of which it is the next value. */
  readonly state?: string | undefined;
}

export interface SignatureParameter {
  readonly blocks: readonly string[];
  /** Of each block. */
  readonly shape: SignatureShape;
  /**
   * Whether the cell that it belongs to has states of its own, so that every layer and direction has this parameter. Left
   * out: whether this cell has states.
   */
  readonly recurrent?: boolean | undefined;
}

/** Sizes by name, such as `I`, features of the input, and `H`, of the state; in the order in which a cell names them. */
export type Dimensions = Readonly<Record<string, number>>;

/** A value of a cell of known sizes: its name and the shape of one row, [] for a number. */
export interface Operand {
  readonly name: string;
  readonly row: readonly number[];
}

/** The length of a dimension: by its name, a number, or a sum of such, `H + I + 1`, as concatenations have. */
export const lengthOf = (length: string | number, dimensions: Dimensions): number =>
  termsOf(length).reduce((sum, term) => sum + (dimensions[term] ?? Number(term)), 0);

const termsOf = (length: string | number): readonly string[] => `${length}`.split(' + ');

/** Elements of one row of a value. */
export const widthOf = ({ shape }: SignatureValue, dimensions: Dimensions): number =>
  shape.reduce<number>((width, dimension) => width * lengthOf(dimension, dimensions), 1);

/** Values of a cell of these sizes. */
export const operandsOf = (values: readonly SignatureValue[], dimensions: Dimensions): Operand[] =>
  values.map(({ name, shape }) => ({ name, row: shape.map((dimension) => lengthOf(dimension, dimensions)) }));

/** The names of a cell's dimensions in the order in which kernels take their lengths: those of operands first. */
export function dimensionNames({ inputs, states, parameters }: CellSignature): string[] {
  const shapes = [...inputs, ...states, ...Object.values(parameters)].flatMap(({ shape }) => shape);
  return [...new Set(shapes.flatMap(termsOf))].filter((term) => /^\D/.test(term));
}
