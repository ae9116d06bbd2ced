import { type Activation, applied, problemOf } from './activations.ts';

export type { Activation } from './activations.ts';

/** What a recurrent layer of a file computes, where frameworks let it differ from torch's classes. */
export interface OwnEquations {
  readonly kind: 'GRU' | 'LSTM' | 'RNN';
  /** The GRU's reset gate acts after the product with the state. Default: true, as in torch. */
  readonly resetAfter?: boolean;
  /** Of all gates. Default: sigmoid; a RNN has none. */
  readonly gate?: Activation;
  /** Of the GRU's and LSTM's candidate, and of the RNN. */
  readonly candidate: Activation;
  /** Of the LSTM's cell state on its way to the hidden state. Default: the candidate's. */
  readonly output?: Activation;
  /**
   * What enters an activation is limited to [-clip, clip], the LSTM's cell state on its way to the hidden state included.
   * This is what ONNX says; runtimes differ in the cell state.
   */
  readonly clip?: number;
  /** The LSTM's gates see the cell state: the input and forget gates the last one, the output gate the next. */
  readonly peepholes?: boolean;
  /** The LSTM has no forget gate of its own: it is 1 - the input gate. */
  readonly inputForget?: boolean;
}

/** Whether the equations are those of the class: of GRU with `resetAfter`, LSTM, or RNN with `nonlinearity`. */
export function isOfClass(equations: OwnEquations): boolean {
  const { kind, gate = SIGMOID, candidate, output = candidate, clip, peepholes, inputForget } = equations;
  if (clip !== undefined || peepholes || inputForget) return false;
  if (kind === 'RNN') return candidate.name === 'tanh' || candidate.name === 'relu';
  return gate.name === 'sigmoid' && candidate.name === 'tanh' && (kind === 'GRU' || output.name === 'tanh');
}

/**
 * A cell with these equations in the notation of @congruent/spec, for layers whose equations are not those of a class.
 *
 * Its dimensions are I and H, its tensors those of the class with all biases, laid out as torch has them: `weight_ih`,
 * `weight_hh`, `bias_ih`, `bias_hh`; and `weight_peephole` [3H], of the input, forget and output gates. With `inputForget`
 * the rows of the forget gate are missing everywhere. A layer of it is created with `{ sizes: { I, H }, … }`.
 *
 * @returns the text, or why the notation cannot say it
 */
export function ownCell(equations: OwnEquations): { readonly text: string } | { readonly problem: string } {
  const full = { gate: SIGMOID, output: equations.candidate, ...equations };
  const problem = activationsOf(full).map(problemOf).find(Boolean) ?? clipProblem(full.clip);
  return problem === undefined ? { text: WRITERS[full.kind](full, nameOf(full)) } : { problem };
}

const SIGMOID: Activation = { name: 'sigmoid' };

type Full = OwnEquations & Required<Pick<OwnEquations, 'gate' | 'output'>>;

function activationsOf({ kind, gate, candidate, output }: Full): readonly Activation[] {
  if (kind === 'RNN') return [candidate];
  return kind === 'GRU' ? [gate, candidate] : [gate, candidate, output];
}

const clipProblem = (clip: number | undefined): string | undefined =>
  clip === undefined || (clip > 0 && clip < Number.POSITIVE_INFINITY)
    ? undefined
    : `clip is ${clip}, not a number above 0`;

/** What the cell is, e.g. `lstm_hard_sigmoid_candidate_relu`: the kind, and all that is not as the class has it. */
function nameOf({ kind, resetAfter, gate, candidate, output, clip, peepholes, inputForget }: Full): string {
  const parts = [kind.toLowerCase()];
  if (kind === 'GRU' && resetAfter === false) parts.push('reset_before');
  if (kind === 'RNN') parts.push(candidate.name);
  else {
    if (gate.name !== 'sigmoid') parts.push(gate.name);
    if (candidate.name !== 'tanh') parts.push(`candidate_${candidate.name}`);
    if (kind === 'LSTM' && output.name !== 'tanh') parts.push(`output_${output.name}`);
  }
  if (clip !== undefined) parts.push('clipped');
  if (peepholes) parts.push('peephole');
  if (inputForget) parts.push('coupled');
  return parts.join('_');
}

