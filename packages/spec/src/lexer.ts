import { type Span, SpecError } from './error.ts';

export interface Token {
  /** `cell`: `${gru}`, a cell that is called. */
  readonly kind: 'name' | 'number' | 'cell' | 'symbol' | 'end';
  readonly text: string;
  readonly span: Span;
  /** The comment that ends this token's line, on the last token before it. */
  comment?: string;
}

/** The notation's spellings of the literature's signs. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['σ', 'sigmoid'],
  ['⊙', '*'],
]);

/** What to write for signs that are taken for the notation's. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ...['’', '′', '`'].map((sign) => [sign, "Write ' for a prime."] as const),
  ...['×', '·', '∘', '∙'].map((sign) => [sign, 'Write * for element by element, @ for matrix times vector.'] as const),
  ['−', 'Write - for minus.'],
  ['→', 'Write -> for the arrow.'],
  ['^', 'Write a power as a product, x * x; ^T stands behind the brackets of a layout.'],
  ["'", "A prime stands once, directly behind a name: h'."],
]);

/** What to do about a character that is not part of the notation. */
function remedyFor(character: string): string {
  const letter = /\p{L}/u.test(character);
  return SPELLINGS.get(character) ?? (letter ? 'Write names with A to Z, a to z, 0 to 9 and _.' : 'Remove it.');
}

const PATTERN =
  /(?<blank>\s+)|#(?<comment>[^\n]*)|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>σ|[A-Za-z_]\w*'?)|(?<cell>\$\{\s*[A-Za-z_]\w*\s*\})|(?<symbol>->|\^T\b|[⊙()[\],;|=+\-*/@<>])/uy;

/** Splits a specification into tokens. Line ends mean nothing; a comment is kept on the token before it. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < source.length) {
    const start = PATTERN.lastIndex;
    const groups = PATTERN.exec(source)?.groups;
    if (!groups) {
      const span = { start, end: start + 1 };
      const character = String.fromCodePoint(source.codePointAt(start) ?? 0);
      throw new SpecError(
        'SPEC_SYNTAX',
        source,
        span,
        `'${character}' is not part of the notation`,
        remedyFor(character),
      );
    }
    const span = { start, end: PATTERN.lastIndex };
    const kind = (['number', 'name', 'cell', 'symbol'] as const).find((name) => groups[name] !== undefined);
    if (kind) {
      const text = groups[kind] ?? '';
      tokens.push({ kind, text: SYNONYMS.get(text) ?? text, span });
    }
    if (groups['comment'] === undefined) continue;
    const last = tokens.at(-1);
    const sameLine = last && !source.slice(last.span.end, start).includes('\n');
    if (sameLine) last.comment = groups['comment'].trim();
  }
  tokens.push({ kind: 'end', text: 'the end of the text', span: { start: source.length, end: source.length } });
  return tokens;
}
