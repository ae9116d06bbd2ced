/** Names that are taken, and fresh ones beside them. */
export class Names {
  private readonly taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.taken = new Set(taken);
  }

  /** The wished name or, where it is taken, the name with the first free number; taken from now on. */
  fresh(wish: string): string {
    let name = wish;
    for (let number = 2; this.taken.has(name); number++) name = `${wish}${number}`;
    this.taken.add(name);
    return name;
  }
}

/** The name of a next state without its prime, for names made of it. */
export const stemOf = (name: string): string => name.replace("'", '');
