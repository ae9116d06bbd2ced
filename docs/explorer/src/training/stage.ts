import { element } from '../page/element.ts';
import type { Format } from './downloads.ts';
import { Figures, inWords } from './figures.ts';
import { LossPlot } from './loss-plot.ts';
import { Numbers } from './numbers.ts';
import { Picture } from './picture.ts';
import type { Gaze, Opened, View } from './protocol.ts';
import { summaryOf } from './summary.ts';
import type { TaskKind } from './tasks/task.ts';

/** What a reader can do. */
export interface Actions {
  run(wanted: boolean): void;
  step(): void;
  reset(): void;
  look(gaze: Partial<Gaze>): void;
  /** Another sequence. */
  another(): void;
  save(format: Format): void;
}

const FIGURES = ['step', 'loss', 'gradient', 'steps/s', 'parameters'] as const;

/** What is seen at a moment. */
export interface Scene {
  readonly points: readonly [steps: number[], losses: number[]];
  readonly baseline: Opened['baseline'];
  readonly view: View;
  readonly running: boolean;
  /** What went wrong, where something did. */
  readonly trouble: string | undefined;
  readonly figures: Readonly<Record<(typeof FIGURES)[number], string>>;
}

const FORMATS: Readonly<Record<Format, string>> = {
  wasm: '.wasm',
  js: 'JavaScript module',
  h: 'C header',
  safetensors: '.safetensors',
};

/** What the training part shows. */
export class Stage {
  private readonly about = element('p', 'ex-train-about');
  private readonly run = element('button', 'ex-button ex-train-run', { type: 'button' }, 'Train');
  private readonly needing: readonly HTMLButtonElement[];
  private readonly status = element('p', 'ex-train-status', { role: 'status' });
  private readonly figures = new Figures(FIGURES);
  private readonly untaught = element('span', '');
  private readonly loss: LossPlot;
  private readonly picture: Picture;
  /** What its lines are, for a task that has some. */
  private readonly keys = [key('ex-train-target', 'target'), key('ex-train-output', 'output')] as const;
  private readonly asked = element('input', '', { type: 'range', min: '1', value: '1' });
  private readonly summary = element('p', 'ex-train-summary', { id: 'ex-train-summary' });
  private readonly numbers = new Numbers();
  private running = false;

  /** @param left  aborted once the page is left */
  constructor(root: HTMLElement, bar: HTMLElement, left: AbortSignal, actions: Actions) {
    this.loss = new LossPlot(element('div', 'ex-train-loss', { role: 'img', 'aria-label': 'Loss' }), left);
    const button = (text: string, act: () => void): HTMLButtonElement => {
      const made = element('button', 'ex-button', { type: 'button' }, text);
      made.addEventListener('click', act);
      return made;
    };
    const [step, reset] = [button('Single step', () => actions.step()), button('Reset', () => actions.reset())];
    const another = button('Another sequence', () => actions.another());
    const formats = Object.entries(FORMATS) as readonly [Format, string][];
    const saves = formats.map(([format, text]) => button(text, () => actions.save(format)));
    this.needing = [this.run, step, reset, another, ...saves];
    this.run.addEventListener('click', () => actions.run(!this.running));
    const canvas = element('canvas', 'ex-train-picture', {
      role: 'img',
      'aria-label': 'The sequence, step by step',
      'aria-describedby': this.summary.id,
    });
    this.picture = new Picture(canvas, (asked) => actions.look({ asked }));
    this.asked.addEventListener('input', () => actions.look({ asked: Number(this.asked.value) - 1 }));
    root.classList.add('ex-train');
    root.setAttribute('aria-labelledby', 'ex-train-title');
    root.replaceChildren(
      element('h2', 'ex-train-title', { id: 'ex-train-title' }, 'Train it'),
      this.about,
      bar,
      element('div', 'ex-train-bar', {}, this.run, step, reset, this.figures.list),
      this.status,
      element('div', 'ex-train-plots', {}, this.lossFigure(), this.sequenceFigure(another)),
      element('div', 'ex-train-bar ex-train-away', {}, element('span', '', {}, 'Take the network away:'), ...saves),
      this.numbers.details,
    );
  }

  /** Before a network is there: what the task is. */
  prepare({ about }: TaskKind): void {
    this.about.textContent = about;
    this.say('');
    this.able(true);
  }

  /** There is no network, for a reason. */
  refuse(reason: string): void {
    this.say(reason);
    this.able(false);
    this.figures.clear();
    this.loss.clear();
    this.picture.show(undefined);
    this.numbers.clear();
    this.summary.textContent = '';
    this.untaught.textContent = '';
    this.showRunning(false);
  }

  show(scene: Scene): void {
    const { points, baseline, view, running, trouble, figures } = scene;
    this.figures.show(figures);
    this.loss.show(points, baseline.loss);
    this.picture.show(view);
    for (const each of this.keys) each.hidden = !view.tracks.some(({ kind }) => kind === 'lines');
    this.numbers.show(view, running);
    this.asked.max = `${view.influence.length}`;
    this.asked.value = `${view.asked + 1}`;
    this.summary.textContent = summaryOf(view);
    this.untaught.textContent = `dashed: ${inWords(baseline.loss)}, reached by ${baseline.by}`;
    this.loss.host.setAttribute('aria-label', `Loss over steps: ${figures.loss} after ${figures.step}`);
    this.showRunning(running);
    this.say(trouble ?? '');
  }

  /** In the colours that are now those of the page. */
  draw(): void {
    this.loss.draw();
    this.picture.draw();
  }

  private lossFigure(): HTMLElement {
    const caption = element('figcaption', '', {}, element('b', '', {}, 'Loss'), ' ', this.untaught);
    return element('figure', '', {}, caption, this.loss.host);
  }

  private sequenceFigure(another: HTMLElement): HTMLElement {
    const caption = element('figcaption', '', {}, element('b', '', {}, 'A sequence'), ' ');
    caption.append(
      this.keys[0],
      ' ',
      this.keys[1],
      ' ',
      key('ex-train-influence', 'how much an input moved the output after the chosen step'),
    );
    const asked = element('label', 'ex-train-asked', {}, 'Chosen step', this.asked);
    return element(
      'figure',
      '',
      {},
      caption,
      this.picture.canvas,
      element('div', 'ex-train-below', {}, asked, another),
      this.summary,
    );
  }

  private able(isAble: boolean): void {
    for (const button of this.needing) button.disabled = !isAble;
    this.asked.disabled = !isAble;
  }

  private say(trouble: string): void {
    if (this.status.textContent !== trouble) this.status.textContent = trouble;
  }

  private showRunning(running: boolean): void {
    this.running = running;
    const text = running ? 'Pause' : 'Train';
    if (this.run.textContent !== text) this.run.textContent = text;
  }
}

const key = (className: string, text: string): HTMLElement => element('span', `ex-train-key ${className}`, {}, text);
