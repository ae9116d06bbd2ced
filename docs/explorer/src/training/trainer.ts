import { type LayerClass, type OwnLayer, type StateDict, shuffleRandom, type Tensor } from '@congruent/runtime';
import { Adam, clipGradNorm } from '@congruent/train';
import type { NetworkNames } from './network.ts';
import { largest } from './tasks/classes.ts';
import { lossOf } from './tasks/loss.ts';
import type { Batch, Task } from './tasks/task.ts';

export interface TrainerOptions {
  /** Decides the initial parameters and all batches: a safe integer. */
  readonly seed: number;
  readonly learningRate: number;
  /** Of a batch. */
  readonly sequences: number;
}

/** What came of a step of training. */
export interface Progress {
  readonly loss: number;
  /** Of the gradients of all parameters, before they are clipped. */
  readonly gradientNorm: number;
}

/** What a network does with a sequence. */
export interface Look {
  /** [steps, outputs] */
  readonly output: Float32Array;
  /** How much the output that was asked about moves with the input of each step: the norm of its gradient by that input. */
  readonly influence: Float32Array;
}

/** The longest gradient that is followed as it is. */
const MAX_NORM = 1;

/** Samples are drawn beyond all batches. */
const SAMPLES = 2 ** 31;

/** Trains a network on a task. What it computes follows from its options and the steps alone. */
export class Trainer {
  readonly #task: Task;
  readonly #network: OwnLayer<NetworkNames, 'sync'>;
  readonly #optimizer: Adam;
  readonly #options: TrainerOptions;
  #steps = 0;

  private constructor(task: Task, network: OwnLayer<NetworkNames, 'sync'>, options: TrainerOptions) {
    this.#task = task;
    this.#network = network;
    this.#optimizer = new Adam({ lr: options.learningRate });
    this.#options = options;
  }

  /** @param layers  the class of the network's layers */
  static async create(task: Task, layers: LayerClass<NetworkNames, 'sync'>, options: TrainerOptions): Promise<Trainer> {
    return new Trainer(task, await layers.create({ seed: options.seed }), options);
  }

  /** Steps that were taken. */
  get steps(): number {
    return this.#steps;
  }

  set learningRate(rate: number) {
    this.#optimizer.lr = rate;
  }

  /** The trained parameters. */
  get parameters(): StateDict {
    return this.#network.stateDict();
  }

  /** Trains with the next batch. Where the loss or a gradient is no finite number, the parameters stay as they are. */
  step(): Progress {
    const { seed, sequences } = this.#options;
    const { input, targets } = this.#task.batch(shuffleRandom(seed, this.#steps), sequences);
    const { output, pullback } = this.#network.vjp(input);
    const { loss, gradient } = lossOf(this.#task, output, targets);
    const { parameters } = pullback({ output: gradient });
    pullback.dispose();
    const { totalNorm, gradients } = clipGradNorm(parameters, { maxNorm: MAX_NORM });
    if (Number.isFinite(loss) && Number.isFinite(totalNorm)) {
      this.#network.loadStateDict(this.#optimizer.step(this.#network.stateDict(), gradients));
      this.#steps++;
    }
    return { loss, gradientNorm: totalNorm };
  }

  /** A sequence to look at. @param number  which one */
  sample(number: number): Batch {
    return this.#task.sample(shuffleRandom(this.#options.seed, SAMPLES + number));
  }

  /**
   * What the network does with a sequence, and which inputs moved its output after the step `asked`. Where there are several
   * outputs, it is the largest one.
   */
  look({ input }: Batch, asked: number): Look {
    const { output, pullback } = this.#network.vjp(input);
    const { input: slopes } = pullback({ output: oneOf(output, asked) });
    pullback.dispose();
    return { output: output.data as Float32Array, influence: normsOf(slopes) };
  }

  dispose(): void {
    this.#network.dispose();
  }
}

/** The gradient of the largest output of a step by all outputs. */
function oneOf({ data, shape }: Tensor, step: number): Tensor {
  const [, , outputs = 0] = shape;
  const given = data.subarray(step * outputs, (step + 1) * outputs) as Float32Array;
  const chosen = new Float32Array(data.length);
  chosen[step * outputs + largest(given)] = 1;
  return { data: chosen, shape };
}

/** The length of each row. */
function normsOf({ data, shape }: Tensor): Float32Array {
  const [steps = 0, , width = 0] = shape;
  return Float32Array.from({ length: steps }, (_, step) =>
    Math.hypot(...data.subarray(step * width, (step + 1) * width)),
  );
}
