import type { Explorer, Settings } from '../explorer.ts';
import { openWorker } from '../open-worker.ts';
import { element } from '../page/element.ts';
import { onTheme } from './colours.ts';
import { Comparison } from './comparison.ts';
import { Connection } from './connection.ts';
import { Controls } from './controls.ts';
import { Lines, textOf, type Unit } from './lines.ts';
import type { Opened } from './protocol.ts';
import { PERIOD } from './sequence.ts';
import { Timeline } from './timeline.ts';
import { UnitPicker } from './unit-picker.ts';
import './style.css';

/** Units that are lines from the start. */
const FIRST_LINES = 3;

/** Puts into an element of the page what runs the cell that stands, step by step. */
export function mountRun(root: HTMLElement, explorer: Explorer): void {
  const view = new RunView(root, explorer);
  explorer.onCell((text) => void view.open(text));
}

class RunView {
  private readonly settings: Settings;
  private readonly controls: Controls;
  private readonly comparison = new Comparison();
  private readonly timeline = new Timeline();
  private readonly lines: Lines;
  private readonly picker: UnitPicker;
  private readonly message = element('pre', 'ex-run-message', { role: 'status' });
  private readonly connection: Connection;
  private text = '';
  /** What runs; undefined where nothing does. */
  private opened: Opened | undefined;
  /** Counts what has been opened, so that answers about an earlier cell are known. */
  private opening = 0;
  private begun = false;
  private playing = false;
  private visible = false;
  /** Whether the worker is asked for steps, and whether all of them are to be computed anew after that. */
  private busy = false;
  private stale = false;
  /** The next step, from the last reset on. */
  private t = 0;
  /** Steps that are due, with a fraction, and when that was. */
  private due = 0;
  private last = 0;
  private next = 0;

  constructor(root: HTMLElement, { settings, left }: Explorer) {
    this.settings = settings;
    const worker = openWorker('run', left, (words) => {
      this.message.textContent = words;
    });
    this.connection = new Connection(worker);
    this.lines = new Lines(
      left,
      (unit) => this.timeline.numbers(unit),
      () => settings.set('run.lines', this.lines.units.map(textOf).join(',') || undefined),
    );
    this.picker = new UnitPicker((unit) => this.lines.toggle(unit));
    this.controls = new Controls(settings, {
      play: (playing) => this.play(playing),
      step: () => void this.advance(1),
      reset: () => this.restart(),
      setup: () => void this.open(this.text),
    });
    const compared = element('div', 'ex-run-compared', {}, this.comparison.table);
    const beside = element('div', 'ex-run-beside', {}, this.lines.part, this.picker.part, compared);
    root.classList.add('ex-run');
    root.replaceChildren(
      element('h2', 'ex-run-title', {}, 'Run it'),
      this.controls.bar,
      this.message,
      element('div', 'ex-run-body', {}, this.timeline.part, beside),
    );
    new IntersectionObserver((entries) => {
      this.visible = entries.at(-1)!.isIntersecting;
      this.play(this.playing);
    }).observe(root);
    onTheme(left, () => {
      this.timeline.redraw();
      this.lines.build();
    });
    settings.onFollowed('run.', () => {
      this.controls.restore();
      void this.open(this.text);
    });
  }

  /** Runs another cell, or the same with other sizes or weights. Where it cannot be run the last one stays, and says why. */
  async open(text: string): Promise<void> {
    this.text = text;
    this.opened = undefined; // nothing is asked of it any more, as the worker answers in order
    const opening = ++this.opening;
    const { chosenSizes: sizes, seed } = this.controls;
    try {
      const opened = await this.connection.ask({ kind: 'open', setup: { text, sizes, seed } });
      if (opening !== this.opening) return;
      this.message.textContent = '';
      this.show(opened);
    } catch (error) {
      if (opening === this.opening) this.message.textContent = (error as Error).message;
      return;
    }
    await this.sweep();
    if (opening !== this.opening) return;
    const speeds = await this.connection.ask({ kind: 'measure' });
    if (opening !== this.opening) return;
    this.comparison.showSpeeds(speeds);
    this.begin();
  }

  /** Plays what is there first, where the reader has nothing against motion. */
  private begin(): void {
    if (this.begun) return;
    this.begun = true;
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) this.controls.run(true);
  }

  private show(opened: Opened): void {
    this.opened = opened;
    this.busy = false;
    this.stale = false;
    this.controls.showSizes(opened.sizes);
    this.comparison.show(opened);
    const channels = (this.settings.get('run.inputs') ?? '').split('.');
    this.timeline.show(
      opened,
      channels,
      () => this.changed(),
      (unit) => this.lines.toggle(unit),
    );
    this.picker.show(opened.values);
    this.lines.show(linesIn(this.settings.get('run.lines'), opened));
  }

  /** All steps from the first on, at once, so that there is something to see. */
  private async sweep(): Promise<void> {
    this.timeline.clear();
    this.t = 0;
    await this.connection.ask({ kind: 'reset' });
    await this.advance(PERIOD);
  }

  private async advance(steps: number): Promise<void> {
    if (this.opened === undefined || this.busy) return;
    const [{ opening, t }, inputs] = [this, this.timeline.rows(this.t, steps)];
    this.busy = true;
    const { values, compared } = await this.connection.ask({ kind: 'step', steps, inputs });
    if (opening !== this.opening) return;
    this.busy = false;
    this.t = t + steps;
    this.timeline.set(t, steps, values);
    this.comparison.add(compared);
    this.lines.update();
    if (!this.stale) return;
    this.stale = false;
    await this.sweep();
  }

  /** An input is another: where nothing moves the picture follows at once, otherwise as its steps come. */
  private changed(): void {
    this.settings.set('run.inputs', this.timeline.text);
    if (!this.playing) this.restart();
  }

  private restart(): void {
    if (this.opened === undefined) return;
    if (this.busy) this.stale = true;
    else void this.sweep();
  }

  private play(playing: boolean): void {
    this.playing = playing;
    this.last = performance.now();
    this.due = 0;
    cancelAnimationFrame(this.next);
    if (playing && this.visible) this.next = requestAnimationFrame((now) => this.frame(now));
    else this.timeline.describe();
  }

  private frame(now: number): void {
    const elapsed = Math.max(0, now - this.last); // the first frame may have begun before it was asked for
    this.due = Math.min(PERIOD, this.due + (elapsed / 1000) * this.controls.stepsPerSecond);
    this.last = now;
    const steps = Math.floor(this.due);
    if (steps > 0 && !this.busy && this.opened !== undefined) {
      this.due -= steps;
      void this.advance(steps);
    }
    this.next = requestAnimationFrame((next) => this.frame(next));
  }
}

/** Units as the address has them, those that the cell has; the first ones of its last equation where there are none. */
function linesIn(text: string | undefined, { values }: Opened): readonly Unit[] {
  const units = [...(text ?? '').matchAll(/([^,[\]]+)\[(\d+)\]/g)].map(([, name, unit]) => ({
    name: name!,
    unit: Number(unit),
  }));
  const known = units.filter(({ name, unit }) => values.some((value) => value.name === name && unit < value.width));
  if (known.length > 0) return known;
  const { name, width } = values.at(-1)!;
  return Array.from({ length: Math.min(FIRST_LINES, width) }, (_, unit) => ({ name, unit }));
}
