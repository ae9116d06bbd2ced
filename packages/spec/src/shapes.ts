import { type Span, SpecError } from './error.ts';
import { type Declaration, type Equation, type Expression, isPrimed, withoutPrime } from './syntax.ts';

/** Lengths of the dimensions by name: `[]` a scalar, `['H']` a vector, `['H', 'I']` a matrix. */
export type Shape = readonly string[];

/** A dimension: a declared name such as `I`, or one still to be found. */
type Dimension = { name: string | undefined; same: Dimension | undefined };

/** The shape of a value: dimensions, or not known yet. */
type Unknown = { dimensions: readonly Dimension[] | undefined; same: Unknown | undefined };

const dimension = (name?: string): Dimension => ({ name, same: undefined });
const shapeOf = (dimensions?: readonly Dimension[]): Unknown => ({ dimensions, same: undefined });

/** What `node` was made the same as; halves the way there, so that the next look is short. */
const root = <T extends { same: T | undefined }>(node: T): T => {
  let at = node;
  while (at.same) {
    at.same = at.same.same ?? at.same;
    at = at.same;
  }
  return at;
};

/**
 * Infers the shape of every name by unification from the declared and stated ones: `W @ x` makes `W` [m, n] and
 * `x` [n]; an element-wise operation makes both sides the same, or one of them a number.
 *
 * @throws SPEC_SHAPE where two shapes don't unify, SPEC_SHAPE_UNKNOWN where one stays open
 */
export function inferShapes(
  source: string,
  declarations: readonly Declaration[],
  equations: readonly Equation[],
): ReadonlyMap<string, Shape> {
  const inference = new ShapeInference(source);
  for (const declaration of declarations) inference.declare(declaration);
  for (const equation of equations) inference.equate(equation);
  return inference.resolved();
}

type BinaryExpression = Extract<Expression, { kind: 'binary' }>;

class ShapeInference {
  private readonly source: string;
  private readonly named = new Map<string, Dimension>();
  private readonly shapes = new Map<string, Unknown>();
  /** Where each name first stands. */
  private readonly first = new Map<string, Span>();

  constructor(source: string) {
    this.source = source;
  }

  declare({ name, shape }: Declaration): void {
    this.shapes.set(name, this.ofLengths(shape));
  }

  /** Makes the shapes on both sides of an equation the same, and that of a next state its state's. */
  equate({ name, shape, expression, span }: Equation): void {
    const own = this.ofName(name, span);
    const value = this.infer(expression);
    const at = expression.span;
    if (shape) this.unify(this.ofLengths(shape), value, at, `the shape stated for ${name} and its value's`);
    this.unify(own, value, at, `the equation for ${name}`);
    const state = isPrimed(name) ? this.shapes.get(withoutPrime(name)) : undefined;
    if (state) this.unify(state, value, at, `state ${withoutPrime(name)} and its next value ${name}`);
  }

  resolved(): ReadonlyMap<string, Shape> {
    return new Map([...this.shapes].map(([name, shape]) => [name, this.resolve(name, shape)]));
  }

  private ofLengths(lengths: readonly string[]): Unknown {
    for (const name of lengths) if (!this.named.has(name)) this.named.set(name, dimension(name));
    return shapeOf(lengths.map((name) => this.named.get(name)!));
  }

  private ofName(name: string, span: Span): Unknown {
    const known = this.shapes.get(name) ?? shapeOf();
    this.shapes.set(name, known);
    if (!this.first.has(name)) this.first.set(name, span);
    return known;
  }

  private infer(expression: Expression): Unknown {
    switch (expression.kind) {
      case 'number':
        return shapeOf([]);
      case 'name':
        return this.ofName(expression.name, expression.span);
      case 'negate':
        return this.infer(expression.operand);
      case 'call':
        return expression.operands.map((operand) => this.infer(operand))[0]!;
      case 'binary':
        return expression.operator === '@' ? this.product(expression) : this.elementwise(expression);
      case 'if': {
        const remedy = 'Only functions may use `if`.';
        throw new SpecError('SPEC_SYNTAX', this.source, expression.span, '`if` in a cell', remedy);
      }
      default:
        return expression satisfies never;
    }
  }

  private product({ left, right, span }: BinaryExpression): Unknown {
    const [rows, columns] = [dimension(), dimension()];
    this.unify(this.infer(left), shapeOf([rows, columns]), left.span, 'left of @ there must be a matrix');
    const what = 'the columns of the matrix and the length of the vector';
    this.unify(shapeOf([columns]), this.infer(right), span, what);
    return shapeOf([rows]);
  }

  private elementwise({ operator, left, right, span }: BinaryExpression): Unknown {
    const [a, b] = [this.infer(left), this.infer(right)];
    if (root(a).dimensions?.length === 0) return b;
    if (root(b).dimensions?.length === 0) return a;
    return this.unify(a, b, span, `both sides of ${operator}`);
  }

  private unify(left: Unknown, right: Unknown, span: Span, what: string): Unknown {
    const [a, b] = [root(left), root(right)];
    if (a === b) return a;
    if (!a.dimensions) {
      a.same = b;
      return b;
    }
    if (!b.dimensions) {
      b.same = a;
      return a;
    }
    const lengths = b.dimensions;
    const fits = a.dimensions.length === lengths.length;
    if (fits && a.dimensions.every((length, axis) => unifyDimensions(length, lengths[axis]!))) return a;
    throw new SpecError(
      'SPEC_SHAPE',
      this.source,
      span,
      `${what}: ${show(a)} and ${show(b)} do not unify`,
      'Make both shapes the same; `W @ v` takes a matrix [m, n] and a vector [n] and gives [m].',
    );
  }

  private resolve(name: string, shape: Unknown): Shape {
    const names = root(shape).dimensions?.map((length) => root(length).name);
    if (names?.every((length) => length !== undefined)) return names;
    throw new SpecError(
      'SPEC_SHAPE_UNKNOWN',
      this.source,
      this.first.get(name) ?? { start: 0, end: 0 },
      `the shape of ${name} cannot be inferred: ${show(root(shape))}`,
      'Every dimension must follow from an input, a state or a stated shape: relate it to one, or state it, `y[O] = …`.',
    );
  }
}

function unifyDimensions(left: Dimension, right: Dimension): boolean {
  const [a, b] = [root(left), root(right)];
  if (a === b) return true;
  if (a.name !== undefined && b.name !== undefined) return false;
  if (a.name === undefined) a.same = b;
  else b.same = a;
  return true;
}

const show = (shape: Unknown): string =>
  shape.dimensions ? `[${shape.dimensions.map((length) => root(length).name ?? '?').join(', ')}]` : 'an unknown shape';
