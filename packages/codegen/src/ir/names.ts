/** Names that are taken, and fresh ones beside them. */
export class Names {
  private readonly taken: Set<string>;
  /** The number to try next for a wish, so that many equal wishes take no longer than others. */
  private readonly next = new Map<string, number>();

  constructor(taken: Iterable<string>) {
    this.taken = new Set(taken);
  }

  /** The wished name or, where it is taken, the name with the first free number; taken from now on. */
  fresh(wish: string): string {
    let name = wish;
    let number = this.next.get(wish) ?? 2;
    for (; this.taken.has(name); number++) name = `${wish}${number}`;
    this.next.set(wish, number);
    this.taken.add(name);
    return name;
  }
}

/** The instance of a called cell that a name belongs to: `enc.g1` of `enc.g1.h`. */
export const instanceOf = (name: string): string | undefined =>
  name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : undefined;

/** A name with more at its beginning, within the instance that it belongs to: `d` and `g1.r` make `g1.dr`. */
export const prefixed = (prefix: string, name: string): string => name.replace(/[^.]*$/, `${prefix}$&`);

/** The name of a next state without its prime, for names made of it. */
export const stemOf = (name: string): string => name.replace("'", '');
