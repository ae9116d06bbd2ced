import type { FloatingTensor } from '../layers/parameter.ts';
import type { Folder } from './fold.ts';
import { bothWays, factorsOf, given, type Part, partOf } from './patterns.ts';
import type { NodeProto } from './proto.ts';
import { behind, isONNX, type Scope } from './scope.ts';
import { type Product, sumOf } from './sums.ts';
import type { Found } from './written-out.ts';

/** A gate's two parts: of the product of the input, and of that of the state. */
interface Parts {
  readonly input: Part;
  readonly recurrent: Part;
}

/**
 * A GRU whose reset gate acts after the product, as Keras writes it:
 *
 *     z = σ(x_z + h_z)      r = σ(x_r + h_r)      n = tanh(x_n + r * h_n)      h' = z * h + (1 - z) * n
 */
export function gruOf(node: NodeProto, scope: Scope, fold: Folder): Found | undefined {
  if (node.opType !== 'Add' || !isONNX(node)) return undefined;
  for (const [kept, renewed] of bothWays(node)) {
    const [z, h] = factorsOf(given(kept, 'Mul', scope), 'Sigmoid', scope) ?? [];
    const [n, rest] = factorsOf(given(renewed, 'Mul', scope), 'Tanh', scope) ?? [];
    const candidate = n && candidateOf(n, scope, fold);
    if (z && h !== undefined && candidate && isRestOf(rest, z, scope, fold))
      return joined(z, h, candidate, scope, fold);
  }
  return undefined;
}

/** Whether a value is 1 - z. */
function isRestOf(name: string | undefined, z: NodeProto, scope: Scope, fold: Folder): boolean {
  const [one = '', of] = given(name, 'Sub', scope)?.input ?? [];
  const value = one === '' ? undefined : fold(scope, one);
  const isOne =
    value !== undefined && 'tensor' in value && value.tensor.data.length === 1 && value.tensor.data[0] === 1;
  return isOne && given(of, 'Sigmoid', scope) === z;
}

/** What enters the candidate, and the reset gate. */
function candidateOf(n: NodeProto, scope: Scope, fold: Folder): (Parts & { readonly r: NodeProto }) | undefined {
  const sum = given(n.input[0], 'Add', scope);
  for (const [plain, gated] of sum ? bothWays(sum) : []) {
    const [r, state] = factorsOf(given(gated, 'Mul', scope), 'Sigmoid', scope) ?? [];
    const [input, recurrent] = [partOf(plain, scope, fold), partOf(state ?? '', scope, fold)];
    if (r && input && recurrent) return { r, input, recurrent };
  }
  return undefined;
}

function joined(
  z: NodeProto,
  h: string,
  { r, ...n }: Parts & { readonly r: NodeProto },
  scope: Scope,
  fold: Folder,
): Found | undefined {
  const input = productOf(n.input.whole, scope, fold);
  const recurrent = productOf(n.recurrent.whole, scope, fold);
  if (!input || !recurrent || recurrent[0].inputs * 3 !== recurrent[0].width) return undefined;
  if (input[0].width !== recurrent[0].width || behind(scope, h) !== behind(scope, recurrent[0].operand))
    return undefined;
  const gates = { z: gateOf(z, n, scope, fold), r: gateOf(r, n, scope, fold), n };
  const letters = ['', '', ''];
  for (const [letter, parts] of Object.entries(gates)) {
    const [at, same] = [parts?.input, parts?.recurrent].map((part) => part?.index(3, input[0].width));
    if (at === undefined || at !== same) return undefined;
    letters[at] = letter;
  }
  const order = letters.join('');
  if (order.length !== 3) return undefined;
  return { kind: 'GRU', order, input: input[0], recurrent: recurrent[0], biases: [input[1], recurrent[1]] };
}

/** The two parts that enter a gate, of the same wholes as those of the candidate. */
function gateOf(gate: NodeProto, n: Parts, scope: Scope, fold: Folder): Parts | undefined {
  const sum = given(gate.input[0], 'Add', scope);
  for (const names of sum ? bothWays(sum) : []) {
    const [input, recurrent] = names.map((name) => partOf(name, scope, fold));
    if (input?.whole === n.input.whole && recurrent?.whole === n.recurrent.whole) return { input, recurrent };
  }
  return undefined;
}

/** One product and its bias. */
function productOf(
  name: string,
  scope: Scope,
  fold: Folder,
): readonly [Product, FloatingTensor | undefined] | undefined {
  const sum = sumOf(name, scope, fold);
  const [product, ...others] = sum?.products ?? [];
  if (!sum || !product || others.length > 0) return undefined;
  const biases = [...(product.bias ? [product.bias] : []), ...sum.biases];
  const fits = biases.every(({ data, dtype }) => data.length === product.width && dtype === product.matrix.dtype);
  return biases.length < 2 && fits ? [product, biases[0]] : undefined;
}
