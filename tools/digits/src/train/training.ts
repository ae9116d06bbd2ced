import type { StateDict, StoredStateDict, Tensor } from '@congruent/runtime';
import {
  Adam,
  clipGradNorm,
  crossEntropy,
  joinStateDicts,
  Linear,
  shuffledBatches,
  splitStateDict,
  takeRows,
} from '@congruent/train';
import { CLASSES, type Classifier, type Images, sequencesOf } from '../data.ts';
import { createRecurrent, type Recurrent, type RecurrentClasses } from '../recurrent.ts';
import { noise } from './noise.ts';
import type { Settings } from './settings.ts';

/** How far a run has come. */
export interface Progress {
  /** Whole passes over the images. */
  readonly epoch: number;
  /** Batches of the pass in hand. */
  readonly batch: number;
  /** Their losses, added up. */
  readonly lossSum: number;
  /** The mean loss of each whole pass. */
  readonly losses: readonly number[];
}

/** A run between two batches: all it takes to go on with the same bits. */
export interface Snapshot {
  readonly settings: Settings;
  readonly progress: Progress;
  /** `gru.…` or `lstm.…`, and `head.…`, as torch names them. */
  readonly model: StateDict;
  readonly optimizer: StoredStateDict;
}

const START: Progress = { epoch: 0, batch: 0, lossSum: 0, losses: [] };

/** Whether a run with these settings comes past this point. */
export function isOnTheWay({ epoch, batch, losses }: Progress, settings: Settings, { labels }: Images): boolean {
  const batches = epoch < settings.epochs ? Math.ceil(labels.length / settings.batchSize) : 1;
  return epoch <= settings.epochs && batch < batches && losses.length === epoch;
}

/** A classifier in training: a GRU or LSTM over the rows of an image, a linear layer on its last state, cross entropy, Adam. */
export class Training {
  readonly settings: Settings;
  private readonly images: Images;
  private readonly recurrent: Recurrent;
  private readonly head: Linear;
  private readonly optimizer: Adam;
  private epoch: { readonly batches: readonly (readonly number[])[]; readonly images: Tensor };
  private now: Progress = START;

  private constructor(settings: Settings, images: Images, recurrent: Recurrent) {
    const { hiddenSize, learningRate, seed } = settings;
    this.settings = settings;
    this.images = images;
    this.recurrent = recurrent;
    this.head = new Linear({ inFeatures: hiddenSize, outFeatures: CLASSES, seed });
    this.optimizer = new Adam({ lr: learningRate });
    this.epoch = this.drawEpoch(0);
  }

  static async create(backend: RecurrentClasses, settings: Settings, images: Images): Promise<Training> {
    const { cell, hiddenSize, seed } = settings;
    return new Training(settings, images, await createRecurrent(backend, cell, hiddenSize, { seed }));
  }

  /**
   * Goes on from a snapshot of a run with the same settings.
   *
   * @throws CongruentError where the tensors are not those of such a run
   */
  static async resume(backend: RecurrentClasses, { settings, ...saved }: Snapshot, images: Images): Promise<Training> {
    const training = await Training.create(backend, settings, images);
    training.load(saved.model);
    training.optimizer.loadStateDict(saved.optimizer);
    training.now = saved.progress;
    training.epoch = training.drawEpoch(saved.progress.epoch);
    return training;
  }

  get progress(): Progress {
    return this.now;
  }

  /** Batches of the whole run. */
  get batches(): number {
    return this.settings.epochs * this.epoch.batches.length;
  }

  get batchesDone(): number {
    return this.now.epoch * this.epoch.batches.length + this.now.batch;
  }

  get finished(): boolean {
    return this.now.epoch >= this.settings.epochs;
  }

  get snapshot(): Snapshot {
    return {
      settings: this.settings,
      progress: this.now,
      model: this.model(),
      optimizer: this.optimizer.stateDict(),
    };
  }

  get classifier(): Classifier {
    const { cell, hiddenSize } = this.settings;
    return { cell, recurrent: this.recurrent.stateDict(), head: this.head.stateDict(), hiddenSize };
  }

  /** Learns from one batch, and gives its mean loss. */
  async step(): Promise<number> {
    const { cell, hiddenSize, labelSmoothing, maxNorm, learningRate } = this.settings;
    const rows = this.epoch.batches[this.now.batch]!;
    const states = await this.recurrent.vjp(takeRows(this.epoch.images, rows));
    const logits = this.head.vjp({ data: states.hn.data, shape: [rows.length, hiddenSize] });
    const labels = rows.map((row) => this.images.labels[row]!);
    const { loss, gradient } = crossEntropy(logits.output, labels, { labelSmoothing });
    const head = logits.pullback(gradient);
    const recurrent = await states.pullback({ hn: { data: head.input.data, shape: states.hn.shape } });
    states.pullback.dispose();
    const { gradients } = clipGradNorm(joinStateDicts({ [cell]: recurrent.parameters, head: head.parameters }), {
      maxNorm,
    });
    this.optimizer.lr = learningRate * (1 - this.batchesDone / this.batches);
    this.load(this.optimizer.step(this.model(), gradients));
    this.advance(loss);
    return loss;
  }

  dispose(): void {
    this.recurrent.dispose();
  }

  private advance(loss: number): void {
    const { epoch, batch, losses } = this.now;
    const lossSum = this.now.lossSum + loss;
    const count = this.epoch.batches.length;
    if (batch + 1 < count) {
      this.now = { epoch, batch: batch + 1, lossSum, losses };
      return;
    }
    this.now = { epoch: epoch + 1, batch: 0, lossSum: 0, losses: [...losses, lossSum / count] };
    this.epoch = this.drawEpoch(epoch + 1);
  }

  /** The order and the noise of one pass. */
  private drawEpoch(epoch: number): { batches: number[][]; images: Tensor } {
    const { batchSize, pixelNoise, seed } = this.settings;
    const { pixels, labels } = this.images;
    const added = noise(pixels.length, seed, epoch);
    return {
      batches: shuffledBatches(labels.length, { batchSize, epoch, seed }),
      images: sequencesOf({ pixels: pixels.map((pixel, index) => pixel + pixelNoise * added[index]!), labels }),
    };
  }

  private model(): Record<string, Tensor> {
    return joinStateDicts({ [this.settings.cell]: this.recurrent.stateDict(), head: this.head.stateDict() });
  }

  private load(model: StateDict): void {
    const { cell } = this.settings;
    const parts = splitStateDict(model, [cell, 'head']);
    this.recurrent.loadStateDict(parts[cell]!);
    this.head.loadStateDict(parts['head']!);
  }
}
