import { type Cell, calledValue } from './checked-cell.ts';
import { type Dimension, dimension, lengthOf, root } from './dimensions.ts';
import { SpecError } from './error.ts';
import { type CellCall, type Length, type Shape, termsOf, withoutPrime } from './syntax.ts';
import { shapeOf, type Unknown } from './unify.ts';

/** The shapes in one call: an instance has dimensions of its own, which follow from its operands and its value's use. */
export class CallShapes {
  /** The name of the equation that calls. */
  readonly equation: string;
  private readonly source: string;
  private readonly call: CellCall;
  private readonly cell: Cell;
  private readonly ofNumber: (length: number) => Dimension;
  /** By the names that the called cell has for them. */
  private readonly dimensions = new Map<string, Dimension>();

  constructor(source: string, equation: string, call: CellCall, cell: Cell, ofNumber: (length: number) => Dimension) {
    this.source = source;
    this.equation = equation;
    this.call = call;
    this.cell = cell;
    this.ofNumber = ofNumber;
    for (const { shape } of [...cell.inputs, ...cell.states, ...cell.parameters]) this.of(shape);
  }

  /** A shape of the called cell, as it is in this call. */
  of(shape: Shape): Unknown {
    return shapeOf(
      shape.map((length) => {
        const terms = termsOf(length).map((term) => this.ofTerm(term));
        return terms.length === 1 ? terms[0]! : dimension(undefined, terms);
      }),
    );
  }

  /**
   * How long the called cell's dimensions are here, once all is unified.
   *
   * @throws SPEC_SHAPE_UNKNOWN where one stays open
   */
  resolved(): ReadonlyMap<Length, Length> {
    const lengths = [...this.dimensions].map(([name, instance]) => {
      return [name, lengthOf(instance) ?? this.inside(name, instance)] as const;
    });
    return new Map(lengths);
  }

  private ofTerm(term: Length): Dimension {
    if (typeof term === 'number') return this.ofNumber(term);
    const known = this.dimensions.get(term) ?? dimension();
    this.dimensions.set(term, known);
    return known;
  }

  /** What is inside the called cell alone, and follows from nothing, is a dimension of the cell that calls: `g1.H`. */
  private inside(name: string, instance: Dimension): Length {
    const shapes = [...this.cell.inputs, calledValue(this.cell)!].map(({ shape }) => shape);
    if (shapes.some((shape) => isIn(shape, name))) this.unknown(name);
    const own = `${withoutPrime(this.equation)}.${name}`;
    root(instance).length = own;
    return own;
  }

  private unknown(name: string): never {
    const { cell, call, equation } = this;
    const stated = calledValue(cell)!.shape.map((length) => (length === name ? name : '…'));
    const isOperand = cell.inputs.some(({ shape }) => isIn(shape, name));
    const remedies = {
      value: `State it, as a number or a dimension: \`${equation}[${stated.join(', ')}] = \${${call.name}}(…)\`.`,
      operand: 'State the shape of the operand in an equation of its own, `v[P] = …`.',
      neither: `Nothing outside says it: write a number for ${name} in the cell ${cell.name}.`,
    };
    const remedy = remedies[stated.includes(name) ? 'value' : isOperand ? 'operand' : 'neither'];
    const problem = `dimension ${name} of \${${call.name}} cannot be inferred`;
    throw new SpecError('SPEC_SHAPE_UNKNOWN', this.source, call.span, problem, remedy);
  }
}

const isIn = (shape: Shape, name: string): boolean => shape.some((length) => termsOf(length).includes(name));
