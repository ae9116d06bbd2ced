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

/** The name of a next state without its prime, for names made of it. */
export const stemOf = (name: string): string => name.replace("'", '');
