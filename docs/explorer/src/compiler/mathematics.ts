import type { CellIr, Expression } from '@congruent/codegen';
import { namesIn } from '@congruent/codegen';
import type { MathNode } from './compiled.ts';
import type { Values } from './values.ts';

const STRENGTH = { '+': 1, '-': 1, '*': 2, '/': 3, '@': 4 } as const;

/** U+2212 for minus, U+2299 for a product element by element, U+2062 for one that is not written. */
const SIGNS = { '+': '+', '-': '−', '*': '⊙' } as const;
const INVISIBLE_TIMES = '\u2062';

const FUNCTIONS: Readonly<Record<string, string>> = { sigmoid: 'σ' };

const node = (tag: string, ...children: readonly (MathNode | string)[]): MathNode => ({ tag, children });
const row = (...children: readonly MathNode[]): MathNode => node('mrow', ...children);
const sign = (text: string): MathNode => node('mo', text);
const word = (text: string): MathNode => node('mi', text);

/** A cell's equations as a table of MathML, with the time as a subscript: h' is h at t, h is h at t − 1. */
export function mathematicsOf(cell: CellIr, values: Values): MathNode {
  const printer = new Printer(cell, values);
  return node('math', node('mtable', ...cell.definitions.map(({ name, value }) => printer.equation(name, value))));
}

class Printer {
  private readonly values: Values;
  private readonly states: ReadonlySet<string>;
  /** What is the same at all times: parameters, and what is computed of them alone. */
  private readonly timeless: ReadonlySet<string>;

  constructor({ carries, parameters, definitions }: CellIr, values: Values) {
    this.values = values;
    this.states = new Set(carries.map(({ given }) => given.name));
    const timeless = new Set(parameters.map(({ name }) => name));
    for (const { name, value } of definitions) {
      if ([...namesIn(value)].every((operand) => timeless.has(operand))) timeless.add(name);
    }
    this.timeless = timeless;
  }

  equation(name: string, value: Expression): MathNode {
    const cells = [this.symbol(name), sign('='), this.term(value)].map((each) => node('mtd', each));
    return { ...node('mtr', ...cells), ...this.lineOf(name) };
  }

  private lineOf(name: string): { readonly line?: number } {
    const line = this.values.of.get(name);
    return line === undefined ? {} : { line };
  }

  /** `W_ir` with a subscript, `g1.h` with the instance above. */
  private symbol(name: string): MathNode {
    const dot = name.lastIndexOf('.');
    const [letter, ...rest] = name
      .slice(dot + 1)
      .replace("'", '')
      .split('_') as [string, ...string[]];
    const time = this.timeless.has(name) ? [] : [this.states.has(name) ? 't − 1' : 't'];
    const below = [...rest, ...time].filter((part) => part !== '');
    const under = below.flatMap((part, index) => [...(index > 0 ? [sign(',')] : []), subscript(part)]);
    const scripts = [
      ...(under.length > 0 ? [row(...under)] : []),
      ...(dot > 0 ? [superscript(name.slice(0, dot))] : []),
    ];
    const tag = under.length === 0 ? 'msup' : dot > 0 ? 'msubsup' : 'msub';
    const base = letter === '' ? word('_') : word(letter);
    const symbol = scripts.length === 0 ? base : node(tag, base, ...scripts);
    const value = this.values.of.get(name);
    return value === undefined ? symbol : { ...row(symbol), value };
  }

  private term(expression: Expression, outer = 0): MathNode {
    switch (expression.kind) {
      case 'reference':
        return this.symbol(expression.name);
      case 'constant':
        return expression.value < 0
          ? grouped(row(sign('−'), numeral(-expression.value)), 1, outer)
          : numeral(expression.value);
      case 'matvec':
        return row(
          this.symbol(expression.matrix.name),
          sign(INVISIBLE_TIMES),
          this.term(expression.vector, STRENGTH['@']),
        );
      case 'concatenation':
        return fenced('[', this.list(expression.parts, ';'), ']');
      case 'reduction':
        return called(expression.which, this.term(expression.operand));
      case 'unary':
        return this.unary(expression, outer);
      case 'binary':
        return this.binary(expression, outer);
      case 'select':
        return this.choice(expression);
      case 'call':
        return expression.function === 'sqrt'
          ? node('msqrt', this.term(expression.operand))
          : called(FUNCTIONS[expression.function] ?? expression.function, this.term(expression.operand));
      default:
        return expression satisfies never;
    }
  }

  private unary({ operator, operand }: Extract<Expression, { kind: 'unary' }>, outer: number): MathNode {
    if (operator === 'negate') return grouped(row(sign('−'), this.term(operand, 2)), 1, outer);
    if (operator === 'abs') return fenced('|', this.term(operand), '|');
    if (operator === 'sqrt') return node('msqrt', this.term(operand));
    return called(operator, this.term(operand));
  }

  private binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, outer: number): MathNode {
    if (operator === 'max' || operator === 'min') return called(operator, this.list([left, right], ','));
    if (operator === '/') return node('mfrac', this.term(left), this.term(right));
    const strength = STRENGTH[operator];
    const [first, second] = [this.term(left, strength - 1), this.term(right, strength)];
    return grouped(row(first, sign(SIGNS[operator]), second), strength, outer);
  }

  private choice({ comparison, left, right, whenTrue, whenFalse }: Extract<Expression, { kind: 'select' }>): MathNode {
    const condition = row(this.term(left), sign(comparison), this.term(right));
    const cases = [
      node('mtr', node('mtd', this.term(whenTrue)), node('mtd', condition)),
      node('mtr', node('mtd', this.term(whenFalse)), node('mtd', node('mtext', 'otherwise'))),
    ];
    return row(sign('{'), node('mtable', ...cases));
  }

  private list(parts: readonly Expression[], separator: string): MathNode {
    return row(...parts.flatMap((part, index) => [...(index > 0 ? [sign(separator)] : []), this.term(part)]));
  }
}

const numeral = (value: number): MathNode => node('mn', `${value}`);

const subscript = (text: string): MathNode =>
  text === 't − 1' ? row(word('t'), sign('−'), numeral(1)) : /^\d+$/.test(text) ? node('mn', text) : word(text);

const superscript = (instance: string): MathNode => fenced('(', node('mtext', instance), ')');

function fenced(open: string, inside: MathNode, close: string): MathNode {
  const bracket = (text: string): MathNode => (isTall(inside) ? sign(text) : { ...sign(text), flat: true });
  return row(bracket(open), inside, bracket(close));
}

const isTall = ({ tag, children }: MathNode): boolean =>
  tag === 'mfrac' || tag === 'mtable' || children.some((child) => typeof child !== 'string' && isTall(child));

const called = (name: string, operand: MathNode): MathNode => row(word(name), fenced('(', operand, ')'));

const grouped = (term: MathNode, strength: number, outer: number): MathNode =>
  strength > outer ? term : fenced('(', term, ')');
