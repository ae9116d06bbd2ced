import { formatError, shortened, unsafeError } from '../errors.ts';
import {
  type Dict,
  type Instance,
  isOf,
  nameOf,
  type TensorView,
  type Unreadable,
  type Value,
  valueAt,
} from './values.ts';

/** What stands in a file under the names of a state dict. */
export interface Weights {
  readonly tensors: ReadonlyMap<string, TensorView | Unreadable>;
  /** The objects of modules by their names in the model, where the file has them. */
  readonly modules: ReadonlyMap<string, Instance>;
}

/** Where training scripts put a model's state dict in a checkpoint; the first that is there is taken. */
const KEYS: readonly string[] = [
  'state_dict',
  'model_state_dict',
  'model_state',
  'model',
  'net',
  'network',
  'module',
  'weights',
  'params',
];

/** Modules in modules, dicts in dicts; what is deeper, or in itself, is refused. */
const MAX_DEPTH = 64;

/**
 * The weights in what torch.save stored: a state dict, a checkpoint with one in it, or a module as a whole. The state of an
 * optimiser is none of them. Where a checkpoint has several (`generator`, `discriminator`), their keys stand before the
 * names, as a module's name would.
 *
 * @param fileBytes  the length of the file, which bounds the names together: what is in many places has many
 * @throws MODEL_FORMAT where there are none, saying what is there instead; MODEL_UNSAFE
 */
export function weightsOf(root: Value, fileBytes: number): Weights {
  const walk = new Walk(8 * fileBytes + 65_536);
  const parts = walk.partsOf(root, '', 0);
  for (const [name, part] of parts) walk.visit(part, parts.length === 1 ? '' : name, 0);
  if (walk.tensors.size > 0) return walk;
  const problem =
    isOf('instance', root) && isScripted(root)
      ? 'it is TorchScript whose weights have no names, because it is frozen or quantised'
      : `it holds no state dict, but ${nameOf(root)}`;
  throw formatError('PyTorch', '', problem, 'Save one: torch.save(model.state_dict(), path)');
}

const isTensor = (value: Value | undefined): value is TensorView | Unreadable =>
  isOf('tensor', value) || isOf('unreadable', value);

const isScripted = ({ of }: Instance): boolean => of.startsWith('__torch__.');

const isModule = (value: Value | undefined): value is Instance =>
  isOf('instance', value) && (isScripted(value) || valueAt(value.state, '_modules') !== undefined);

class Walk implements Weights {
  readonly tensors = new Map<string, TensorView | Unreadable>();
  readonly modules = new Map<string, Instance>();
  /** Steps and letters of names. */
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  /** The state dicts and modules in a value, with the keys that lead to them. */
  partsOf(value: Value, name: string, depth: number): readonly (readonly [string, Dict | Instance])[] {
    this.#spend(name, depth);
    if (isModule(value)) return [[name, value]];
    if (!isOf('dict', value) || isOptimiser(value)) return [];
    const key = KEYS.find((each) => this.#isWeights(value.entries.get(each)));
    if (key !== undefined) return [[name, value.entries.get(key) as Dict | Instance]];
    const inside = entriesOf(value).flatMap(([each, part]) => this.partsOf(part, joined(name, each), depth + 1));
    return this.#isWeights(value) ? [[name, value], ...inside] : inside;
  }

  /** A state dict or a module, whose names begin so. */
  visit(value: Dict | Instance, name: string, depth: number): void {
    this.#spend(name, depth);
    if (isOf('dict', value)) this.#addTensors(value, name);
    else this.#visitModule(value, name, depth);
  }

  #visitModule(value: Instance, name: string, depth: number): void {
    this.modules.set(name, value);
    const { state } = value;
    const [tensors, modules] = isScripted(value)
      ? [[state], state]
      : [[valueAt(state, '_parameters'), valueAt(state, '_buffers')], valueAt(state, '_modules')];
    for (const each of tensors) this.#addTensors(each, name);
    for (const [key, each] of entriesOf(modules)) {
      if (isModule(each)) this.visit(each, joined(name, key), depth + 1);
    }
  }

  #addTensors(value: Value | undefined, name: string): void {
    for (const [key, each] of entriesOf(value)) {
      const full = joined(name, key);
      this.#spend(full, 0);
      if (isTensor(each)) this.tensors.set(full, each);
    }
  }

  /** A module, or a dict with tensors by name. */
  #isWeights(value: Value | undefined): boolean {
    if (isOf('dict', value)) this.#left -= value.entries.size;
    return isModule(value) || entriesOf(value).some(([, each]) => isTensor(each));
  }

  #spend(name: string, depth: number): void {
    this.#left -= 1 + name.length;
    if (this.#left >= 0 && depth <= MAX_DEPTH) return;
    throw unsafeError(
      'PyTorch',
      `module ${shortened(name)}`,
      'there are modules in modules without an end',
      'Save the weights alone: torch.save(model.state_dict(), path)',
    );
  }
}

/** What `optimizer.state_dict()` gives; its averages have the parameters' shapes. */
const isOptimiser = ({ entries }: Dict): boolean => entries.has('param_groups');

const joined = (name: string, key: string): string => (name === '' ? key : `${name}.${key}`);

/** Those of a dict whose keys are names. */
const entriesOf = (value: Value | undefined): readonly (readonly [string, Value])[] =>
  isOf('dict', value)
    ? [...value.entries].flatMap(([key, each]) => (typeof key === 'string' ? [[key, each] as const] : []))
    : [];
