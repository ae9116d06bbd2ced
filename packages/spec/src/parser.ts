import { type Span, SpecError } from './error.ts';
import {
  type BinaryOperator,
  type Block,
  blocksIn,
  type CellCall,
  type CellSyntax,
  type ConstantTable,
  type Declaration,
  type Equation,
  type Expression,
  type FunctionSyntax,
  type Layout,
  type Length,
  operandsOf,
  type PackedTensor,
  type Packing,
} from './syntax.ts';
import { TokenReader } from './token-reader.ts';

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
class Parser extends TokenReader {
  /** Expressions begun and not ended: the recursion of this parser. */
  private open = 0;
  /** Levels of the tree below each expression; parentheses are one, though they make no node. */
  private readonly depths = new WeakMap<Expression, number>();

  cell(): CellSyntax {
    const name = this.name('the name of the cell').text;
    this.expect('(');
    const operands = this.list(',', () => this.declaration());
    this.expect(')');
    this.expect('->');
    const results = this.list(',', () => this.valueName("an output or a next state, e.g. h'")).map(
      ({ text, span }) => ({
        name: text,
        span,
      }),
    );
    const equations = this.equations((): Expression | CellCall =>
      this.peek().kind === 'cell' ? this.cellCall() : this.expression(),
    );
    const layouts: Layout[] = [];
    while (this.at('layout')) layouts.push(this.layout());
    this.noEquation();
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
    const equations = this.equations(() => this.expression());
    const constants = { float32: this.constants('float32'), float64: this.constants('float64') };
    this.end();
    return { name, operand, result, ulp, derivative, equations, constants };
  }

  private equations<E>(rightSide: () => E): Equation<E>[] {
    const equations: Equation<E>[] = [];
    while (this.peek().kind === 'name' && ['=', '['].includes(this.peek(1).text)) {
      const { text: name, span } = this.valueName('an equation');
      const shape = this.at('[') ? this.shape() : undefined;
      this.expect('=');
      const expression = rightSide();
      equations.push({ name, shape, expression, comment: this.previous().comment, span });
    }
    return equations;
  }

  /** A line that begins with a name, and goes on, was meant as an equation. */
  private noEquation(): void {
    if (this.peek().kind !== 'name' || !this.startsLine() || this.startsLine(1)) return;
    this.skip();
    this.fail("'='");
  }

