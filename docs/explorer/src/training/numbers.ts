import { element } from '../page/element.ts';
import type { View } from './protocol.ts';

/** How often a table is written anew while training runs, in milliseconds. */
const EVERY = 500;

/** The shown sequence as a table of numbers, such that each is read back exactly. */
export class Numbers {
  readonly details: HTMLDetailsElement;
  private readonly body = element('tbody', '');
  private view: View | undefined;
  private written = 0;

  constructor() {
    const heads = ['step', 'input', 'output', 'influence'].map((name) => element('th', '', { scope: 'col' }, name));
    const table = element('table', '', {}, element('thead', '', {}, element('tr', '', {}, ...heads)), this.body);
    const region = element('div', 'ex-train-table', { tabindex: '0', role: 'region', 'aria-label': 'Numbers' }, table);
    this.details = element(
      'details',
      'ex-train-numbers',
      {},
      element('summary', '', {}, 'This sequence as numbers'),
      region,
    );
    this.details.addEventListener('toggle', () => this.write());
  }

  /** @param running  whether there soon will be others */
  show(view: View, running: boolean): void {
    this.view = view;
    if (!running || performance.now() - this.written > EVERY) this.write();
  }

  clear(): void {
    this.view = undefined;
    this.body.replaceChildren();
  }

  private write(): void {
    if (!this.details.open || !this.view) return;
    this.written = performance.now();
    const { inputs, outputs, influence } = this.view;
    this.body.replaceChildren(
      ...inputs.map((input, step) =>
        rowOf([`${step + 1}`, exact(input), exact(outputs[step]!), exact([influence[step]!])]),
      ),
    );
  }
}

const rowOf = (texts: readonly string[]): HTMLElement =>
  element('tr', '', {}, ...texts.map((text) => element('td', '', {}, text)));

/** Nine digits tell one float32 from every other. */
const exact = (values: ArrayLike<number>): string =>
  Array.from(values, (value) => `${Number(value.toPrecision(9))}`).join(' ');
