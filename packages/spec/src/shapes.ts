import { CallShapes } from './call-shapes.ts';
import { type Cell, calledValue } from './checked-cell.ts';
import { type Dimension, dimension, lengthOf, root } from './dimensions.ts';
import { type Span, SpecError } from './error.ts';
import {
  type Block,
  blocksOf,
  type CellCall,
  type CellSyntax,
  type Declaration,
  type Equation,
  type Expression,
  isPrimed,
  isReduction,
  type Length,
  type Shape,
  withoutPrime,
} from './syntax.ts';
import { shapeOf, show, Unifier, type Unknown } from './unify.ts';

/**
 * Infers the shape of every name by unification from those that operands and parameters declare and equations state:
 * `W @ x` makes `W` [m, n] and `x` [n]; an element-wise operation makes both sides the same, or one of them a number.
 *
 * @throws SPEC_SHAPE where two shapes don't unify, SPEC_SHAPE_UNKNOWN where one stays open
 */
export function inferShapes(
  source: string,
  { operands, equations, layouts }: CellSyntax,
  cells: Readonly<Record<string, Cell>>,
): Inferred {
  const inference = new ShapeInference(source, cells);
  for (const declaration of operands) inference.declare(declaration);
  for (const block of blocksOf(layouts)) inference.declareParameter(block);
  for (const equation of equations) inference.equate(equation);
  return inference.resolved();
}

export interface Inferred {
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Of each equation that calls a cell, the lengths of that cell's dimensions there. */
  readonly lengths: ReadonlyMap<string, ReadonlyMap<Length, Length>>;
}

type BinaryExpression = Extract<Expression, { kind: 'binary' }>;

class ShapeInference {
  private readonly source: string;
  private readonly unifier: Unifier;
  private readonly known = new Map<Length, Dimension>();
  private readonly shapes = new Map<string, Unknown>();
  /** Where each name first stands. */
  private readonly first = new Map<string, Span>();
  /** The parts of concatenations. */
  private readonly parts: { readonly length: Dimension; readonly span: Span }[] = [];
  private readonly cells: Readonly<Record<string, Cell>>;
  private readonly calls: CallShapes[] = [];

  constructor(source: string, cells: Readonly<Record<string, Cell>>) {
    this.source = source;
    this.unifier = new Unifier(source);
    this.cells = cells;
  }

  declare({ name, shape }: Declaration): void {
    this.shapes.set(name, this.ofLengths(shape));
  }

  /** Layouts may declare the shape of a parameter, each the same. */
  declareParameter({ name, shape, span }: Block): void {
    if (!shape) return;
    this.unifier.unify(this.ofName(name, span), this.ofLengths(shape), span, `the shapes declared for ${name}`);
  }

  /** Makes the shapes on both sides of an equation the same, and that of a next state its state's. */
  equate({ name, shape, expression, span }: Equation<Expression | CellCall>): void {
    const own = this.ofName(name, span);
    const value = expression.kind === 'cell' ? this.call(name, expression) : this.infer(expression);
    const at = expression.span;
    if (shape) this.unifier.unify(this.ofLengths(shape), value, at, `the shape stated for ${name} and its value's`);
    this.unifier.unify(own, value, at, `the equation for ${name}`);
    const state = isPrimed(name) ? this.shapes.get(withoutPrime(name)) : undefined;
    if (state) this.unifier.unify(state, value, at, `state ${withoutPrime(name)} and its next value ${name}`);
  }

  resolved(): Inferred {
    this.unifier.solve();
    for (const { length, span } of this.parts) {
      if (lengthOf(length) !== undefined) continue;
      const remedy = 'State the shape of the part in an equation of its own, `v[P] = …`, or declare it in a layout.';
      throw new SpecError(
        'SPEC_SHAPE_UNKNOWN',
        this.source,
        span,
        'a part of a concatenation has no known length',
        remedy,
      );
    }
    const lengths = new Map(this.calls.map((call) => [call.equation, call.resolved()]));
    const shapes = new Map([...this.shapes].map(([name, shape]) => [name, this.resolve(name, shape)]));
    return { shapes, lengths };
  }