  /** `${gru}(x)`. */
  private cellCall(): CellCall {
    const { text, span } = this.peek();
    this.skip();
    this.expect('(');
    const operands = this.list(',', () => this.expression());
    const name = text.slice(2, -1).trim();
    return { kind: 'cell', name, operands, span: { start: span.start, end: this.expect(')').end } };
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

  private shape(): Length[] {
    const empty = this.at('[') && this.peek(1).text === ']';
    if (!empty) return this.bracketed(',', () => this.length());
    this.skip(2);
    return [];
  }

  private length(): Length {
    const { kind, text } = this.peek();
    if (kind !== 'number') return this.name('a dimension, e.g. I or 65').text;
    if (!/^[1-9]\d*$/.test(text) || !Number.isSafeInteger(Number(text))) this.fail('a whole number above 0');
    return this.number();
  }

  private block(): Block {
    const { text: name, span } = this.name('a parameter');
    return { kind: 'block', name, shape: this.at('[') ? this.shape() : undefined, span };
  }

  private layout(): Layout {
    this.expect('layout');
    const { text: name, span } = this.name('the name of the layout');
    const tensors: PackedTensor[] = [];
    while (this.peek().kind === 'name' && this.peek(1).text === '=') {
      const tensor = this.name('a tensor');
      this.expect('=');
      const packing = this.packing();
      tensors.push({ name: tensor.text, packing, blocks: blocksIn(packing), span: tensor.span });
    }
    return { name, tensors, span };
  }

  /** `[a; b]`, `[a | b]`, either with `^T` behind it; what stands inside may be the same again, or a sum. */
  private packing(depth = 0): Packing {
    const { start } = this.expect('[');
    if (depth > DEPTH) this.tooDeep(this.previous().span, 'a tensor', 'Put parameters together with fewer brackets.');
    const part = (): Packing => (this.at('[') ? this.packing(depth + 1) : this.sum());
    const first = part();
    const separator = this.at('|') ? '|' : ';';
    const parts = [first];
    while (this.at(separator)) {
      this.skip();
      parts.push(part());
    }
    if (this.at(';') || this.at('|')) this.mixed();
    const span = { start, end: this.expect(']').end };
    const stacked =
      parts.length === 1 ? first : ({ kind: separator === '|' ? 'columns' : 'rows', parts, span } as const);
    if (!this.at('^T')) return stacked;
    this.skip();
    return { kind: 'transposed', operand: stacked, span: { start, end: this.previous().span.end } };
  }

  /** `a`, or `a + b`: parameters of which a layout has the sum. */
  private sum(): Packing {
    const parts = [this.block()];
    while (this.at('+')) {
      this.skip();
      parts.push(this.block());
    }
    const [first] = parts as [Block];
    return parts.length === 1
      ? first
      : { kind: 'sum', parts, span: { start: first.span.start, end: this.previous().span.end } };
  }

  private expression(strength = 0): Expression {
    if (this.open > DEPTH) this.tooDeep(this.previous().span);
    this.open++;
    let left = this.operand();
    for (;;) {
      const { text: operator, span: at } = this.peek();
      if (!isOperator(operator) || PRECEDENCE[operator] <= strength) break;
      this.skip();
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
      this.skip();
      const inner = this.expression();
      return this.nested({ ...inner, span: { start: span.start, end: this.expect(')').end } }, span, [inner]);
    }
    if (text === '-') {
      this.skip();
      const operand = this.expression(PRECEDENCE['*'] - 1);
      return this.nested({ kind: 'negate', operand, span: { start: span.start, end: operand.span.end } }, span);
    }
    if (text === '[') {
      const parts = this.bracketed(';', () => this.expression());
      return this.nested(
        { kind: 'concatenation', parts, span: { start: span.start, end: this.previous().span.end } },
        span,
      );
    }
    if (text === 'if') return this.conditional();
    if (kind === 'number') return { kind: 'number', value: this.number(), span };
    if (kind === 'cell') {
      const remedy = `Give it an equation of its own, \`y = ${text}(…)\`, and write y here.`;
      throw new SpecError('SPEC_SYNTAX', this.source, span, 'a call of a cell is a whole right side', remedy);
    }
    const { text: name } = this.valueName('a number, a name, ( or [');
    if (!this.at('(')) return { kind: 'name', name, span };
    this.skip();
    const operands = this.list(',', () => this.expression());
    return this.nested({ kind: 'call', name, operands, span: { start: span.start, end: this.expect(')').end } }, span);
  }

  private conditional(): Expression {
    const at = this.expect('if');
    const left = this.expression();
    const comparison = this.peek().text;
    if (comparison !== '<' && comparison !== '>') this.fail('< or >');
    this.skip();
    const right = this.expression();
    this.expect('then');
    const whenTrue = this.expression();
    this.expect('else');
    const whenFalse = this.expression();
    const span = { start: at.start, end: whenFalse.span.end };
    return this.nested({ kind: 'if', comparison, left, right, whenTrue, whenFalse, span }, at);
  }

  private tooDeep(at: Span, what = 'an expression', remedy = 'Name parts of it as equations of their own.'): never {
    throw new SpecError('SPEC_DEPTH', this.source, at, `${what} is nested deeper than ${DEPTH} levels`, remedy);
  }

  private mixed(): never {
    const remedy = 'Put one kind into brackets of its own, e.g. [[a; b] | c].';
    throw new SpecError('SPEC_SYNTAX', this.source, this.peek().span, '; and | stand in one bracket', remedy);
  }
}
