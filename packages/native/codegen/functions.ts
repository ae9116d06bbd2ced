/** The functions of a file; those with the same text are one. */
export class Functions {
  readonly texts: string[] = [];
  private readonly names = new Map<string, string>();

  /** The name of a function: the wished one with a number. */
  add(wish: string, text: (name: string) => string): string {
    const key = text(wish);
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = `${wish}_${this.names.size + 1}`;
    this.names.set(key, name);
    this.texts.push(text(name));
    return name;
  }
}
