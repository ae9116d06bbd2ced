import type { Group } from './catalogue.ts';
import { element } from './element.ts';

/** What the menu shows while the text is of nobody but the reader. */
const OWN = '';

/** A menu with every cell of the catalogue. */
export class Menu {
  readonly select: HTMLSelectElement = element('select', 'ex-select', { 'aria-label': 'Cell of the catalogue' });

  /** @param chosen  called with the name of a cell */
  constructor(chosen: (name: string) => void) {
    this.select.append(element('option', '', { value: OWN, disabled: '', hidden: '' }, 'your own cell'));
    this.select.addEventListener('change', () => chosen(this.select.value));
  }

  offer(groups: readonly Group[]): void {
    const all = groups.map(({ title, cells }) =>
      element(
        'optgroup',
        '',
        { label: title },
        ...cells.map(({ name }) => element('option', '', { value: name }, name)),
      ),
    );
    this.select.append(...all);
  }

  /** Shows which cell of the catalogue stands, where it is one. */
  show(name: string | undefined): void {
    this.select.value = name ?? OWN;
  }
}
