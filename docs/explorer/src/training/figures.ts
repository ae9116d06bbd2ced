import { element } from '../page/element.ts';

/** Numbers with their names, in places that do not move. */
export class Figures<Name extends string> {
  readonly list = element('dl', 'ex-train-figures');
  private readonly values: ReadonlyMap<Name, HTMLElement>;

  constructor(names: readonly Name[]) {
    this.values = new Map(names.map((name) => [name, element('dd', '')]));
    for (const [name, value] of this.values)
      this.list.append(element('div', '', {}, element('dt', '', {}, name), value));
  }

  /** There are no numbers. */
  clear(): void {
    for (const value of this.values.values()) value.textContent = inWords(Number.NaN);
  }

  show(texts: Readonly<Record<Name, string>>): void {
    for (const [name, value] of this.values) if (value.textContent !== texts[name]) value.textContent = texts[name];
  }
}

/** A number as people read it: three digits, or nothing where it is none. */
export const inWords = (value: number): string =>
  Number.isNaN(value)
    ? '–'
    : value !== 0 && Math.abs(value) < 1e-3
      ? value.toExponential(2)
      : `${Number(value.toPrecision(3))}`;
