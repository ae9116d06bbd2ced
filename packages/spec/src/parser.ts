import { type Span, SpecError } from './error.ts';
import { type Token, tokenize } from './lexer.ts';
import {
  type BinaryOperator,
  type CellSyntax,
  type ConstantTable,
  type Declaration,
  type Equation,
  type Expression,
  type FunctionSyntax,
  type Layout,
  operandsOf,
  type StackedTensor,
} from './syntax.ts';

/** Binding strength of the binary operators; all associate to the left. */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, '@': 3 };

/** Levels an expression may be nested: every later stage follows the tree by recursion. */
const DEPTH = 250;

const isOperator = (text: string): text is BinaryOperator => Object.hasOwn(PRECEDENCE, text);

/** Parses `name(x[I], h[H]) -> h'`, its equations and its layouts. */
export const parseCell = (source: string): CellSyntax => new Parser(source).cell();

/** Parses `name(x) -> y   within N ulp   derivative D`, its equations and its constants for float32 and float64. */
export const parseFunction = (source: string): FunctionSyntax => new Parser(source).function();

/**
 * Recursive descent with precedence climbing. Hand-written: the grammar is a page long, and the messages with line,
 * caret and remedy are what a parser generator would not give.
 */
class Parser {
  private readonly source: string;
  private readonly tokens: readonly Token[];
  private position = 0;
  /** Expressions begun and not ended: the recursion of this parser. */
  private open = 0;
  /** Levels of the tree below each expression; parentheses are one, though they make no node. */
  private readonly depths = new WeakMap<Expression, number>();

  constructor(source: string) {
    this.source = source;
    this.tokens = tokenize(source);
  }

  cell(): CellSyntax {
    const name = this.name('the name of the cell').text;
    this.expect('(');
    const operands = this.list(',', () => this.declaration());
    this.expect(')');
    this.expect('->');
    const results = this.list(',', () => this.name("an output or a next state, e.g. h'")).map(({ text, span }) => ({
      name: text,
      span,
    }));
    const equations = this.equations();
    const layouts: Layout[] = [];
    while (this.at('layout')) layouts.push(this.layout());
    this.end();
    return { name, operands, results, equations, layouts };
  }

  function(): FunctionSyntax {
    const name = this.name('the name of the function').text;
    this.expect('(');
    const operand = this.name('the operand').text;
    this.expect(')');
    this.expect('->');
    const result = this.name('the result').text;
    this.expect('within');
    const ulp = this.number();
    this.expect('ulp');
    this.expect('derivative');
    const derivative = this.expression();
    const equations = this.equations();
    const constants = { float32: this.constants('float32'), float64: this.constants('float64') };
    this.end();
    return { name, operand, result, ulp, derivative, equations, constants };
  }

  private equations(): Equation[] {
    const equations: Equation[] = [];
    while (this.peek().kind === 'name' && ['=', '['].includes(this.peek(1).text)) {
      const { text: name, span } = this.name('an equation');
      const shape = this.at('[') ? this.shape() : undefined;
      this.expect('=');
      const expression = this.expression();
      equations.push({ name, shape, expression, comment: this.previous().comment, span });
    }
    return equations;
  }

  private constants(section: string): ConstantTable {
    const table = new Map<string, number | readonly number[]>();
    this.expect(section);
    while (this.peek().kind === 'name' && this.peek(1).text === '=') {
      const { text: name } = this.name('a constant');
      this.expect('=');
      table.set(name, this.at('[') ? this.bracketed(',', () => this.signedNumber()) : this.signedNumber());
    }
    return table;
  }

  private declaration(): Declaration {
    const { text: name, span } = this.name('a name with its shape, e.g. x[I]');
    return { name, shape: this.shape(), span };
  }

  private shape(): string[] {
    return this.bracketed(',', () => this.name('a dimension, e.g. I').text);
  }

  private layout(): Layout {
    this.expect('layout');
    const { text: name, span } = this.name('the name of the layout');
    const tensors: StackedTensor[] = [];
    while (this.peek().kind === 'name' && this.peek(1).text === '=') {
      const tensor = this.name('a tensor');
      this.expect('=');
      const blocks = this.bracketed(';', () => this.name('a parameter')).map((block) => ({
        name: block.text,
        span: block.span,
      }));
      tensors.push({ name: tensor.text, blocks, span: tensor.span });
    }
    return { name, tensors, span };
  }

