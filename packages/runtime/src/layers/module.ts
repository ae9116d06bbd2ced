import type { Backend } from '../backend/backend.ts';
import type { Call, Engine, Layer, Mode } from '../backend/engine.ts';
import { disposable, disposedError } from '../disposable.ts';
import type { Steps } from '../drive.ts';
import { CongruentError } from '../errors.ts';
import type { Gradients } from '../gradients/gradients.ts';
import type { Source } from '../gradients/record.ts';
import { flag, resolve } from '../options/option-rules.ts';
import {
  initialWeights,
  type LayerParameters,
  layerWeights,
  type Parameter,
  storedParameters,
  type Weights,
} from '../parameters/parameters.ts';
import { type LoadResult, readStateDict, type StateDict, writeStateDict } from '../parameters/state-dict.ts';
import type { DType, Tensor } from '../tensor.ts';
import type { Stack } from './stack.ts';
import { begin, Turns } from './turns.ts';

/** What a module is made of; `assemble` makes it. */
export interface Parts<M extends Mode, B> {
  readonly backend: Backend<M, B>;
  readonly engine: Engine<M, B>;
  readonly parameters: readonly LayerParameters[];
  readonly layers: readonly Layer<M, B>[];
}

/** Makes the layers in an engine; on failure the engine is released. */
export function assemble<M extends Mode, B>(
  backend: Backend<M, B>,
  engine: Engine<M, B>,
  parameters: readonly LayerParameters[],
): Parts<M, B> {
  try {
    return { backend, engine, parameters, layers: parameters.map(({ dimensions }) => engine.layer(dimensions)) };
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

/** What GRU and GRUCell have in common: parameters, the order of operations, disposal. */
export abstract class Module<M extends Mode, B> {
  protected readonly mode: M;
  protected readonly turns: Turns;
  readonly #name: string;
  readonly #dtype: DType;
  readonly #seed: number;
  readonly #parts: Parts<M, B>;
  readonly #stored: readonly Parameter[];
  /** What the layers have loaded; nothing before it is needed, as most modules are given a state dict at once. */
  #weights: Weights | undefined;
  #disposed = false;
  declare readonly [Symbol.dispose]: () => void;

  static {
    disposable(Module.prototype);
  }

  protected constructor(
    name: string,
    parts: Parts<M, B>,
    options: { readonly dtype: DType; readonly seed: number } | undefined,
  ) {
    if (parts?.engine === undefined || options === undefined) {
      throw new CongruentError(
        'CONGRUENT_OPTION',
        `new ${name}() cannot be called: use await ${name}.create(options), or ${name}.createSync(options).`,
      );
    }
    this.#name = name;
    this.#dtype = options.dtype;
    this.#seed = options.seed;
    this.#parts = parts;
    this.#stored = storedParameters(parts.parameters);
    this.mode = parts.backend.mode;
    this.turns = new Turns(this.mode);
  }

  get device(): string | undefined {
    return this.#parts.engine.device;
  }

  stateDict(): Record<string, Tensor> {
    this.checkAlive('stateDict');
    return writeStateDict(this.#stored, this.weights());
  }

  loadStateDict(dict: StateDict, options: { readonly strict?: boolean | undefined } = {}): LoadResult {
    this.checkAlive('loadStateDict');
    const { strict } = resolve(`${this.#name}.loadStateDict`, { strict: flag(true) }, options);
    const read = readStateDict(this.#name, this.#stored, () => this.weights(), dict, strict === true, this.#dtype);
    const before = this.#weights;
    this.turns.run(() => {
      try {
        this.#load(read.weights);
      } catch (error) {
        if (before) this.#load(before); // a layer that failed half-way must not leave the others with new parameters
        throw error;
      }
    });
    this.#weights = read.weights;
    return { missingKeys: read.missingKeys, unexpectedKeys: read.unexpectedKeys };
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.turns.run(() => this.#parts.engine.dispose());
  }

  /** The gradients of the backend, and what they need of this module. */
  protected differentiable(stack: Stack<M, B>): { readonly gradients: Gradients; readonly source: Source<M, B> } {
    this.checkAlive('vjp');
    const { backend, parameters } = this.#parts;
    const { gradients } = backend;
    if (gradients === undefined) {
      throw new CongruentError(
        'CONGRUENT_UNSUPPORTED',
        `${this.#name}.vjp: backend '${backend.name}' has no gradients (backend.supports.training is false). ` +
          'Use a backend or an entry that has them, with the same state dict.',
      );
    }
    const source: Source<M, B> = {
      name: this.#name,
      mode: this.mode,
      dtype: this.#dtype,
      stack,
      parameters,
      weights: this.weights(),
      compute: (work) => this.compute(work),
      inTurn: (work) => {
        if (!this.#disposed) this.turns.run(work);
      },
      checkAlive: (method) => this.checkAlive(method),
    };
    return { gradients, source };
  }

  protected checkAlive(method: string): void {
    if (this.#disposed) throw disposedError(`${this.#name}.${method}`);
  }

  /** The parameters in use; the initial ones are drawn here and loaded, where there are no others yet. */
  protected weights(): Weights {
    if (this.#weights === undefined) {
      const initial = initialWeights(this.#parts.parameters, this.#dtype, this.#seed);
      this.turns.run(() => this.#load(initial));
      this.#weights = initial;
    }
    return this.#weights;
  }

  /**
   * A computation with buffers of its own, which are released however it ends. It may upload at once, so that the
   * caller's arrays are read before the call returns, and then must wait for its turn.
   */
  protected *compute<T>(work: (call: Call<M, B>, turn: Steps<void>) => Steps<T>): Steps<T> {
    this.weights();
    const turn = this.turns.take();
    try {
      const call = this.#parts.engine.call();
      try {
        return yield* work(call, begin(turn));
      } finally {
        call.end();
      }
    } finally {
      turn.end();
    }
  }

  #load(weights: Weights): void {
    const { layers, parameters } = this.#parts;
    layers.forEach((layer, i) => {
      layer.load(layerWeights(parameters[i]!, weights, this.#dtype));
    });
  }
}
