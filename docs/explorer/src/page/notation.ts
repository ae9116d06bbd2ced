/** A part of a text with a look of its own. */
interface Token {
  readonly from: number;
  readonly to: number;
  readonly kind: 'comment' | 'call' | 'keyword';
}

const TOKENS = /(?<comment>#.*)|(?<call>\$\{\s*\w+\s*\})|(?<keyword>\blayout\b)/g;

/** Comments, calls of cells and keywords, in order. */
export function tokensIn(text: string): readonly Token[] {
  return [...text.matchAll(TOKENS)].map(({ 0: token, index, groups }) => {
    const kind = (['comment', 'call', 'keyword'] as const).find((name) => groups?.[name] !== undefined)!;
    return { from: index, to: index + token.length, kind };
  });
}

/** A place in a text that stands for a value: a name, or the lines of an equation. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** The names, and the lines of equations, of a text that is being written, by the names of the last that compiled. */
export function placesIn(
  text: string,
  named: Readonly<Record<string, number>>,
): { readonly names: readonly Place[]; readonly lines: readonly Place[] } {
  const [names, lines]: [Place[], Place[]] = [[], []];
  let start = 0;
  let value: number | undefined;
  let inLayout = false;
  for (const line of text.split('\n')) {
    inLayout ||= /^\s*layout\b/.test(line);
    const defined = /^\s*(?<name>[A-Za-z_]\w*'?)(?:\[[^\]]*\])?\s*=/.exec(line)?.groups?.['name'];
    if (inLayout || /^\s*(#|$)/.test(line)) value = undefined;
    else if (defined !== undefined) value = own(named, defined);
    if (value !== undefined) lines.push({ from: start, to: start + line.length, value });
    for (const place of namesIn(line, named, inLayout)) {
      names.push({ from: start + place.from, to: start + place.to, value: place.value });
    }
    start += line.length + 1;
  }
  return { names, lines };
}

/** What is no name of a value: a comment, a called cell, a function; and sizes right behind a name. */
const WORDS = /#.*|\$\{[^}]*\}|\w+'?(?=\()|(?<name>[A-Za-z_]\w*'?)(?:\[[^\]]*\])?(?<tensor>\s*=)?/g;

function namesIn(line: string, named: Readonly<Record<string, number>>, inLayout: boolean): readonly Place[] {
  return [...line.matchAll(WORDS)].flatMap(({ index, groups }) => {
    const { name, tensor } = groups ?? {};
    const value = name === undefined || (inLayout && tensor !== undefined) ? undefined : own(named, name);
    return value === undefined ? [] : [{ from: index, to: index + name!.length, value }];
  });
}

const own = (named: Readonly<Record<string, number>>, name: string): number | undefined =>
  Object.hasOwn(named, name) ? named[name] : undefined;
