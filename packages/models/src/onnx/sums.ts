import { type FloatingTensor, isFloating } from '../layers/parameter.ts';
import type { Folder } from './fold.ts';
import type { NodeProto } from './proto.ts';
import { attributeOf, isONNX, type Scope, sourceOf } from './scope.ts';

/** A vector times a constant matrix. */
export interface Product {
  /** The vector's name. */
  readonly operand: string;
  /** The matrix's name. */
  readonly weight: string;
  readonly matrix: FloatingTensor;
  /** The matrix is [width, inputs], and not [inputs, width]. */
  readonly rowsFirst: boolean;
  readonly inputs: number;
  readonly width: number;
  /** What the same node adds. */
  readonly bias?: FloatingTensor;
}

/** What a value is the sum of. */
export interface Sum {
  readonly products: readonly Product[];
  readonly biases: readonly FloatingTensor[];
}

/** Exporters add the terms of a gate one by one. */
const DEEPEST = 8;

/** The products and constants that a value is the sum of, or nothing where it is of something else, too. */
export function sumOf(name: string, scope: Scope, fold: Folder, depth = 0): Sum | undefined {
  const constant = constantOf(name, scope, fold);
  if (constant) return { products: [], biases: [constant] };
  const source = sourceOf(scope, name);
  if (source?.kind !== 'node' || !isONNX(source.node) || depth === DEEPEST) return undefined;
  const { node, scope: at } = source;
  const of = (index: number): Sum | undefined => sumOf(node.input[index] ?? '', at, fold, depth + 1);
  switch (node.opType) {
    case 'Add':
      return joined(of(0), of(1));
    // What they take away or put around has the length 1.
    case 'Identity':
    case 'Squeeze':
      return of(0);
    case 'MatMul':
      return productOf(node, at, fold);
    case 'Gemm':
      return gemm(node, at, fold, of);
    default:
      return undefined;
  }
}

function constantOf(name: string, scope: Scope, fold: Folder): FloatingTensor | undefined {
  const value = name === '' ? undefined : fold(scope, name);
  return value && 'tensor' in value && isFloating(value.tensor) ? value.tensor : undefined;
}

const joined = (a: Sum | undefined, b: Sum | undefined): Sum | undefined =>
  a && b && { products: [...a.products, ...b.products], biases: [...a.biases, ...b.biases] };

function productOf(node: NodeProto, scope: Scope, fold: Folder, rowsFirst = false): Sum | undefined {
  const [operand = '', weight = ''] = node.input;
  const matrix = constantOf(weight, scope, fold);
  if (matrix?.shape.length !== 2) return undefined;
  const [first, second] = matrix.shape as readonly [number, number];
  const [inputs, width] = rowsFirst ? [second, first] : [first, second];
  return { products: [{ operand, weight, matrix, rowsFirst, inputs, width }], biases: [] };
}

/** A · B + C, with B as it is or transposed. */
function gemm(node: NodeProto, scope: Scope, fold: Folder, of: (index: number) => Sum | undefined): Sum | undefined {
  const plain = ['alpha', 'beta'].every((name) => (attributeOf(node, name)?.f ?? 1) === 1);
  const turned = (name: string): boolean => (attributeOf(node, name)?.i ?? 0n) !== 0n;
  const product = plain && !turned('transA') ? productOf(node, scope, fold, turned('transB')) : undefined;
  if (!product || (node.input[2] ?? '') === '') return product;
  const bias = constantOf(node.input[2]!, scope, fold);
  return bias ? { products: [{ ...product.products[0]!, bias }], biases: [] } : joined(product, of(2));
}
