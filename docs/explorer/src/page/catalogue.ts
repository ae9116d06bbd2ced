/** Cells that the menu shows together, as texts: the compiler, which makes cells of them, is in workers alone. */
export interface Group {
  readonly title: string;
  readonly cells: readonly { readonly name: string; readonly source: string }[];
}

/** The catalogue's cells by name, and the other way round. */
export class Catalogue {
  readonly groups: readonly Group[];
  private readonly byName: ReadonlyMap<string, string>;

  constructor(groups: readonly Group[]) {
    this.groups = groups;
    this.byName = new Map(groups.flatMap(({ cells }) => cells.map(({ name, source }) => [name, source] as const)));
  }

  /** The text of a cell. */
  sourceOf(name: string): string | undefined {
    return this.byName.get(name);
  }

  /** The name of the cell that has this text. */
  nameOf(text: string): string | undefined {
    const wanted = text.trimEnd();
    return [...this.byName].find(([, source]) => source === wanted)?.[0];
  }
}
