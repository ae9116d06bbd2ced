import type { Settings } from '../explorer.ts';

/** How long changes are gathered before they are in the address, in milliseconds: browsers limit how often it changes. */
const GATHER = 250;

/** Settings in the address's fragment, `#cell=lstm&panes=ir`. */
export class AddressSettings implements Settings {
  private values: Map<string, string>;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.values = parsed(location.hash);
  }

  get(name: string): string | undefined {
    return this.values.get(name);
  }

  set(name: string, text: string | undefined): void {
    if (text === this.values.get(name)) return;
    if (text === undefined) this.values.delete(name);
    else this.values.set(name, text);
    this.timer ??= setTimeout(() => this.write(), GATHER);
  }

  /** The address with all settings. */
  write(): string {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { pathname, search } = location;
    history.replaceState(history.state, '', `${pathname}${search}${printed(this.values)}`);
    return location.href;
  }

  /** Calls a listener once somebody has followed a link to other settings of this page. */
  onFollowed(listener: () => void): void {
    addEventListener('hashchange', () => {
      if (location.hash === printed(this.values)) return;
      this.values = parsed(location.hash);
      listener();
    });
  }
}

/** Settings by name; what has no text is none. */
export const parsed = (fragment: string): Map<string, string> =>
  new Map([...new URLSearchParams(fragment.replace(/^#/, ''))].filter(([, text]) => text !== ''));

export function printed(settings: ReadonlyMap<string, string>): string {
  const text = `${new URLSearchParams([...settings])}`;
  return text === '' ? '' : `#${text}`;
}
