import type { Settings } from '../explorer.ts';

/** How long changes are gathered before they are in the address, in milliseconds: browsers limit how often it changes. */
const GATHER = 250;

/** Settings in the address's fragment, `#cell=lstm&panes=ir`. */
export class AddressSettings implements Settings {
  private values: Map<string, string>;
  private readonly listeners: { readonly prefix: string; readonly listener: () => void }[] = [];
  private readonly left: AbortSignal;
  private readonly pathname = location.pathname;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param left  after which the address is another page's */
  constructor(left: AbortSignal) {
    this.left = left;
    this.values = parsed(location.hash);
    addEventListener('hashchange', () => this.follow(), { signal: left });
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
    // A site may have the next page's address before that page is there.
    if (this.left.aborted || pathname !== this.pathname) return location.href;
    history.replaceState(history.state, '', `${pathname}${search}${printed(this.values)}`);
    return location.href;
  }

  onFollowed(prefix: string, listener: () => void): void {
    this.listeners.push({ prefix, listener });
  }

  private follow(): void {
    const [before, after] = [this.values, parsed(location.hash)];
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (name) => before.get(name) !== after.get(name),
    );
    this.values = after;
    for (const { prefix, listener } of this.listeners) if (changed.some((name) => name.startsWith(prefix))) listener();
  }
}

/** Settings by name; what has no text is none. */
export const parsed = (fragment: string): Map<string, string> =>
  new Map([...new URLSearchParams(fragment.replace(/^#/, ''))].filter(([, text]) => text !== ''));

export function printed(settings: ReadonlyMap<string, string>): string {
  const text = `${new URLSearchParams([...settings])}`;
  return text === '' ? '' : `#${text}`;
}
