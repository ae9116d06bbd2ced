import type { Backend } from '../backend/backend.ts';
import type { Call, Engine, Mode, Run } from '../backend/engine.ts';
import { disposable, disposedError } from '../disposable.ts';
import type { Steps } from '../drive.ts';
import { CongruentError } from '../errors.ts';
import type { Gradients } from '../gradients/gradients.ts';
import type { Source } from '../gradients/record.ts';
import { type Rules, resolve } from '../options/option-rules.ts';
import type { CommonOptions, Resolved } from '../options/options.ts';
import type { StateDictForm } from '../parameters/layouts.ts';
import { initialWeights, layerWeights, storedParameters, type Weights } from '../parameters/parameters.ts';
import {
  LOAD_RULES,
  type LoadOptions,
  type LoadResult,
  type ReadOptions,
  readStateDict,
  type StateDictOptions,
  type StoredStateDict,
  writeStateDict,
} from '../parameters/state-dict.ts';
import { type Tensor, zeros } from '../tensor.ts';
import type { Driver } from './driver.ts';
import type { StackShape } from './shape.ts';
import { type RowResults, type RowSequence, runRows, type Stack } from './stack.ts';
import { begin, type Turns } from './turns.ts';

/** What a module is made of; `assemble` makes it. */
export interface Parts<M extends Mode, B, O extends CommonOptions = CommonOptions> {
  readonly backend: Backend<M, B>;
  readonly engine: Engine<M, B>;
  readonly shape: StackShape;
  readonly stack: Stack<M, B>;
  readonly options: Resolved<O>;
  /** What the initial parameters follow from. */
  readonly width: number;
}

/** Makes the layers in an engine; on failure the engine is released. */
export function assemble<M extends Mode, B>(parts: Omit<Parts<M, B>, 'stack'>): Parts<M, B> {
  const { engine, shape } = parts;
  try {
    const stack = shape.layers.map((layer) => layer.map(({ dimensions }) => engine.layer(dimensions)));
    return { ...parts, stack };
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

/** What layers and cells have in common: parameters, the order of operations, disposal. */
export abstract class Module<M extends Mode, B> implements Source<M, B> {
  readonly driver: Driver<M>;
  readonly options: Resolved<CommonOptions>;
  readonly shape: StackShape;
  readonly stack: Stack<M, B>;
  readonly turns: Turns;
  readonly #parts: Parts<M, B>;
  /** State dicts with the tensors that layers take. */
  readonly #own: StateDictForm;
  /** What the layers have loaded; nothing before it is needed, as most modules are given a state dict at once. */
  #weights: Weights | undefined;
  #disposed = false;
  declare readonly [Symbol.dispose]: () => void;

  constructor(name: string, parts: Parts<M, B>) {
    if (parts?.engine === undefined) {
      throw new CongruentError('CONGRUENT_OPTION', `new ${name}(): use await ${name}.create(options).`);
    }
    this.options = parts.options;
    this.shape = parts.shape;
    this.stack = parts.stack;
    this.#parts = parts;
    const same = (weights: Weights): Weights => weights;
    this.#own = { parameters: storedParameters(parts.shape.layers.flat()), pack: same, unpack: same };
    this.driver = parts.backend.driver;
    this.turns = this.driver.turns();
  }

  get backend(): string {
    return this.#parts.engine.backend ?? this.#parts.backend.name;
  }

  get device(): string | undefined {
    return this.#parts.engine.device;
  }

  stateDict(options: StateDictOptions = {}): Record<string, Tensor> {
    this.checkAlive('stateDict');
    const { form } = this.#formFor('stateDict', options);
    return writeStateDict(form.parameters, form.pack(this.weights()));
  }

  loadStateDict(dict: StoredStateDict, options: LoadOptions = {}): LoadResult {
    this.checkAlive('loadStateDict');
    const { name, dtype } = this.shape;
    const { form, others } = this.#formFor('loadStateDict', options, LOAD_RULES);
    const { weights: loaded, ...result } = readStateDict(
      name,
      form.parameters,
      () => form.pack(this.weights()),
      dict,
      others as unknown as ReadOptions,
      dtype,
      this.#parts.backend.hints?.stateDict,
    );
    this.checkAlive('loadStateDict'); // a getter of the dict may have disposed of it
    const weights = form.unpack(loaded);
    const before = this.#weights;
    this.turns.run(() => {
      try {
        this.#load(weights);
      } catch (error) {
        if (before) this.#load(before); // a layer that failed half-way must not leave the others with new parameters
        throw error;
      }
    });
    this.#weights = weights;
    return result;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.turns.run(() => this.#parts.engine.dispose());
  }

  /**
   * Those of the backend.
   *
   * @throws CONGRUENT_UNSUPPORTED where it has none
   */
  protected gradients(): Gradients {
    const { gradients, name } = this.#parts.backend;
    if (gradients) return gradients;
    throw new CongruentError(
      'CONGRUENT_UNSUPPORTED',
      `${this.shape.name}.vjp: backend '${name}' has no gradients (backend.supports.training is false). Use another one.`,
    );
  }

  /** Runs rows through the stack; `outputs`: how many of the cell's are wanted. */
  protected *run(sequence: RowSequence, outputs: number): Steps<RowResults> {
    const { shape, stack } = this;
    if (!sequence.batchSizes[0]) {
      return { outputs: shape.outputs.map(() => zeros(shape.dtype, 0)), states: sequence.states };
    }
    return yield* this.compute<RowResults>((call, turn) =>
      runRows<M, B, Run<B>>(call, turn, stack, sequence, outputs, (layer, ...of) => layer.run(...of)),
    );
  }

  checkAlive(method: string): void {
    if (this.#disposed) throw disposedError(`${this.shape.name}.${method}`);
  }

  /** The parameters in use; the initial ones are drawn here and loaded, where there are no others yet. */
  weights(): Weights {
    // A getter of an operand may have disposed of it meanwhile.
    if (this.#disposed) throw disposedError(this.shape.name);
    if (this.#weights === undefined) {
      const { shape, options } = this;
      const initial = initialWeights(shape.layers.flat(), shape.dtype, options.seed, this.#parts.width);
      this.turns.run(() => this.#load(initial));
      this.#weights = initial;
    }
    return this.#weights;
  }

  /**
   * A computation with buffers of its own, which are released however it ends. It may upload at once, so that the
   * caller's arrays are read before the call returns, and then must wait for its turn.
   */
  *compute<T>(work: (call: Call<M, B>, turn: Steps<void>) => Steps<T>): Steps<T> {
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

  stateDictForm(where = '', layout = ''): StateDictForm {
    const { layouts, signature } = this.#parts.backend;
    return layouts?.formOf(where, signature, this.shape.layers.flat(), layout) ?? this.#own;
  }

  /** The form of the layout that a method's options name, and its other options, which have these rules. */
  #formFor(method: string, options: StateDictOptions, rules?: Rules): { form: StateDictForm; others: object } {
    const where = `${this.shape.name}.${method}`;
    const { layout, ...others } = resolve(where, { ...this.#parts.backend.layouts?.rules, ...rules }, options);
    return { form: this.stateDictForm(where, layout as string | undefined), others };
  }

  #load(weights: Weights): void {
    const { dtype, layers } = this.shape;
    this.stack.forEach((directions, i) => {
      directions.forEach((layer, j) => {
        layer.load(layerWeights(layers[i]![j]!, weights, dtype));
      });
    });
  }
}

disposable(Module.prototype); // not in a static block, which React Native's Babel preset refuses
