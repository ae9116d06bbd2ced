import type { Explorer, Settings } from '../explorer.ts';
import { openWorker } from '../open-worker.ts';
import { onTheme } from '../run/colours.ts';
import { Controls } from './controls.ts';
import { inWords } from './figures.ts';
import { LossCurve } from './loss-curve.ts';
import { Pace } from './pace.ts';
import type { Frame, Gaze, Opened, Report } from './protocol.ts';
import { Recent } from './recent.ts';
import { save } from './save.ts';
import { Stage } from './stage.ts';
import { type Choices, choicesIn, keep, kindOf } from './train-settings.ts';
import { TrainerLink } from './trainer-link.ts';
import './style.css';

/** Steps whose losses are shown as one number. */
const RECENT = 50;

/** Puts into an element of the page what trains the cell that stands. */
export function mountTraining(root: HTMLElement, explorer: Explorer): void {
  const view = new TrainingView(root, explorer);
  explorer.onCell((text) => view.train(text));
}

/** The gaze on a sequence that nobody has pointed at: on its last step. */
const FIRST_GAZE: Gaze = { sample: 0, asked: Number.POSITIVE_INFINITY };

class TrainingView {
  private readonly settings: Settings;
  private readonly controls: Controls;
  private readonly stage: Stage;
  private readonly link: TrainerLink;
  private text = '';
  private choices: Choices;
  private gaze = FIRST_GAZE;
  /** Whether the reader wants it to run. */
  private wanted = false;
  private curve = new LossCurve();
  private recent = new Recent(RECENT);
  private pace = new Pace();
  /** What is open in the worker; what comes before is of an earlier cell. */
  private opened: Opened | undefined;
  private trouble: string | undefined;

  constructor(root: HTMLElement, { settings, left }: Explorer) {
    this.settings = settings;
    const worker = openWorker('training', left, (reason) => this.receive({ kind: 'refused', reason }));
    this.link = new TrainerLink(worker, (report) => this.receive(report));
    this.choices = choicesIn(settings);
    this.controls = new Controls(
      this.choices,
      (choices) => this.change(choices),
      (choices) => this.turn(choices),
    );
    this.stage = new Stage(root, this.controls.bar, left, {
      run: (wanted) => this.run(wanted),
      step: () => this.step(),
      reset: () => this.open(),
      look: (gaze) => this.look({ ...this.gaze, ...gaze }),
      another: () => this.look({ ...this.gaze, sample: this.gaze.sample + 1 }),
      save: (format) => this.link.tell({ kind: 'save', format }),
    });
    onTheme(left, () => this.stage.draw());
    settings.onFollowed('train.', () => this.train(this.text));
  }

  /** Begins anew with another cell, and goes on at once where training ran. */
  train(text: string): void {
    this.text = text;
    this.choices = choicesIn(this.settings);
    this.controls.show(this.choices);
    this.open();
  }

  private change(choices: Choices): void {
    this.gaze = FIRST_GAZE;
    this.choices = choices;
    keep(this.settings, choices);
    this.open();
  }

  private turn(choices: Choices): void {
    this.choices = choices;
    keep(this.settings, choices);
    this.link.tell({ kind: 'rate', learningRate: choices.learningRate });
  }

  private open(): void {
    this.opened = undefined;
    this.trouble = undefined;
    this.curve = new LossCurve();
    this.recent = new Recent(RECENT);
    this.pace = new Pace();
    const { text, choices, gaze } = this;
    this.stage.prepare(kindOf(choices.task));
    this.link.tell({ kind: 'open', setup: { text, ...choices }, gaze });
    if (this.wanted) this.link.tell({ kind: 'run' });
  }

  private run(wanted: boolean): void {
    this.wanted = wanted;
    this.trouble = undefined;
    this.pace = new Pace();
    this.link.tell({ kind: wanted ? 'run' : 'pause' });
  }

  private step(): void {
    if (this.wanted) this.run(false);
    this.link.tell({ kind: 'step' });
  }

  private look(gaze: Gaze): void {
    this.gaze = gaze;
    this.link.tell({ kind: 'look', gaze });
  }

  private receive(report: Report): void {
    switch (report.kind) {
      case 'opened':
        this.opened = report;
        this.controls.showSizes(report.sizes);
        return;
      case 'refused':
        this.wanted = false;
        this.stage.refuse(report.reason);
        return;
      case 'failed':
        this.trouble = report.reason;
        return;
      case 'frame':
        if (this.opened) this.show(report, this.opened);
        return;
      case 'saved':
        save(report.download);
        return;
      case 'nothing':
        return;
      default:
        report satisfies never;
    }
  }

  private show(frame: Frame, { baseline, parameters }: Opened): void {
    const { steps, losses, gradientNorm, running, stopped, view } = frame;
    this.wanted &&= stopped === undefined;
    this.curve.add(losses);
    this.recent.add(losses);
    this.stage.show({
      points: this.curve.points,
      baseline,
      view,
      running,
      trouble: stopped ?? this.trouble,
      figures: {
        step: steps.toLocaleString('en'),
        loss: inWords(this.recent.mean),
        gradient: inWords(gradientNorm),
        'steps/s': running ? this.pace.at(performance.now(), steps).toFixed(0) : '–',
        parameters: parameters.toLocaleString('en'),
      },
    });
  }
}
