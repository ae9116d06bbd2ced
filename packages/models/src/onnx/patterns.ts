import { numbersOf } from './arrays.ts';
import type { Folder } from './fold.ts';
import type { NodeProto } from './proto.ts';
import { attributeOf, isONNX, type Scope, sourceOf } from './scope.ts';

/** What gives a value, where it is one of ONNX's operators of this kind. */
export function given(name: string | undefined, opType: string, scope: Scope): NodeProto | undefined {
  const source = sourceOf(scope, name ?? '');
  return source?.kind === 'node' && isONNX(source.node) && source.node.opType === opType ? source.node : undefined;
}

/** The two inputs of a node in both orders. */
export const bothWays = ({ input: [a = '', b = ''] }: NodeProto): readonly (readonly [string, string])[] => [
  [a, b],
  [b, a],
];

/** The factors of a product, first that which an operator of this kind gives. */
export function factorsOf(
  node: NodeProto | undefined,
  first: string,
  scope: Scope,
): readonly [NodeProto, string] | undefined {
  if (node?.opType !== 'Mul' || !isONNX(node)) return undefined;
  for (const [one, other] of bothWays(node)) {
    const found = given(one, first, scope);
    if (found) return [found, other];
  }
  return undefined;
}

/** Columns of a matrix: of three parts the second is those from 1/3 to 2/3. */
export interface Part {
  readonly whole: string;
  /** Which of so many equal parts it is, where the whole is so wide. */
  index(count: number, width: number): number | undefined;
}

/** A value as columns of another, by Split or Slice. */
export function partOf(name: string, scope: Scope, fold: Folder): Part | undefined {
  const split = given(name, 'Split', scope);
  if (split) {
    const axis = attributeOf(split, 'axis')?.i;
    if (axis !== 1n && axis !== -1n) return undefined;
    const [whole = ''] = split.input;
    return { whole, index: (count) => (split.output.length === count ? split.output.indexOf(name) : undefined) };
  }
  const slice = given(name, 'Slice', scope);
  if (!slice) return undefined;
  const [starts, ends, axes, steps] = [1, 2, 3, 4].map((k) => constantsOf(slice.input[k] ?? '', scope, fold));
  if (!starts || !ends || steps?.some((step) => step !== 1)) return undefined;
  const at = (axes ?? starts.map((_, k) => k)).findIndex((axis) => axis === 1 || axis === -1);
  // All rows.
  if (starts.some((start, k) => k !== at && !(start === 0 && ends[k]! >= 2 ** 31 - 1))) return undefined;
  const index = (count: number, width: number): number | undefined => {
    const within = (place: number): number => Math.min(place < 0 ? place + width : place, width);
    const [from, to] = [within(starts[at]!), within(ends[at]!)];
    const step = width / count;
    return from % step === 0 && to - from === step ? from / step : undefined;
  };
  return at < 0 ? undefined : { whole: slice.input[0] ?? '', index };
}

function constantsOf(name: string, scope: Scope, fold: Folder): readonly number[] | undefined {
  const value = name === '' ? undefined : fold(scope, name);
  return value && 'tensor' in value ? numbersOf(value.tensor) : undefined;
}
