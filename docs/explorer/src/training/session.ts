import type { Cell } from '@congruent/spec';
import { cellOfText } from '../cell-of-text.ts';
import { type Download, downloadOf, type Format } from './downloads.ts';
import { networkLayers, networkOf, obstacleTo, openSizes } from './network.ts';
import type { Frame, Gaze, Opened, Setup, View } from './protocol.ts';
import { openTask } from './tasks/index.ts';
import type { Task } from './tasks/task.ts';
import { Trainer } from './trainer.ts';

/** A size of a cell that nobody has chosen. */
const USUAL_SIZE = 16;

/** Sequences of a batch. */
const SEQUENCES = 16;

/** What is trained, and on what. */
interface Trainable {
  readonly setup: Setup;
  readonly cell: Cell;
  readonly task: Task;
  /** The cell with its head. */
  readonly network: Cell;
  readonly sizes: Readonly<Record<string, number>>;
}

/** A network in training. */
export class Session {
  running = false;
  private readonly what: Trainable;
  private readonly trainer: Trainer;
  private losses: number[] = [];
  private gradientNorm = Number.NaN;
  private stopped: string | undefined;

  private constructor(what: Trainable, trainer: Trainer) {
    this.what = what;
    this.trainer = trainer;
  }

  /** A session, or why there is none. */
  static async open(setup: Setup): Promise<Session | string> {
    const cell = cellOfText(setup.text);
    const task = await openTask(setup.task, setup.steps);
    const obstacle = obstacleTo(cell, task);
    if (obstacle !== undefined) return obstacle;
    const sizes = Object.fromEntries(openSizes(cell).map((name) => [name, setup.sizes[name] ?? USUAL_SIZE]));
    const network = networkOf(cell, task, sizes);
    const trainer = await Trainer.create(task, networkLayers(network), { ...setup, sequences: SEQUENCES });
    return new Session({ setup, cell, task, network, sizes }, trainer);
  }

  get opened(): Opened {
    const { task, sizes } = this.what;
    const tensors = Object.values(this.trainer.parameters);
    const parameters = tensors.reduce((sum, { data }) => sum + data.length, 0);
    return { sizes, parameters, baseline: task.baseline };
  }

  set learningRate(rate: number) {
    this.trainer.learningRate = rate;
  }

  /** Trains with one batch. */
  step(): void {
    const { loss, gradientNorm } = this.trainer.step();
    this.gradientNorm = gradientNorm;
    if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) {
      this.losses.push(loss);
      return;
    }
    this.running = false;
    const what = Number.isFinite(loss) ? 'gradient' : 'loss';
    this.stopped = `The ${what} is no finite number any more, and the parameters stay as they were. Reset, with a lower learning rate.`;
  }

  /** What is new since the frame before. */
  frame(gaze: Gaze): Frame {
    const losses = Float32Array.from(this.losses);
    this.losses = [];
    const { steps } = this.trainer;
    const { gradientNorm, running, stopped } = this;
    return { steps, losses, gradientNorm, running, stopped, view: this.look(gaze) };
  }

  download(format: Format): Download {
    const { trainer } = this;
    const { task, cell, network, setup } = this.what;
    const about = [
      `${cell.name} and a linear layer, trained on the task ${setup.task}: ${trainer.steps} steps, seed ${setup.seed}.`,
      `A step takes ${task.inputs} values and gives ${task.outputs}.`,
    ];
    const name = `${cell.name}_${setup.task}`;
    const { parameters } = trainer;
    return downloadOf(format, { name, network, widths: task, parameters, about });
  }

  dispose(): void {
    this.trainer.dispose();
  }

  private look({ sample, asked }: Gaze): View {
    const { trainer } = this;
    const { task } = this.what;
    const shown = trainer.sample(sample);
    const at = Math.min(asked, task.steps - 1);
    const { output, influence } = trainer.look(shown, at);
    return {
      sample,
      asked: at,
      tracks: task.show(shown, output),
      influence,
      inputs: rowsOf(shown.input.data as Float32Array, task.inputs),
      outputs: rowsOf(output, task.outputs),
    };
  }
}

const rowsOf = (data: Float32Array, width: number): readonly Float32Array[] =>
  Array.from({ length: data.length / width }, (_, row) => data.slice(row * width, (row + 1) * width));
