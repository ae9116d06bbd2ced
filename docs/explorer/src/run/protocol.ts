// What the page and the worker that runs a cell tell each other.

/** What is run. */
export interface Setup {
  readonly text: string;
  /** By the names of the cell's dimensions; of those that are left out the usual ones are taken. */
  readonly sizes: Readonly<Record<string, number>>;
  /** The weights follow from it. */
  readonly seed: number;
}

export type Request =
  | { readonly kind: 'open'; readonly setup: Setup }
  | { readonly kind: 'reset' }
  | {
      readonly kind: 'step';
      readonly steps: number;
      /** For each input its rows, one after the other. */
      readonly inputs: readonly Float32Array[];
    }
  | { readonly kind: 'measure' };

/** What a request is answered with. */
export interface Replies {
  readonly open: Opened;
  readonly reset: undefined;
  readonly step: Stepped;
  readonly measure: readonly number[];
}

/** A value of the cell: a number for each unit, at each step. */
export interface Value {
  readonly name: string;
  readonly width: number;
  /** What the text says of it. */
  readonly comment: string | undefined;
}

/** A cell that runs. */
export interface Opened {
  readonly sizes: Readonly<Record<string, number>>;
  readonly inputs: readonly Value[];
  /** All equations, those of called cells too. */
  readonly values: readonly Value[];
  /** What computes: the first is looked at, the others run beside it. */
  readonly runners: readonly { readonly name: string; readonly about: string }[];
}

export interface Stepped {
  /** For each value its rows, one after the other. */
  readonly values: readonly Float32Array[];
  /** For each of those that run beside, how many numbers were compared with it, and how many had other bits. */
  readonly compared: readonly { readonly numbers: number; readonly different: number }[];
}

export interface Asked {
  readonly id: number;
  readonly request: Request;
}

/** The reply to a request, or why there is none, in words. */
export type Answer = { readonly id: number } & (
  | { readonly reply: Replies[keyof Replies] }
  | { readonly refused: string }
);
