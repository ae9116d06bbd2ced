import { type Compiled, PANES, type PaneId } from '../compiler/compiled.ts';
import type { Settings } from '../explorer.ts';
import { element } from './element.ts';
import { code, mathematics } from './pane-content.ts';

/** The panes that are open where nobody has chosen any. */
const OPEN: readonly PaneId[] = ['equations', 'schedule', 'backward', 'wasm'];

interface Pane {
  readonly button: HTMLButtonElement;
  readonly section: HTMLElement;
  readonly body: HTMLElement;
}

/** What the compiler makes of a cell, step by step: several panes side by side, or on a narrow page one, in tabs. */
export class Panes {
  readonly bar: HTMLElement = element('div', 'ex-bar', { 'aria-label': 'Panes' });
  readonly grid: HTMLElement = element('div', 'ex-panes');
  private readonly panes: ReadonlyMap<PaneId, Pane>;
  private readonly settings: Settings;
  /** Panes that show the cell that stands. */
  private readonly drawn = new Set<PaneId>();
  private open: ReadonlySet<PaneId> = new Set();
  private compiled: Compiled | undefined;
  private narrow: boolean | undefined;

  constructor(settings: Settings) {
    this.settings = settings;
    this.panes = new Map(PANES.map(({ id, title }) => [id, this.pane(id, title)]));
    this.bar.addEventListener('keydown', (event) => this.move(event));
    this.restore();
  }

  /** Opens what the settings say. */
  restore(): void {
    const ids: readonly string[] = PANES.map(({ id }) => id);
    const asked = (this.settings.get('panes') ?? '').split('.');
    const known = asked.filter((id): id is PaneId => ids.includes(id));
    this.open = new Set(known.length > 0 ? known : OPEN);
    this.update();
  }

  /** Whether there is room for one pane alone. */
  layOut(narrow: boolean): void {
    if (narrow === this.narrow) return;
    this.narrow = narrow;
    this.bar.setAttribute('role', narrow ? 'tablist' : 'group');
    this.update();
  }

  show(compiled: Compiled): void {
    this.compiled = compiled;
    this.drawn.clear();
    this.update();
  }

  /** Scrolls every open pane that shows none of a value's names to the first. */
  reveal(value: number): void {
    for (const { body } of this.panes.values()) {
      const frame = body.getBoundingClientRect();
      const names = [...body.querySelectorAll(`[data-value~="${value}"]`)].map((name) => name.getBoundingClientRect());
      const [first] = names;
      if (first === undefined || names.some(({ top, bottom }) => top >= frame.top && bottom <= frame.bottom)) continue;
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
      body.scrollBy({ top: first.top - frame.top - frame.height / 3, behavior: calm ? 'instant' : 'smooth' });
    }
  }

  private pane(id: PaneId, title: string): Pane {
    const button = element('button', 'ex-tab', { type: 'button', id: `ex-tab-${id}` }, title);
    button.addEventListener('click', () => this.choose(id));
    const heading = element('h2', 'ex-pane-title', { id: `ex-title-${id}` }, title);
    const body = element('div', 'ex-pane-body', { tabindex: '0', role: 'region', 'aria-labelledby': `ex-title-${id}` });
    const section = element('section', `ex-pane ex-pane-${id}`, { id: `ex-pane-${id}` }, heading, body);
    this.bar.append(button);
    this.grid.append(section);
    return { button, section, body };
  }

  private choose(id: PaneId): void {
    const open = new Set(this.open);
    if (this.narrow) this.open = new Set([id, ...[...open].filter((other) => other !== this.shownAlone)]);
    else if (!open.delete(id)) this.open = open.add(id);
    else if (open.size > 0) this.open = open;
    this.settings.set('panes', `${[...this.open]}` === `${OPEN}` ? undefined : [...this.open].join('.'));
    this.update();
  }

  /** The pane of a narrow page: the last that was chosen. */
  private get shownAlone(): PaneId {
    return [...this.open][0]!;
  }

  private isShown(id: PaneId): boolean {
    return this.narrow ? id === this.shownAlone : this.open.has(id);
  }

  private update(): void {
    for (const [id, { button, section }] of this.panes) {
      const shown = this.isShown(id);
      section.hidden = !shown;
      this.describe(button, section, shown);
      if (shown) this.draw(id);
    }
  }

  private describe(button: HTMLElement, section: HTMLElement, shown: boolean): void {
    const tab = { role: 'tab', 'aria-selected': `${shown}`, 'aria-controls': section.id, tabindex: shown ? '0' : '-1' };
    const toggle = { 'aria-pressed': `${shown}` };
    for (const name of [...Object.keys(tab), ...Object.keys(toggle)]) button.removeAttribute(name);
    for (const [name, value] of Object.entries(this.narrow ? tab : toggle)) button.setAttribute(name, value);
    const panel = { role: 'tabpanel', 'aria-labelledby': button.id };
    for (const [name, value] of Object.entries(panel)) {
      if (this.narrow) section.setAttribute(name, value);
      else section.removeAttribute(name);
    }
  }

  private draw(id: PaneId): void {
    if (this.compiled === undefined || this.drawn.has(id)) return;
    this.drawn.add(id);
    const { body } = this.panes.get(id)!;
    const pane = this.compiled.panes.find((each) => each.id === id);
    body.replaceChildren(pane ? element('pre', '', {}, code(pane)) : mathematics(this.compiled.equations));
  }

  /** Arrows go from tab to tab. */
  private move(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || !this.narrow) return;
    const ids = PANES.map(({ id }) => id);
    const next = ids[(ids.indexOf(this.shownAlone) + step + ids.length) % ids.length]!;
    event.preventDefault();
    this.choose(next);
    this.panes.get(next)!.button.focus();
  }
}
