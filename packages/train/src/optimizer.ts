import {
  CongruentError,
  dtypeOf,
  type FloatArray,
  type StateDict,
  type StoredStateDict,
  shapeText,
  type Tensor,
  zeros,
} from '@congruent/runtime';
import {
  type OptimizerState,
  type ParameterState,
  readOptimizerState,
  writeOptimizerState,
} from './optimizer-state.ts';
import { rate, resolve } from './option-rules.ts';
import { checkGradients, checkTensors, copied } from './tensor-records.ts';

/** One update of one parameter: what it reads. */
export interface Update {
  readonly parameter: FloatArray;
  readonly gradient: FloatArray;
  /** By the order of the rule's names; zeros before the first update. */
  readonly moments: readonly FloatArray[];
  /** Which update of this parameter it is, from 1. */
  readonly step: number;
  readonly lr: number;
}

/** What tells one kind of optimiser from another. */
export interface UpdateRule {
  /** torch's names of what is remembered of each parameter, e.g. `exp_avg`. */
  readonly moments: readonly string[];
  /** The parameter and the moments afterwards, in arrays of their own. */
  update(update: Update): { readonly parameter: FloatArray; readonly moments: readonly FloatArray[] };
}

/** What `Adam`, `AdamW` and `SGD` have in common. It keeps the state of each parameter by the parameter's name. */
export class Optimizer {
  readonly #name: string;
  readonly #rule: UpdateRule;
  #lr: number;
  #states: OptimizerState = new Map();

  protected constructor(name: string, lr: number, rule: UpdateRule) {
    this.#name = name;
    this.#lr = lr;
    this.#rule = rule;
  }

  /** The learning rate, which a schedule sets before a step. Throws CONGRUENT_OPTION for one that is no number ≥ 0. */
  get lr(): number {
    return this.#lr;
  }

  set lr(lr: number) {
    this.#lr = resolve(this.#name, { lr: rate() }, { lr })['lr'] as number;
  }

  /**
   * One step of training.
   *
   * @param parameters  tensors by name, e.g. `gru.stateDict()` or those of a file; not modified
   * @param gradients   of some or all of them, by the same names, e.g. `(await pullback(…)).parameters`; not modified.
   *                    A parameter without one stays as it is, and its state too
   * @returns all parameters after the step, in fresh tensors: give them to `loadStateDict`
   * @throws CONGRUENT_STATE_DICT for a gradient that no parameter has the name of
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE for a gradient, or a state that was loaded, unlike its parameter, and for a
   *         parameter of integers; a call that fails changes nothing
   * @example
   * const optimizer = new Adam({ lr: 0.01 });
   * const parameters = optimizer.step({ x: tensor([1, 2]) }, { x: tensor([0.5, -3]) });
   * parameters.x.data; // Float32Array [ 0.99, 2.01 ]
   */
  step<K extends string>(
    parameters: Readonly<Record<K, StoredStateDict[string]>>,
    gradients: StateDict,
  ): Record<K, Tensor> {
    const where = `${this.#name}.step`;
    const given = checkTensors(`${where}: parameters`, parameters);
    const known = checkGradients(where, gradients, given);
    for (const name of known.keys()) this.#checkState(where, name, given.get(name)!);
    const states = new Map(this.#states);
    const updated = [...given].map(([name, { data, shape }]): [string, Tensor] => {
      const gradient = known.get(name);
      if (gradient === undefined) return [name, copied(data, shape)];
      const before = states.get(name) ?? this.#firstState(data, shape);
      const step = before.step + 1;
      const { parameter, moments } = this.#rule.update({
        parameter: data,
        gradient: gradient.data,
        moments: before.moments,
        step,
        lr: this.#lr,
      });
      states.set(name, { step, shape: before.shape, moments });
      return [name, { data: parameter, shape: [...shape] }];
    });
    this.#states = states;
    return Object.fromEntries(updated) as Record<K, Tensor>;
  }

  /**
   * A copy of the state: for each parameter that was updated `<name>.step`, how often, as float64 scalar, and the
   * moments by torch's names. With it and the parameters, training goes on to the same bits. Options are not in it.
   */
  stateDict(): Record<string, Tensor> {
    return writeOptimizerState(this.#rule.moments, this.#states);
  }

  /**
   * Takes a state in place of its own. The data is copied.
   *
   * @param dict  what `stateDict` of the same kind of optimizer gave
   * @throws CONGRUENT_STATE_DICT, CONGRUENT_SHAPE, CONGRUENT_DTYPE when it does not fit; then nothing at all was loaded
   */
  loadStateDict(dict: StoredStateDict): void {
    this.#states = readOptimizerState(`${this.#name}.loadStateDict`, this.#rule.moments, dict);
  }

  #firstState(data: FloatArray, shape: readonly number[]): ParameterState {
    return { step: 0, shape: [...shape], moments: this.#rule.moments.map(() => zeros(dtypeOf(data), data.length)) };
  }

  /** A state that was loaded, or left by another parameter of the same name, might be unlike the parameter. */
  #checkState(where: string, name: string, { data, shape }: Tensor): void {
    const moment = this.#states.get(name)?.moments[0];
    if (moment === undefined) return;
    const remedy = 'Load the state that was saved with these parameters, or take a new optimizer.';
    const stateShape = shapeText(this.#states.get(name)!.shape);
    if (stateShape !== shapeText(shape)) {
      throw new CongruentError(
        'CONGRUENT_SHAPE',
        `${where}: ${name} has shape ${shapeText(shape)}, but the optimizer's state of it ${stateShape}. ${remedy}`,
      );
    }
    if (dtypeOf(moment) !== dtypeOf(data)) {
      throw new CongruentError(
        'CONGRUENT_DTYPE',
        `${where}: ${name} has the type ${dtypeOf(data)}, but the optimizer's state of it ${dtypeOf(moment)}. ${remedy}`,
      );
    }
  }
}
