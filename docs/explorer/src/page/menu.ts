import { groups, nameOf, sourceOf } from '../catalogue.ts';
import { element } from './element.ts';

/** What the menu shows while the text is of nobody but the reader. */
const OWN = '';

/** A menu with every cell of the catalogue. */
export class Menu {
  readonly select: HTMLSelectElement = element('select', 'ex-select', { 'aria-label': 'Cell of the catalogue' });

  constructor(chosen: (text: string) => void) {
    const own = element('option', '', { value: OWN, disabled: '', hidden: '' }, 'your own cell');
    const all = groups.map(({ title, cells }) =>
      element(
        'optgroup',
        '',
        { label: title },
        ...cells.map(({ name }) => element('option', '', { value: name }, name)),
      ),
    );
    this.select.append(own, ...all);
    this.select.addEventListener('change', () => {
      const text = sourceOf(this.select.value);
      if (text !== undefined) chosen(text);
    });
  }

  /** Shows which cell of the catalogue has this text. */
  show(text: string): void {
    this.select.value = nameOf(text) ?? OWN;
  }
}
