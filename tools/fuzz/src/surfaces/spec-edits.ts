import * as fc from 'fast-check';

/** A change of a text. Places are counted round and round. */
export type SpecEdit =
  | { readonly kind: 'put'; readonly at: number; readonly removed: number; readonly put: string }
  /** In place of a name, a number or a sign another one. */
  | { readonly kind: 'other'; readonly at: number; readonly other: number }
  /** The same, wherever it stands, of names and numbers that are none like others. */
  | { readonly kind: 'odd'; readonly at: number; readonly other: number }
  | { readonly kind: 'comment'; readonly at: number; readonly comment: string };

/** White space, names, numbers, calls of cells, and single characters. */
export const tokensOf = (text: string): readonly string[] =>
  text.match(/\s+|[\p{L}_][\p{L}\p{N}_]*'?|\d+|\$\{\w+\}|->|./gsu) ?? [];

/** What means something to a language that specs become, to an editor, or to a terminal. */
const HOSTILE: readonly string[] = [
  '*/',
  '/*',
  '//',
  '\\',
  '??/',
  ';)',
  '(;',
  ';;',
  '`',
  '${',
  '}',
  '<!--',
  '-->',
  '</script>',
  '"',
  "'",
  '%s',
  '\0',
  '\r',
  '\n',
  '\t',
  '\u2028',
  '\u2029',
  '\u0085',
  '\ufeff',
  '\u202e',
  '\u200b',
  '\ud800',
  '💥',
  '#',
];

/** Names that languages and JavaScript's objects have for themselves. */
const NAMES: readonly string[] = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'arguments', 'eval', 'undefined', 'NaN'],
  ...['while', 'for', 'int', 'float', 'double', 'restrict', 'memory', 'i32', 'local', 'func', 'self', 'let', 'yield'],
  ...['layout', 'if', 'then', 'else', 'sum', 'mean', 'max', 'tanh', 'a'.repeat(300), 'é', 'ﬁ', 'x0', '_', '__'],
];

const NUMBERS: readonly string[] = [
  ...['0', '-0', '1', '1e999', '1e-400', '1e308', '0x10', '1_000', '.5', '5.', '1e', '007', '9'.repeat(40)],
  ...['65', '2147483648', '9007199254740993', '1e400 - 1e400'],
];

const ODD: readonly string[] = [...NAMES, ...NUMBERS];

const comment: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 3 })), { maxLength: 5 })
  .map((parts) => `  # ${parts.join(' ')}`);

const nested: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('()', '[]', '{}'), fc.constantFrom(2, 249, 251, 5000))
  .map(([[open, close], depth]) => `${open!.repeat(depth)}h${close!.repeat(depth)}`);

const place = fc.nat(9999);

/** @param tokens  what specs are made of */
export function specEdits(tokens: readonly string[]): fc.Arbitrary<readonly SpecEdit[]> {
  const put = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...tokens) },
    { weight: 2, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 1, arbitrary: nested },
    { weight: 1, arbitrary: fc.constant('') },
  );
  const edit = fc.oneof<fc.Arbitrary<SpecEdit>[]>(
    fc.record({ kind: fc.constant('put'), at: place, removed: fc.constantFrom(0, 1, 1, 5), put }),
    fc.record({ kind: fc.constantFrom('other', 'odd'), at: place, other: place }),
    fc.record({ kind: fc.constantFrom('other', 'odd'), at: place, other: place }),
    fc.record({ kind: fc.constant('comment'), at: place, comment }),
    fc.record({ kind: fc.constant('comment'), at: place, comment }),
  );
  return fc.array(edit, { minLength: 1, maxLength: 3 });
}

export const editedSpec = (text: string, edits: readonly SpecEdit[], tokens: readonly string[]): string =>
  edits.reduce((before, edit) => apply(before, edit, tokens), text);

function apply(text: string, edit: SpecEdit, all: readonly string[]): string {
  const { at } = edit;
  if (edit.kind === 'comment') {
    const lines = text.split('\n');
    lines[at % lines.length] += edit.comment;
    return lines.join('\n');
  }
  const tokens = [...tokensOf(text)];
  if (edit.kind === 'put') {
    tokens.splice(at % (tokens.length + 1), edit.removed, edit.put);
    return tokens.join('');
  }
  const worded = tokens.flatMap((token, i) => (/\s/.test(token) ? [] : [i]));
  const chosen = worded[at % worded.length];
  if (chosen === undefined) return text;
  const old = tokens[chosen]!;
  const alike = (edit.kind === 'odd' ? ODD : all).filter((token) => kindOf(token) === kindOf(old));
  const other = alike[edit.other % alike.length] ?? old;
  return tokens.map((token, i) => (i === chosen || (edit.kind === 'odd' && token === old) ? other : token)).join('');
}

/** What kind of token it is: white space, a name, a number, the call of a cell, or a sign. */
const kindOf = (token: string): number => [/^\s/, /^[\p{L}_]/u, /^\d/, /^\$/].findIndex((kind) => kind.test(token));
