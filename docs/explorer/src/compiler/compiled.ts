/** What the worker gives for a text: plain data alone, so that it crosses to the page. */
export interface Compiled {
  /** What the panes are linked by; elsewhere a value is its index here. */
  readonly values: readonly Value[];
  /** By a name that the text has, the value that it stands for there: that of `g1 = ${gru}(x)` is `g1.h'`. */
  readonly named: Readonly<Record<string, number>>;
  readonly equations: MathNode;
  readonly panes: readonly TextPane[];
}

/** What a reader tells apart: an operand, a parameter, an equation. */
export interface Value {
  readonly name: string;
  readonly role: 'input' | 'state' | 'equation' | 'parameter';
}

/** Why a text does not compile. */
export interface Mistake {
  readonly message: string;
  /** Where it is, as offsets into the text. */
  readonly from: number;
  readonly to: number;
}

export type PaneId = (typeof PANES)[number]['id'];

/** The panes, in the order in which a cell becomes code. */
export const PANES = [
  { id: 'equations', title: 'Equations' },
  { id: 'ir', title: 'IR' },
  { id: 'schedule', title: 'Schedule' },
  { id: 'backward', title: 'Backward pass' },
  { id: 'plan', title: 'Plan' },
  { id: 'typescript', title: 'TypeScript' },
  { id: 'wasm', title: 'WebAssembly' },
  { id: 'gpujs', title: 'gpu.js' },
  { id: 'c', title: 'C' },
] as const;

/** A text, and which of its words are values. */
export interface TextPane {
  readonly id: Exclude<PaneId, 'equations'>;
  readonly text: string;
  /** Ranges of the text, in order and apart: start, end, and an index into `sets`, or `COMMENT`; three numbers each. */
  readonly marks: Int32Array;
  /** For each line the index in `sets` of what it defines, or −1. */
  readonly lines: Int32Array;
  /** Values that one place of the text stands for, as a list of numbers with spaces between. */
  readonly sets: readonly string[];
}

export const COMMENT = -1;

/** An element of MathML. */
export interface MathNode {
  readonly tag: string;
  /** The value that it is the name of. */
  readonly value?: number;
  /** The value that it is the equation of. */
  readonly line?: number;
  /** A bracket that does not grow with what is inside. */
  readonly flat?: true;
  readonly children: readonly (MathNode | string)[];
}
