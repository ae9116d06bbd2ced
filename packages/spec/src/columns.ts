import { freshName, namesOf } from './names.ts';
import {
  blocksIn,
  type CellCall,
  type CellSyntax,
  type Equation,
  type Expression,
  isReduction,
  type Length,
  mapOperands,
  operandsOf,
  type Packing,
  type Shape,
  sumOfLengths,
} from './syntax.ts';

/** A cell's text with the shapes of its names. */
interface Shaped {
  readonly syntax: CellSyntax;
  readonly shapes: ReadonlyMap<string, Shape>;
}

type Concatenation = Extract<Expression, { kind: 'concatenation' }>;

/** Parts that a product is split into at most: each is a level of the expression deeper. */
const MOST_PARTS = 16;

/**
 * Products with concatenations become sums of products: `W @ [x; h]` is `W_1 @ x + W_2 @ h`, and W in the layouts is
 * `[W_1 | W_2]`, so that what needs no state is computed for all rows at once, and nothing is put together. What is
 * multiplied by a number is a vector. A matrix that multiplies other vectors, too, stays whole.
 */
export function splitColumns(syntax: CellSyntax, shapes: ReadonlyMap<string, Shape>): Shaped {
  const taken = namesOf(syntax);
  const all = new Map(shapes);
  const columns = new Map<string, readonly string[]>();
  for (const [matrix, lengths] of partitionsIn(syntax.equations, shapes)) {
    const names = lengths.map((_, index) => freshName(`${matrix}_${index + 1}`, taken, '_'));
    const [rows] = shapes.get(matrix) as readonly [Length];
    for (const [index, length] of lengths.entries()) {
      all.set(names[index]!, length === undefined ? [rows] : [rows, length]);
    }
    all.delete(matrix);
    columns.set(matrix, names);
  }
  const split = (expression: Expression): Expression => splitIn(expression, columns, all);
  const equations = syntax.equations.map(({ expression, ...equation }): Equation<Expression | CellCall> => {
    return { ...equation, expression: expression.kind === 'cell' ? mapOperands(expression, split) : split(expression) };
  });
  const layouts = syntax.layouts.map((layout) => ({
    ...layout,
    tensors: layout.tensors.map((tensor) => {
      const packing = packed(tensor.packing, columns);
      return { ...tensor, packing, blocks: blocksIn(packing) };
    }),
  }));
  return { syntax: { ...syntax, equations, layouts }, shapes: all };
}

/** Of each matrix that always multiplies the same parts, how long they are; undefined for a number. */
function partitionsIn(
  equations: CellSyntax['equations'],
  shapes: ReadonlyMap<string, Shape>,
): ReadonlyMap<string, readonly (Length | undefined)[]> {
  const found = new Map<string, readonly (Length | undefined)[] | undefined>();
  const visit = (expression: Expression | CellCall): void => {
    operandsOf(expression).forEach(visit);
    if (!isProduct(expression)) return;
    const { name } = expression.left;
    const lengths = lengthsIn(expression.right, shapes);
    const isSame = !found.has(name) || `${found.get(name)}` === `${lengths}`;
    found.set(name, isSame ? lengths : undefined);
  };
  for (const { expression } of equations) visit(expression);
  return new Map([...found].flatMap(([name, lengths]) => (lengths ? [[name, lengths] as const] : [])));
}

type Product = Extract<Expression, { kind: 'binary' }> & {
  readonly left: { readonly kind: 'name'; readonly name: string };
};

const isProduct = (expression: Expression | CellCall): expression is Product =>
  expression.kind === 'binary' && expression.operator === '@' && expression.left.kind === 'name';

function lengthsIn(
  vector: Expression,
  shapes: ReadonlyMap<string, Shape>,
): readonly (Length | undefined)[] | undefined {
  const parts = vector.kind === 'concatenation' ? partsOf(vector) : [];
  if (parts.length < 2 || parts.length > MOST_PARTS) return undefined;
  return parts.map((part) => shapeOf(part, shapes)[0]);
}

/** The parts of a concatenation and of those in it. */
const partsOf = ({ parts }: Concatenation): readonly Expression[] =>
  parts.flatMap((part) => (part.kind === 'concatenation' ? partsOf(part) : [part]));

function splitIn(
  expression: Expression,
  columns: ReadonlyMap<string, readonly string[]>,
  shapes: ReadonlyMap<string, Shape>,
): Expression {
  const split = (inner: Expression): Expression => splitIn(inner, columns, shapes);
  if (!isProduct(expression)) return mapOperands(expression, split);
  const { left, right, span } = expression;
  const names = columns.get(left.name);
  if (!names || right.kind !== 'concatenation') return mapOperands(expression, split);
  const products = partsOf(right).map((part, index): Expression => {
    const name = names[index]!;
    const operator = shapes.get(name)!.length > 1 ? '@' : '*';
    return { kind: 'binary', operator, left: { ...left, name }, right: split(part), span: part.span };
  });
  return products.reduce((sum, product) => ({ kind: 'binary', operator: '+', left: sum, right: product, span }));
}

function packed(packing: Packing, columns: ReadonlyMap<string, readonly string[]>): Packing {
  if (packing.kind === 'transposed') return { ...packing, operand: packed(packing.operand, columns) };
  if (packing.kind !== 'block') return { ...packing, parts: packing.parts.map((part) => packed(part, columns)) };
  const names = columns.get(packing.name);
  if (!names) return packing;
  const { span } = packing;
  return { kind: 'columns', parts: names.map((name) => ({ kind: 'block', name, shape: undefined, span })), span };
}

/** The shape of an expression of a cell whose shapes are known. */
function shapeOf(expression: Expression, shapes: ReadonlyMap<string, Shape>): Shape {
  const inner = (operand: Expression): Shape => shapeOf(operand, shapes);
  switch (expression.kind) {
    case 'name':
      return shapes.get(expression.name)!;
    case 'concatenation':
      return [sumOfLengths(expression.parts.map((part) => inner(part)[0] ?? 1))];
    case 'call':
      if (isReduction(expression.name)) return [];
      break;
    case 'binary':
      if (expression.operator === '@') return inner(expression.left).slice(0, 1);
      break;
    default:
  }
  return (
    operandsOf(expression)
      .map(inner)
      .find((shape) => shape.length > 0) ?? []
  );
}
