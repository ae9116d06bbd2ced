import type { Compiled, Mistake } from '../compiler/compiled.ts';
import { Compiler } from '../compiler/compiler.ts';
import type { Explorer } from '../explorer.ts';
import { openWorker } from '../open-worker.ts';
import { Catalogue } from './catalogue.ts';
import { cellSetting, textOfSetting } from './cell-setting.ts';
import { copyLink } from './copy-link.ts';
import { Editor } from './editor.ts';
import { element } from './element.ts';
import { Legend } from './legend.ts';
import { Links } from './links.ts';
import { Menu } from './menu.ts';
import { Panes } from './panes.ts';
import { AddressSettings } from './settings.ts';

/** Below this width, in pixels, there is room for one pane. */
const NARROW = 760;

/** The cell of a page whose address names none. */
const FIRST = 'gru';

/** What is said while all is well. */
const HINT =
  'Compiles. Point at a name, or put the cursor on it: the same value lights up everywhere. Tab leaves the editor.';

/** How long a reader has paused once a text is compiled, in milliseconds. */
const PAUSE = 40;

/** What is wrong, where, and what to do about it; tabindex as it may be more than there is room for. */
function explained({ message }: Mistake): HTMLElement {
  const [problem = '', excerpt, remedy] = message.split('\n\n');
  const where = excerpt === undefined ? [] : [element('pre', 'ex-excerpt', {}, excerpt)];
  const what = remedy === undefined ? [] : [element('p', '', {}, remedy)];
  return element('div', 'ex-mistake', { tabindex: '0' }, element('p', '', {}, problem), ...where, ...what);
}

/** The editor and the panes, and the cell that stands: the last that compiled. */
export class Workspace implements Explorer {
  readonly settings: AddressSettings;
  readonly left: AbortSignal;
  private readonly listeners: ((text: string) => void)[] = [];
  private readonly links: Links;
  private readonly panes: Panes;
  private readonly legend: Legend;
  private readonly editor: Editor;
  private readonly menu = new Menu((name) => this.write(this.catalogue.sourceOf(name)!));
  private readonly message = element('div', 'ex-message', { role: 'status' });
  private readonly compiler: Compiler;
  /** Empty until the compiler has sent it. */
  private catalogue = new Catalogue([]);
  /** The text of the last cell that compiled. */
  private standing: string | undefined;

  /**
   * @param page  where names light up: of the code and of all that stands beside it
   * @param root  where the editor and the panes go
   * @param left  aborted once the page is left
   */
  constructor(page: HTMLElement, root: HTMLElement, left: AbortSignal) {
    this.left = left;
    this.settings = new AddressSettings(left);
    this.panes = new Panes(this.settings);
    this.compiler = new Compiler(openWorker('compiler', left, (words) => this.say(words)));
    this.links = new Links(page, left);
    this.legend = new Legend(this.links, (value) => this.panes.reveal(value));
    const host = element('div', 'ex-editor');
    this.editor = new Editor(host, this.links, (text) => this.changed(text));
    const cell = element('section', 'ex-cell', { 'aria-label': 'Cell' });
    const copy = copyLink(async () => {
      await this.remember(this.editor.text);
      return this.settings.write();
    });
    cell.append(element('div', 'ex-head', {}, this.menu.select, copy), this.legend.list, host, this.message);
    const compiled = element('section', 'ex-compiled', { 'aria-label': 'Compiled' }, this.panes.bar, this.panes.grid);
    root.append(cell, compiled);
    this.layOut(page);
    void this.begin();
  }

  onCell(listener: (text: string) => void): void {
    this.listeners.push(listener);
    if (this.standing !== undefined) listener(this.standing);
  }

  /** Shows the address's cell once the worker is there, which has the texts of the catalogue. */
  private async begin(): Promise<void> {
    this.catalogue = await this.compiler.catalogue;
    this.menu.offer(this.catalogue.groups);
    this.settings.onFollowed('panes', () => this.panes.restore());
    this.settings.onFollowed('cell', () => void this.restore());
    await this.restore();
  }

  /** The text of the first cell. */
  private get first(): string {
    return this.catalogue.sourceOf(FIRST)!;
  }

  private layOut(page: HTMLElement): void {
    const lay = (width: number): void => {
      page.classList.toggle('ex-narrow', width < NARROW);
      this.panes.layOut(width < NARROW);
    };
    lay(page.clientWidth);
    new ResizeObserver(([entry]) => lay(entry!.contentRect.width)).observe(page);
  }

  /** What the address has, or else the first cell. */
  private async restore(): Promise<void> {
    const setting = this.settings.get('cell');
    const text = setting === undefined ? undefined : await textOfSetting(setting, this.catalogue);
    this.write(text ?? this.first);
  }

  private write(text: string): void {
    this.editor.text = text;
    void this.compile(text, 0);
  }

  private changed(text: string): void {
    this.menu.show(this.catalogue.nameOf(text));
    void this.compile(text, PAUSE);
  }

  private async compile(text: string, pause: number): Promise<void> {
    const outcome = await this.compiler.compile(text, pause);
    if (outcome === undefined) return;
    void this.remember(text);
    if ('compiled' in outcome) {
      this.say(HINT);
      this.editor.accept(outcome.compiled.named);
      this.show(outcome.compiled, text);
      return;
    }
    this.say(explained(outcome.mistake));
    this.editor.refuse(outcome.mistake);
    if (this.standing === undefined) await this.fallBack();
  }

  /** Says something new; a screen reader would repeat what is said already. */
  private say(what: HTMLElement | string): void {
    const text = typeof what === 'string' ? what : what.textContent;
    if (this.message.textContent !== text) this.message.replaceChildren(what);
  }

  /** Where no cell stands yet, as the address has none that compiles: the first. */
  private async fallBack(): Promise<void> {
    const outcome = await this.compiler.compile(this.first, 0);
    if (outcome !== undefined && 'compiled' in outcome) this.show(outcome.compiled, this.first);
  }

  private show(compiled: Compiled, text: string): void {
    this.links.reset(compiled.values);
    this.legend.show(compiled.values);
    this.panes.show(compiled);
    if (text === this.standing) return;
    this.standing = text;
    for (const listener of this.listeners) listener(text);
  }

  /** Puts the text into the settings, unless it is another one by then. */
  private async remember(text: string): Promise<void> {
    const setting = text === this.first ? undefined : await cellSetting(text, this.catalogue);
    if (text === this.editor.text) this.settings.set('cell', setting);
  }
}
