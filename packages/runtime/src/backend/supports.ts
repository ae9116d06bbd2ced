/** What a backend can do; the conformance suite tests the refusal of whatever is `false`. */
export interface Supports {
  /** `createSync`, and answers without promises. */
  readonly sync: boolean;
  readonly float64: boolean;
  /** `vjp`: gradients for input, state and parameters. */
  readonly training: boolean;
  /** Results have the same bits as every other deterministic backend's, in every engine. */
  readonly deterministic: boolean;
  /** `math: 'relaxed'`: a faster mode with bits that may differ from one machine to the next. Absent where there is no such option. */
  readonly relaxed?: boolean;
  /** Numbers below 2^-126 are kept; otherwise they may become 0, operands and results alike. */
  readonly subnormals: boolean;
}

/** What a backend says of itself; `subnormals` is true where it says nothing. */
export type DeclaredSupports = Omit<Supports, 'subnormals'> & Partial<Pick<Supports, 'subnormals'>>;
