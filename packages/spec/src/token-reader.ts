import { type Span, SpecError } from './error.ts';
import { type Token, tokenize } from './lexer.ts';
import { isPrimed, withoutPrime } from './syntax.ts';

/** What no name may be: the words of the notation that stand where a name could. */
const RESERVED: ReadonlySet<string> = new Set(['if', 'then', 'else', 'layout']);

/** Takes the tokens of a text one after the other; what stands where another was expected is a SpecError. */
export class TokenReader {
  protected readonly source: string;
  private readonly tokens: readonly Token[];
  private position = 0;

  constructor(source: string) {
    this.source = source;
    this.tokens = tokenize(source);
  }

  protected bracketed<T>(separator: string, item: () => T): T[] {
    this.expect('[');
    const items = this.list(separator, item);
    this.expect(']');
    return items;
  }

  protected list<T>(separator: string, item: () => T): T[] {
    const items = [item()];
    while (this.at(separator)) {
      this.position++;
      items.push(item());
    }
    return items;
  }

  protected signedNumber(): number {
    if (!this.at('-')) return this.number();
    this.position++;
    return -this.number();
  }

  protected number(): number {
    if (this.peek().kind !== 'number') this.fail('a number');
    const { text, span } = this.tokens[this.position++]!;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    const problem = `${text} is infinite: the largest number is ${Number.MAX_VALUE}`;
    throw new SpecError('SPEC_SYNTAX', this.source, span, problem, 'Write a smaller one.');
  }

  /** A name that a prime would say something wrong of. */
  protected name(what: string): Token {
    const token = this.valueName(what);
    if (!isPrimed(token.text)) return token;
    const problem = `${token.text} has a prime, which marks the next value of a state`;
    const remedy = `Write ${withoutPrime(token.text)}, or another name.`;
    throw new SpecError('SPEC_SYNTAX', this.source, token.span, problem, remedy);
  }

  /** The name of a value, which may be the next one of a state, `h'`. */
  protected valueName(what: string): Token {
    const { kind, text, span } = this.peek();
    if (kind !== 'name') this.fail(what);
    if (RESERVED.has(text)) {
      const problem = `expected ${what}, found ${text}`;
      const remedy = `Choose another name: ${[...RESERVED].join(', ')} are words of the notation.`;
      throw new SpecError('SPEC_SYNTAX', this.source, span, problem, remedy);
    }
    this.position++;
    return this.previous();
  }

  protected expect(text: string): Span {
    if (!this.at(text)) this.fail(`'${text}'`);
    this.position++;
    return this.previous().span;
  }

  protected end(): void {
    if (this.peek().kind !== 'end') this.fail('an operator, the next equation, a layout or the end');
  }

  /** Whether a token is the first of its line. */
  protected startsLine(ahead = 0): boolean {
    const { start } = this.peek(ahead).span;
    return this.source.slice(this.source.lastIndexOf('\n', start - 1) + 1, start).trim() === '';
  }

  protected skip(count = 1): void {
    this.position += count;
  }

  protected at(text: string): boolean {
    return this.peek().text === text;
  }

  protected peek(ahead = 0): Token {
    return this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)]!;
  }

  protected previous(): Token {
    return this.tokens[this.position - 1]!;
  }

  protected fail(expected: string): never {
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