/** A vector as it enters an activation. */
const clipped = (vector: string, { clip }: Full): string =>
  clip === undefined ? vector : `min(max(${vector}, -${clip}), ${clip})`;

/** What both inputs of a gate add up to, summed as the classes do. */
const sum = (gate: string): string => `W_i${gate} @ x + b_i${gate} + W_h${gate} @ h + b_h${gate}`;

/** Rows of parameters one below the other, e.g. `W_ii; W_if`. */
const rows = (tensor: string, gates: readonly string[]): string => gates.map((gate) => `${tensor}${gate}`).join('; ');

/** The tensors of the class. */
const layout = (gates: readonly string[]): string => `
  layout torch
    weight_ih = [${rows('W_i', gates)}]   weight_hh = [${rows('W_h', gates)}]
    bias_ih   = [${rows('b_i', gates)}]   bias_hh   = [${rows('b_h', gates)}]`;

function gru(equations: Full, name: string): string {
  const { gate, candidate, resetAfter = true } = equations;
  const recurrent = resetAfter ? 'r * (W_hn @ h + b_hn)' : 'W_hn @ (r * h) + b_hn';
  return `${name}(x[I], h[H]) -> h'

  a_r = ${clipped(sum('r'), equations)}
  a_z = ${clipped(sum('z'), equations)}
  r   = ${applied(gate, 'a_r')}   # reset gate
  z   = ${applied(gate, 'a_z')}   # update gate
  a_n = ${clipped(`W_in @ x + b_in + ${recurrent}`, equations)}
  n   = ${applied(candidate, 'a_n')}   # candidate
  h'  = (1 - z) * n + z * h   # next state
${layout(['r', 'z', 'n'])}
`;
}

function lstm(equations: Full, name: string): string {
  const { gate, candidate, output, peepholes, inputForget } = equations;
  const gates = ['i', 'f', 'g', 'o'].filter((each) => !(inputForget && each === 'f'));
  const entering = (each: string, seen?: string): string =>
    clipped(`${sum(each)}${peepholes && seen ? ` + p_${each} * ${seen}` : ''}`, equations);
  const forget = inputForget
    ? '  f   = 1 - i   # forget gate, coupled'
    : `  a_f = ${entering('f', 'c')}\n  f   = ${applied(gate, 'a_f')}   # forget gate`;
  const leaving = equations.clip === undefined ? '' : `  a_c = ${clipped("c'", equations)}\n`;
  const peepholeLayout = `
    weight_peephole = [${rows(
      'p_',
      gates.filter((each) => each !== 'g'),
    )}]`;
  return `${name}(x[I], h[H], c[H]) -> h', c'

  a_i = ${entering('i', 'c')}
  i   = ${applied(gate, 'a_i')}   # input gate
${forget}
  a_g = ${entering('g')}
  g   = ${applied(candidate, 'a_g')}   # cell gate
  c'  = f * c + i * g   # next cell state
  a_o = ${entering('o', "c'")}
  o   = ${applied(gate, 'a_o')}   # output gate
${leaving}  y   = ${applied(output, leaving === '' ? "c'" : 'a_c')}
  h'  = o * y   # next hidden state
${layout(gates)}${peepholes ? peepholeLayout : ''}
`;
}

const rnn = (equations: Full, name: string): string => `${name}(x[I], h[H]) -> h'

  a  = ${clipped(sum('h'), equations)}
  h' = ${applied(equations.candidate, 'a')}   # next state
${layout(['h'])}
`;

const WRITERS: Readonly<Record<OwnEquations['kind'], (equations: Full, name: string) => string>> = {
  GRU: gru,
  LSTM: lstm,
  RNN: rnn,
};
