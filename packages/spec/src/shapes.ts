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
  const named = new Map<string, Dimension>();
  const ofLengths = (lengths: readonly string[]): Unknown => {
    for (const name of lengths) if (!named.has(name)) named.set(name, dimension(name));
    return shapeOf(lengths.map((name) => named.get(name)!));
  };
  const shapes = new Map<string, Unknown>();
  const first = new Map<string, Span>();

  for (const { name, shape } of declarations) shapes.set(name, ofLengths(shape));

  const ofName = (name: string, span: Span): Unknown => {
    const known = shapes.get(name) ?? shapeOf();
    shapes.set(name, known);
    if (!first.has(name)) first.set(name, span);
    return known;
  };

  const unify = (left: Unknown, right: Unknown, span: Span, what: string): Unknown => {
    const a = root(left);
    const b = root(right);
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
    const unified =
      a.dimensions.length === lengths.length &&
      a.dimensions.every((length, axis) => unifyDimensions(length, lengths[axis]!));
    if (!unified) {
      throw new SpecError(
        'SPEC_SHAPE',
        source,
        span,
        `${what}: ${show(a)} and ${show(b)} do not unify`,
        'Make both shapes the same; `W @ v` takes a matrix [m, n] and a vector [n] and gives [m].',
      );
    }
    return a;
  };

  const infer = (expression: Expression): Unknown => {
    switch (expression.kind) {
      case 'number':
        return shapeOf([]);
      case 'name':
        return ofName(expression.name, expression.span);
      case 'negate':
        return infer(expression.operand);
      case 'call':
        return expression.operands.map(infer)[0]!;
      case 'binary':
        return expression.operator === '@' ? product(expression) : elementwise(expression);
      case 'if':
        throw new SpecError('SPEC_SYNTAX', source, expression.span, '`if` in a cell', 'Only functions may use `if`.');
      default:
        return expression satisfies never;
    }
  };

  const product = ({ left, right, span }: Expression & { kind: 'binary' }): Unknown => {
    const [rows, columns] = [dimension(), dimension()];
    unify(infer(left), shapeOf([rows, columns]), left.span, 'left of @ there must be a matrix');
    unify(shapeOf([columns]), infer(right), span, 'the columns of the matrix and the length of the vector');
    return shapeOf([rows]);
  };

  const elementwise = ({ operator, left, right, span }: Expression & { kind: 'binary' }): Unknown => {
    const [a, b] = [infer(left), infer(right)];
    if (root(a).dimensions?.length === 0) return b;
    if (root(b).dimensions?.length === 0) return a;
    return unify(a, b, span, `both sides of ${operator}`);
  };

  for (const { name, shape, expression, span } of equations) {
    const own = ofName(name, span);
    const value = infer(expression);
    if (shape) unify(ofLengths(shape), value, expression.span, `the shape stated for ${name} and its value's`);
    unify(own, value, expression.span, `the equation for ${name}`);
    const state = isPrimed(name) ? shapes.get(withoutPrime(name)) : undefined;
    if (state) unify(state, value, expression.span, `state ${withoutPrime(name)} and its next value ${name}`);
  }

  const resolve = (name: string, shape: Unknown): Shape => {
    const names = root(shape).dimensions?.map((length) => root(length).name);
    if (names?.every((length) => length !== undefined)) return names;
    throw new SpecError(
      'SPEC_SHAPE_UNKNOWN',
      source,
      first.get(name) ?? { start: 0, end: 0 },
      `the shape of ${name} cannot be inferred: ${show(root(shape))}`,
      'Every dimension must follow from an input, a state or a stated shape: relate it to one, or state it, `y[O] = …`.',
    );
  };
  return new Map([...shapes].map(([name, shape]) => [name, resolve(name, shape)]));
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
