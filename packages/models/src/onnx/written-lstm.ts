import type { FloatingTensor } from '../layers/parameter.ts';
import type { Folder } from './fold.ts';
import { factorsOf, given, partOf } from './patterns.ts';
import type { NodeProto } from './proto.ts';
import { comesFrom, handsOn, type Scope, type Steps } from './scope.ts';
import { type Product, type Sum, sumOf } from './sums.ts';
import type { Found } from './written-out.ts';

/** The gates of a cell by the values that enter their functions, and its cell state. */
interface Gates {
  readonly i: string;
  readonly f: string;
  readonly g: string;
  readonly o: string;
  readonly c: string;
}

/**
 * An LSTM:
 *
 *     i, f, g, o = Split(W @ x + b + R @ h)      c' = σ(f) * c + σ(i) * tanh(g)      h' = σ(o) * tanh(c')
 */
export function lstmOf(node: NodeProto, scope: Scope, fold: Folder, steps: Steps): Found | undefined {
  const gates = gatesOf(node, scope);
  const split = gates && wholeOf(gates, scope, fold);
  const sum = split && sumOf(split.whole, scope, fold);
  const biases = sum && biasesOf(sum);
  if (!biases) return undefined;
  const [first, second] = sum.products as [Product, Product];
  const recurrent = recurrentOf(sum, gates.c, node, scope, steps);
  if (!recurrent) return { kind: 'LSTM', order: '', input: first, recurrent: second, biases: [] };
  const input = recurrent === first ? second : first;
  // Those that no product brings are the input's first.
  const own = [input.bias, recurrent.bias];
  for (const bias of sum.biases) own[own[0] ? 1 : 0] = bias;
  return { kind: 'LSTM', order: split.order, input, recurrent, biases: own };
}

/** From h' = σ(o) * tanh(c') back to what enters the functions. */
function gatesOf(node: NodeProto, scope: Scope): Gates | undefined {
  const output = factorsOf(node, 'Sigmoid', scope);
  const next = given(given(output?.[1], 'Tanh', scope)?.input[0], 'Add', scope);
  if (!output || !next) return undefined;
  const terms = next.input.map((name) => factorsOf(given(name, 'Mul', scope), 'Sigmoid', scope));
  const candidates = terms.map((term) => given(term?.[1], 'Tanh', scope));
  const at = candidates.findIndex((candidate) => candidate !== undefined);
  const [input, forget] = [terms[at], terms[1 - at]];
  const names = [input?.[0], forget?.[0], candidates[at], output[0]].map((each) => each?.input[0] ?? '');
  const [i, f, g, o] = names as [string, string, string, string];
  return input && forget ? { i, f, g, o, c: forget[1] } : undefined;
}

/** What is split into all four, and the order in which it is. */
function wholeOf(
  gates: Gates,
  scope: Scope,
  fold: Folder,
): { readonly whole: string; readonly order: string } | undefined {
  const letters = ['', '', '', ''];
  const wholes = new Set<string>();
  for (const gate of ['i', 'f', 'g', 'o'] as const) {
    const part = given(gates[gate], 'Split', scope) && partOf(gates[gate], scope, fold);
    const at = part?.index(4, Number.NaN);
    if (!part || at === undefined) return undefined;
    letters[at] = gate;
    wholes.add(part.whole);
  }
  const [whole = '', ...others] = wholes;
  return others.length === 0 && letters.every(Boolean) ? { whole, order: letters.join('') } : undefined;
}

/** The biases of a sum of two products, four gates wide, one of a state a quarter as wide; nothing where it is no such. */
function biasesOf({ products, biases }: Sum): readonly FloatingTensor[] | undefined {
  const [first, second] = products;
  if (!first || !second || products.length > 2 || first.width !== second.width) return undefined;
  const all = [...products.flatMap(({ bias }) => bias ?? []), ...biases];
  const type = first.matrix.dtype;
  const fits =
    all.length <= 2 &&
    products.some(({ inputs }) => inputs * 4 === first.width) &&
    products.every(({ inputs, matrix }) => inputs > 0 && matrix.dtype === type) &&
    all.every((bias) => bias.data.length === first.width && bias.dtype === type);
  return fits ? all : undefined;
}

/** The product of the state: by its size, by what a loop hands on, or by what it comes from, which the cell state does, too. */
function recurrentOf({ products }: Sum, c: string, node: NodeProto, scope: Scope, steps: Steps): Product | undefined {
  const comesFromState = ({ operand }: Product): boolean => {
    const [source, ofCell] = [operand, c].map((name) => comesFrom(scope, name, steps));
    return source !== undefined && source === ofCell;
  };
  const tells: readonly ((product: Product) => boolean)[] = [
    ({ inputs, width }) => inputs * 4 === width,
    ({ operand }) => handsOn(scope, operand, node.output[0] ?? ''),
    comesFromState,
  ];
  for (const tell of tells) {
    const left = products.filter(tell);
    if (left.length === 1) return left[0];
  }
  return undefined;
}