  private ofLengths(lengths: readonly Length[]): Unknown {
    return shapeOf(lengths.map((length) => this.ofLength(length)));
  }

  private ofLength(length: Length): Dimension {
    const known = this.known.get(length) ?? dimension(length);
    this.known.set(length, known);
    return known;
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
        if (isReduction(expression.name)) return this.reduction(expression.name, expression.operands[0]!);
        return expression.operands
          .map((operand) => this.infer(operand))
          .reduce((a, b) => this.elementwise(a, b, expression.span, `the operands of ${expression.name}`));
      case 'binary':
        return expression.operator === '@' ? this.product(expression) : this.operation(expression);
      case 'concatenation':
        return shapeOf([
          dimension(
            undefined,
            expression.parts.map((part) => this.part(part)),
          ),
        ]);
      case 'if': {
        const remedy = 'Only functions may use `if`.';
        throw new SpecError('SPEC_SYNTAX', this.source, expression.span, '`if` in a cell', remedy);
      }
      default:
        return expression satisfies never;
    }
  }

  private call(equation: string, call: CellCall): Unknown {
    const cell = this.cells[call.name]!;
    const shapes = new CallShapes(this.source, equation, call, cell, (length) => this.ofLength(length));
    for (const [at, { name, shape }] of cell.inputs.entries()) {
      const operand = call.operands[at]!;
      const what = `${name} of ${call.name} and its operand`;
      this.unifier.unify(shapes.of(shape), this.infer(operand), operand.span, what);
    }
    this.calls.push(shapes);
    return shapes.of(calledValue(cell)!.shape);
  }

  private product({ left, right, span }: BinaryExpression): Unknown {
    if (left.kind === 'binary' && left.operator === '@') this.productOfProducts(left.span);
    const [rows, columns] = [dimension(), dimension()];
    this.unifier.unify(this.infer(left), shapeOf([rows, columns]), left.span, 'left of @ there must be a matrix');
    const what = 'the columns of the matrix and the length of the vector';
    this.unifier.unify(shapeOf([columns]), this.infer(right), span, what);
    return shapeOf([rows]);
  }

  private productOfProducts(span: Span): never {
    const problem = 'the left of @ is a product: @ takes what stands left of it first';
    throw new SpecError('SPEC_MATRIX', this.source, span, problem, 'Write A @ (B @ x) for A @ B @ x.');
  }

  /** How many elements a part of a concatenation has: a number has one. */
  private part(part: Expression): Dimension {
    const shape = this.infer(part);
    if (root(shape).dimensions?.length === 0) return this.ofLength(1);
    const length = dimension();
    this.unifier.unify(shape, shapeOf([length]), part.span, 'a part of a concatenation is a vector or a number');
    this.parts.push({ length, span: part.span });
    return length;
  }

  private reduction(name: string, operand: Expression): Unknown {
    const what = `${name} takes a vector`;
    this.unifier.unify(this.infer(operand), shapeOf([dimension()]), operand.span, what);
    return shapeOf([]);
  }

  private operation({ operator, left, right, span }: BinaryExpression): Unknown {
    return this.elementwise(this.infer(left), this.infer(right), span, `both sides of ${operator}`);
  }

  private elementwise(a: Unknown, b: Unknown, span: Span, what: string): Unknown {
    if (root(a).dimensions?.length === 0) return b;
    if (root(b).dimensions?.length === 0) return a;
    return this.unifier.unify(a, b, span, what);
  }

  private resolve(name: string, shape: Unknown): Shape {
    const lengths = root(shape).dimensions?.map(lengthOf);
    if (lengths?.every((length) => length !== undefined)) return lengths;
    throw new SpecError(
      'SPEC_SHAPE_UNKNOWN',
      this.source,
      this.first.get(name) ?? { start: 0, end: 0 },
      `the shape of ${name} cannot be inferred: ${show(root(shape))}`,
      'Every dimension must follow from an operand, or a shape that is declared or stated: relate it to one, declare it, `[W[P, I]]`, or state it, `y[O] = …`.',
    );
  }
}
