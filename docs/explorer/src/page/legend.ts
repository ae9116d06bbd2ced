import type { Value } from '../compiler/compiled.ts';
import { element } from './element.ts';
import type { Links } from './links.ts';

/** The operands and equations of a cell in their colours, as buttons: what the keyboard and fingers light values with. */
export class Legend {
  readonly list: HTMLElement = element('div', 'ex-legend', { role: 'group', 'aria-label': 'Values' });
  private readonly links: Links;

  constructor(links: Links, reveal: (value: number) => void) {
    this.links = links;
    links.onPinned((pinned) => {
      for (const button of this.list.children) button.setAttribute('aria-pressed', `${isOf(button, pinned)}`);
      if (pinned !== undefined) reveal(pinned);
    });
  }

  show(values: readonly Value[]): void {
    const buttons = values.flatMap(({ name, role }, value) => (role === 'parameter' ? [] : [this.button(name, value)]));
    this.list.replaceChildren(...buttons);
  }

  private button(name: string, value: number): HTMLElement {
    const pressed = `${this.links.isPinned(value)}`;
    const button = element(
      'button',
      'ex-value',
      { type: 'button', 'data-value': `${value}`, 'aria-pressed': pressed },
      name,
    );
    button.addEventListener('click', () => this.links.pin(value));
    button.addEventListener('focus', () => this.links.focus([value]));
    button.addEventListener('blur', () => this.links.focus([]));
    return button;
  }
}

const isOf = (button: Element, value: number | undefined): boolean => button.getAttribute('data-value') === `${value}`;
