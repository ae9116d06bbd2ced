/** A bracket and its partner, as offsets into a text; undefined: it has none. */
interface Bracket {
  readonly at: number;
  readonly partner: number | undefined;
}

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The bracket before an offset, otherwise that behind it. */
export function bracketAt(text: string, offset: number): Bracket | undefined {
  const brackets = bracketsIn(text);
  return brackets.get(offset - 1) ?? brackets.get(offset);
}

/** Every bracket of a text, by its offset; those in comments are words. */
function bracketsIn(text: string): ReadonlyMap<number, Bracket> {
  const found = new Map<number, Bracket>();
  const open: { readonly at: number; readonly closes: string }[] = [];
  for (const { 0: bracket, index: at } of text.matchAll(/#.*|[()[\]{}]/g)) {
    if (bracket.startsWith('#')) continue;
    const closes = PAIRS[bracket];
    found.set(at, { at, partner: undefined });
    if (closes !== undefined) open.push({ at, closes });
    else if (open.at(-1)?.closes === bracket) {
      const partner = open.pop()!.at;
      found.set(at, { at, partner });
      found.set(partner, { at: partner, partner: at });
    }
  }
  return found;
}
