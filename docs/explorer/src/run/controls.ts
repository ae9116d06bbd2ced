import type { Settings } from '../explorer.ts';
import { element } from '../page/element.ts';
import { MOST, sizeOf, sizesIn, textOfSizes } from './sizes.ts';

/** Steps in a second that one can watch, the usual one in between. */
const SPEEDS = [4, 12, 30, 60, 240, 960] as const;
const USUAL = 30;

/** What the reader does with the controls. */
export interface Listeners {
  /** Runs, or no longer. */
  play(playing: boolean): void;
  step(): void;
  reset(): void;
  /** Other sizes, or other weights. */
  setup(): void;
}

/** Buttons and fields above the picture. What they say is kept in the page's settings. */
export class Controls {
  readonly bar: HTMLElement;
  private readonly settings: Settings;
  private readonly listeners: Listeners;
  private readonly play = button('Play');
  private readonly speed = element('select', 'ex-select', { 'aria-label': 'Steps per second that are shown' });
  private readonly sizes = element('span', 'ex-run-sizes');
  private running = false;

  constructor(settings: Settings, listeners: Listeners) {
    this.settings = settings;
    this.listeners = listeners;
    const [step, reset, weights] = [button('Step'), button('Reset'), button('New weights')];
    this.play.classList.add('ex-run-play');
    this.play.addEventListener('click', () => this.run(!this.running));
    step.addEventListener('click', () => {
      this.run(false);
      listeners.step();
    });
    reset.addEventListener('click', () => listeners.reset());
    weights.addEventListener('click', () => {
      settings.set('run.seed', `${this.seed + 1}`);
      listeners.setup();
    });
    this.speed.append(...SPEEDS.map((each) => element('option', '', { value: `${each}` }, `${each} steps/s`)));
    this.restore();
    this.speed.addEventListener('change', () => {
      settings.set('run.speed', this.speed.value === `${USUAL}` ? undefined : this.speed.value);
    });
    this.bar = element('div', 'ex-run-bar', {}, this.play, step, reset, this.speed, weights, this.sizes);
  }

  /** Shows the speed that the settings say. */
  restore(): void {
    this.speed.value = `${this.stepsPerSecond}`;
  }

  run(running: boolean): void {
    this.running = running;
    this.play.textContent = running ? 'Pause' : 'Play';
    this.listeners.play(running);
  }

  get seed(): number {
    const seed = Number(this.settings.get('run.seed'));
    return Number.isSafeInteger(seed) && seed >= 0 ? seed : 0;
  }

  get stepsPerSecond(): number {
    return SPEEDS.find((each) => `${each}` === this.settings.get('run.speed')) ?? USUAL;
  }

  get chosenSizes(): Readonly<Record<string, number>> {
    return sizesIn(this.settings.get('run.sizes'));
  }

  /** Fields for the sizes that the cell leaves open; one in which somebody writes stays as it is. */
  showSizes(sizes: Readonly<Record<string, number>>): void {
    const fields = Object.entries(sizes).map(([name, size]) => {
      const bounds = { type: 'number', min: '1', max: `${MOST}`, value: `${size}`, inputmode: 'numeric' };
      const field = element('input', 'ex-run-size', bounds);
      field.addEventListener('change', () => {
        field.value = `${sizeOf(Number(field.value))}`;
        this.settings.set('run.sizes', textOfSizes({ ...this.chosenSizes, [name]: Number(field.value) }));
        this.listeners.setup();
      });
      return element('label', 'ex-run-field', {}, name, field);
    });
    const labels = [...this.sizes.querySelectorAll('label')];
    if (labels.map(({ textContent }) => textContent).join() !== Object.keys(sizes).join()) {
      this.sizes.replaceChildren(...fields);
      return;
    }
    for (const { control, textContent: name } of labels) {
      if (control !== document.activeElement) (control as HTMLInputElement).value = `${sizes[name]}`;
    }
  }
}

const button = (text: string): HTMLButtonElement => element('button', 'ex-button', { type: 'button' }, text);
