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
  readonly name: string;
  /** Names of dimensions. */
  readonly shape: readonly string[];
}

export interface SignatureOutput extends SignatureValue {
  /** The state of which it is the next value. */
  readonly state?: string | undefined;
}

export interface SignatureParameter {
  readonly blocks: readonly string[];
  /** Of each block. */
  readonly shape: readonly string[];
}

/** Sizes by name, such as `I`, features of the input, and `H`, of the state; in the order in which a cell names them. */
export type Dimensions = Readonly<Record<string, number>>;

/** Elements of one row of a value. */
export const widthOf = ({ shape }: SignatureValue, dimensions: Dimensions): number =>
  shape.reduce((width, dimension) => width * dimensions[dimension]!, 1);
