import type { Value } from '../compiler/compiled.ts';

/** Colours that values have, `--ex-value-0` and so on; after the last the first comes again. */
const COLOURS = 12;

/**
 * Lights up a value wherever it stands: names have `data-value`, equations `data-line`, each with the numbers of the
 * values that they are. One style sheet says which are lit, so that nothing goes over thousands of names.
 */
export class Links {
  private readonly colours = new CSSStyleSheet();
  private readonly light = new CSSStyleSheet();
  private readonly listeners: ((value: number | undefined) => void)[] = [];
  private values: readonly Value[] = [];
  /** The name of the value that stays lit, as the next cell may count otherwise. */
  private pinned: string | undefined;
  private focused: readonly number[] = [];
  private pointed: readonly number[] = [];

  constructor(root: HTMLElement, left: AbortSignal) {
    this.styleIn(document);
    left.addEventListener('abort', () => {
      const own = [this.colours, this.light];
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !own.includes(sheet));
    });
    root.addEventListener('pointerover', (event) => {
      if (event.pointerType !== 'touch') this.point(valuesAt(event));
    });
    root.addEventListener('pointerleave', () => this.point([]));
    root.addEventListener('click', (event) => {
      // In the editor the cursor says what is lit; a button pins by itself.
      const name = (event.target as Element).closest('[data-value]:not(button)');
      const [value] = name === null ? [] : valuesAt(event);
      if (value !== undefined) this.pin(value);
    });
  }

  /** Names and equations in there light up, too. */
  styleIn(tree: Document | ShadowRoot): void {
    tree.adoptedStyleSheets = [...tree.adoptedStyleSheets, this.colours, this.light];
  }

  /** Another cell, with values of its own. What is no parameter has its colour at all times. */
  reset(values: readonly Value[]): void {
    this.values = values;
    const rules = values.flatMap(({ role }, value) =>
      role === 'parameter' ? [] : [`[data-value="${value}"]{--ex-value:${colourOf(value)}}`],
    );
    this.colours.replaceSync(rules.join('\n'));
    this.point([]);
  }

  /** The values that the focus is on. */
  focus(values: readonly number[]): void {
    this.focused = values;
    this.show();
  }

  /** Keeps a value lit; once more, and it is not. */
  pin(value: number): void {
    const isLeft = this.isPinned(value);
    this.pinned = isLeft ? undefined : this.values[value]?.name;
    this.show();
    for (const listener of this.listeners) listener(isLeft ? undefined : value);
  }

  isPinned(value: number): boolean {
    return this.pinned !== undefined && this.values[value]?.name === this.pinned;
  }

  /** Calls a listener with each value that is pinned, and with nothing once none is. */
  onPinned(listener: (value: number | undefined) => void): void {
    this.listeners.push(listener);
  }

  private point(values: readonly number[]): void {
    this.pointed = values;
    this.show();
  }

  private show(): void {
    const pinned = this.values.flatMap((_, value) => (this.isPinned(value) ? [value] : []));
    const lit = [this.pointed, this.focused, pinned].find(({ length }) => length > 0) ?? [];
    this.light.replaceSync(lit.map(lighting).join('\n'));
  }
}

const colourOf = (value: number): string => `var(--ex-value-${value % COLOURS})`;

const lighting = (value: number): string => {
  const tint = (percent: number): string => `color-mix(in srgb, ${colourOf(value)} ${percent}%, transparent)`;
  return `[data-value~="${value}"][data-value]{color:var(--ex-text);background-color:${tint(30)};box-shadow:0 0 0 1.5px ${tint(55)}}
[data-line~="${value}"]{background-color:${tint(9)}}`;
};

/** The values of the name that an event is at, or else of the equation. */
function valuesAt(event: Event): readonly number[] {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return [];
  const values = (of: 'value' | 'line'): string | null | undefined =>
    target.closest(`[data-${of}]`)?.getAttribute(`data-${of}`);
  const found = values('value') ?? values('line');
  return found === null || found === undefined ? [] : found.split(' ').map(Number);
}
