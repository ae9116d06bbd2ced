import { type Cell, defineCell, SpecError } from '@congruent/spec';
import * as fc from 'fast-check';

/** Names among which those are that the compiler would choose itself. */
const NAMES = {
  input: ['x', 'dh', 'dy'],
  state: ['h', 'g', 'a_h'],
  equation: ['n', 'da_n', 'g_h', 'p_h', 'u_n', 'a_n', 'tanh_n', 'x_n', 'b_n'],
  vector: ['b', 'db', 's_b', 'c_b', 'dx', 'b_n2', 'h_n'],
  matrix: ['W', 'dW', 's_W', 'W_h', 'V'],
} as const;

const DIMENSIONS = ['H', 'I', 'G'] as const;

/** Any well-formed cell; the smallest is an element-wise one. */
export const anyCell: fc.Arbitrary<Cell> = fc
  .array(fc.nat(999), { maxLength: 100 })
  .map((choices) => wellFormed(new Writer(choices).cell()))
  .filter((cell) => cell !== undefined);

/** The cell, where its shapes follow from those of its operands. */
function wellFormed(source: string): Cell | undefined {
  try {
    return defineCell(source);
  } catch (error) {
    if (error instanceof SpecError && error.code === 'SPEC_SHAPE_UNKNOWN') return undefined;
    throw error;
  }
}

/** Writes a cell in the notation, by choices; where they end, always the first alternative. */
class Writer {
  private readonly choices: readonly number[];
  private position = 0;
  /** Shapes of what an expression may read: one dimension each. */
  private readonly vectors = new Map<string, string>();
  private readonly parameters = new Map<string, readonly string[]>();
  private readonly unread = new Set<string>();

  constructor(choices: readonly number[]) {
    this.choices = choices;
  }

  cell(): string {
    const states = this.declare(NAMES.state);
    const inputs = this.declare(NAMES.input);
    const equations = NAMES.equation.slice(0, this.choose(5)).map((name) => this.equation(name, this.dimension()));
    const results = this.shuffled(states).map((name, index) => {
      const last = index === states.length - 1;
      return this.equation(`${name}'`, this.vectors.get(name)!, last);
    });
    const operands = this.shuffled([...inputs, ...states]).map((name) => `${name}[${this.vectors.get(name)}]`);
    const layout = [...this.parameters.keys()].map((name) => `t_${name} = [${name}]`);
    return [
      `random(${operands.join(', ')}) -> ${states.map((name) => `${name}'`).join(', ')}`,
      ...equations,
      ...results,
      ...(layout.length > 0 ? ['layout plain', ...layout] : []),
    ].join('\n');
  }

  private declare(names: readonly string[]): readonly string[] {
    const declared = names.slice(0, 1 + this.choose(names.length));
    for (const name of declared) this.define(name, this.dimension());
    return declared;
  }

  private define(name: string, dimension: string): void {
    this.vectors.set(name, dimension);
    this.unread.add(name);
  }

  private equation(name: string, dimension: string, last = false): string {
    const value = name.endsWith("'") ? this.nextState(dimension) : this.expression(dimension, 3);
    const rest = last ? [...this.unread].map((unread) => ` + ${this.broughtTo(dimension, unread)}`) : [];
    if (name.endsWith("'")) this.vectors.set(name, dimension);
    else this.define(name, dimension);
    return `${name} = ${value}${rest.join('')}`;
  }

  /** Bounded, so that no state grows from step to step. */
  private nextState(dimension: string): string {
    const bounded = (): string => `tanh(${this.expression(dimension, 3)})`;
    switch (this.choose(5)) {
      case 0:
        return bounded();
      case 1:
        return this.vector(dimension);
      case 2:
        return `${this.matrix(dimension, 'H')} @ ${this.vector('H')}`;
      case 3:
        return `(1 - ${this.sigmoid(dimension)}) * ${bounded()} + ${this.sigmoid(dimension)} * ${this.vector(dimension)}`;
      default:
        return this.expression(dimension, 1);
    }
  }

  private readonly sigmoid = (dimension: string): string => `sigmoid(${this.expression(dimension, 1)})`;

  private expression(dimension: string, depth: number): string {
    if (depth === 0) return this.vector(dimension);
    const inner = (): string => this.expression(dimension, depth - 1);
    switch (this.choose(12)) {
      case 0:
        return this.vector(dimension);
      case 1:
        return `(${inner()} + ${inner()})`;
      case 2:
        return `(${inner()} - ${inner()})`;
      case 3:
        return `${inner()} * ${inner()}`;
      case 4:
        return `tanh(${inner()})`;
      case 5: {
        const columns = this.dimension();
        return `${this.matrix(dimension, columns)} @ (${this.expression(columns, depth - 1)})`;
      }
      case 6:
        return `(-${inner()} / ${['2', '(1 + 1)', '(1 / 3)'][this.choose(3)]})`;
      case 7: {
        const divisor = inner();
        return `(${inner()} / (1.5 + ${divisor} * ${divisor}))`;
      }
      case 8: {
        const columns = this.dimension();
        return `(${this.matrix(dimension, columns)} @ ${this.vector(columns)} + ${this.parameter(NAMES.vector, [dimension])})`;
      }
      case 9: {
        const reduction = ['mean', 'sum'][this.choose(2)];
        return `(${inner()} * ${reduction}(${this.expression(this.dimension(), depth - 1)} / 4))`;
      }
      case 10: {
        const parts = [this.dimension(), this.dimension()];
        const joined = parts.map((part) => this.expression(part, depth - 1)).join('; ');
        return `${this.matrix(dimension, [...parts, 1].join(' + '))} @ [${joined}; ${1 + this.choose(3)}]`;
      }
      default:
        return `(${[0, 1, -1, 0.5][this.choose(4)]} * ${inner()})`;
    }
  }

  /** An operand, an equation above or a parameter. */
  private vector(dimension: string): string {
    const known = [...this.vectors].filter(([, other]) => other === dimension).map(([name]) => name);
    const index = this.choose(known.length + 1);
    if (index === known.length) return this.parameter(NAMES.vector, [dimension]);
    this.unread.delete(known[index]!);
    return known[index]!;
  }

  private readonly matrix = (rows: string, columns: string): string => this.parameter(NAMES.matrix, [rows, columns]);

  /** A parameter that is there already, or a new one. */
  private parameter(names: readonly string[], shape: readonly string[]): string {
    const known = [...this.parameters].filter(([, other]) => `${other}` === `${shape}`).map(([name]) => name);
    if (known.length > 0 && this.choose(2) === 0) return known[this.choose(known.length)]!;
    const free = names.filter((name) => !this.parameters.has(name));
    const name = free[0] ?? `${names[0]}_${this.parameters.size}`;
    this.parameters.set(name, shape);
    return name;
  }

  private broughtTo(dimension: string, name: string): string {
    const own = this.vectors.get(name)!;
    return own === dimension ? `${name} / 4` : `${this.matrix(dimension, own)} @ ${name}`;
  }

  private dimension(): string {
    return DIMENSIONS[this.choose(DIMENSIONS.length)]!;
  }

  private shuffled<T>(values: readonly T[]): readonly T[] {
    const rest = [...values];
    return values.map(() => rest.splice(this.choose(rest.length), 1)[0]!);
  }

  private choose(alternatives: number): number {
    return (this.choices[this.position++] ?? 0) % alternatives;
  }
}