  private expression(strength = 0): Expression {
    if (this.open > DEPTH) this.tooDeep(this.previous().span);
    this.open++;
    let left = this.operand();
    for (;;) {
      const { text: operator, span: at } = this.peek();
      if (!isOperator(operator) || PRECEDENCE[operator] <= strength) break;
      this.position++;
      const right = this.expression(PRECEDENCE[operator]);
      const span = { start: left.span.start, end: right.span.end };
      left = this.nested({ kind: 'binary', operator, left, right, span }, at);
    }
    this.open--;
    return left;
  }

  /** Notes how deep `expression` is; `at` is the token that makes it a level deeper than what is `inside`. */
  private nested(expression: Expression, at: Span, inside = operandsOf(expression)): Expression {
    const depth = inside.reduce((most, operand) => Math.max(most, 1 + (this.depths.get(operand) ?? 0)), 0);
    if (depth > DEPTH) this.tooDeep(at);
    this.depths.set(expression, depth);
    return expression;
  }

  private operand(): Expression {
    const { kind, text, span } = this.peek();
    if (text === '(') {
      this.position++;
      const inner = this.expression();
      return this.nested({ ...inner, span: { start: span.start, end: this.expect(')').end } }, span, [inner]);
    }
    if (text === '-') {
      this.position++;
      const operand = this.expression(PRECEDENCE['*'] - 1);
      return this.nested({ kind: 'negate', operand, span: { start: span.start, end: operand.span.end } }, span);
    }
    if (text === 'if') return this.conditional();
    if (kind === 'number') return { kind: 'number', value: this.number(), span };
    const { text: name } = this.name('a number, a name or (');
    if (!this.at('(')) return { kind: 'name', name, span };
    this.position++;
    const operands = this.list(',', () => this.expression());
    return this.nested({ kind: 'call', name, operands, span: { start: span.start, end: this.expect(')').end } }, span);
  }

  private conditional(): Expression {
    const at = this.expect('if');
    const left = this.expression();
    const comparison = this.peek().text;
    if (comparison !== '<' && comparison !== '>') this.fail('< or >');
    this.position++;
    const right = this.expression();
    this.expect('then');
    const whenTrue = this.expression();
    this.expect('else');
    const whenFalse = this.expression();
    const span = { start: at.start, end: whenFalse.span.end };
    return this.nested({ kind: 'if', comparison, left, right, whenTrue, whenFalse, span }, at);
  }

  private bracketed<T>(separator: string, item: () => T): T[] {
    this.expect('[');
    const items = this.list(separator, item);
    this.expect(']');
    return items;
  }

  private list<T>(separator: string, item: () => T): T[] {
    const items = [item()];
    while (this.at(separator)) {
      this.position++;
      items.push(item());
    }
    return items;
  }

  private signedNumber(): number {
    if (!this.at('-')) return this.number();
    this.position++;
    return -this.number();
  }

  private number(): number {
    if (this.peek().kind !== 'number') this.fail('a number');
    return Number(this.tokens[this.position++]?.text);
  }

  private name(what: string): Token {
    if (this.peek().kind !== 'name') this.fail(what);
    this.position++;
    return this.previous();
  }

  private expect(text: string): Span {
    if (!this.at(text)) this.fail(`'${text}'`);
    this.position++;
    return this.previous().span;
  }

  private end(): void {
    if (this.peek().kind !== 'end') this.fail('an operator, the next equation, a layout or the end');
  }

  private at(text: string): boolean {
    return this.peek().text === text;
  }

  private peek(ahead = 0): Token {
    return this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)]!;
  }

  private previous(): Token {
    return this.tokens[this.position - 1]!;
  }

  private tooDeep(at: Span): never {
    const problem = `an expression is nested deeper than ${DEPTH} levels`;
    throw new SpecError('SPEC_DEPTH', this.source, at, problem, 'Name parts of it as equations of their own.');
  }

  private fail(expected: string): never {
    const { text, span } = this.peek();
    throw new SpecError(
      'SPEC_SYNTAX',
      this.source,
      span,
      `expected ${expected}, found ${text}`,
      `Write ${expected} here.`,
    );
  }
}
