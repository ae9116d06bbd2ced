import { formatError, shortened, unsafeError } from '../errors.ts';
import type { Merge } from '../model.ts';
import { isJson, type Json, setting, snakeCase, textOf } from './json.ts';

/** A recurrent layer as the config of a model has it. */
export interface RecurrentConfig {
  /** Its own name, behind those of the models that it lies in: `encoder/lstm_1`. */
  readonly name: string;
  readonly kind: 'GRU' | 'LSTM' | 'RNN';
  /** `units`, the activations and the like. */
  readonly config: Json;
  /** The groups that its weights are in, in the files of Keras 3: `layers`, `lstm_1`, and in each direction `cell`. */
  readonly place: readonly string[];
  /** Two directions, and how they are put together. */
  readonly merge?: Merge;
  /** Why it may not be run. */
  readonly notes: readonly string[];
}

/** The classes of Keras and of TensorFlow.js, and the cells that keras.layers.RNN takes. */
const KINDS: Readonly<Record<string, RecurrentConfig['kind']>> = {
  GRU: 'GRU',
  GRUCell: 'GRU',
  LSTM: 'LSTM',
  LSTMCell: 'LSTM',
  SimpleRNN: 'RNN',
  SimpleRNNCell: 'RNN',
};

const DEEPEST = 64;

/** Where a layer is in a model. */
interface Place {
  /** What messages call the file. */
  readonly file: string;
  readonly names: readonly string[];
  readonly groups: readonly string[];
}

/**
 * Every recurrent layer of a model's config, those of models inside it included, in the order of the config.
 *
 * @param model  `{ class_name, config: { layers } }`, or as Keras 2.1 has it, `config: layers`
 * @param file   as messages call it, e.g. `Keras`
 * @throws MODEL_FORMAT, MODEL_UNSAFE for layers that are code
 */
export const recurrentConfigs = (model: Json, file: string): readonly RecurrentConfig[] =>
  layersIn(model, { file, names: [], groups: [] });

/** The layers of a Sequential, a Functional or a Model; `undefined` of another layer. */
function layersOf(model: Json): readonly unknown[] | undefined {
  const config = setting(model, 'config');
  const layers = isJson(config) ? config['layers'] : config;
  return Array.isArray(layers) ? layers : undefined;
}

function layersIn(model: Json, { file, names, groups }: Place): RecurrentConfig[] {
  if (names.length > DEEPEST) {
    throw formatError(file, '', `models lie in each other more than ${DEEPEST} deep`, 'Save the model again');
  }
  const counts = new Map<string, number>();
  return (layersOf(model) ?? []).filter(isJson).flatMap((layer) => {
    const group = snakeCase(textOf(layer, 'class_name') ?? '');
    const count = counts.get(group) ?? 0;
    counts.set(group, count + 1);
    const place = { file, names, groups: [...groups, 'layers', count === 0 ? group : `${group}_${count}`] };
    return recurrentIn(layer, place);
  });
}

function recurrentIn(layer: Json, place: Place): RecurrentConfig[] {
  const inside = setting(layer, 'config');
  const config = isJson(inside) ? inside : {};
  const className = textOf(layer, 'class_name') ?? '';
  const names = [...place.names, textOf(config, 'name') ?? textOf(layer, 'name') ?? className];
  const here = { ...place, names };
  refuseCode(layer, className, here);
  if (layersOf(layer)) return layersIn(layer, here);
  if (className === 'Bidirectional') return bidirectional(config, here);
  const wrappee = setting(config, 'layer');
  return isJson(wrappee) ? wrapped(className, wrappee, here) : recurrent(className, config, here);
}

/** A layer with one direction, if it is recurrent. */
function recurrent(className: string, config: Json, { names, groups }: Place): RecurrentConfig[] {
  const layer = { name: names.join('/'), place: groups };
  const kind = Object.hasOwn(KINDS, className) ? KINDS[className] : undefined;
  if (kind) return [{ ...layer, kind, config, notes: [] }];
  if (className === 'RNN') return [{ ...layer, ...cellOf(config) }];
  const unlike = /^(CuDNN|ConvLSTM)/.test(className);
  const near = className.includes('GRU') ? 'GRU' : 'LSTM';
  return unlike ? [{ ...layer, kind: near, config, notes: [`it is a ${className}, which is not read`] }] : [];
}

/** keras.layers.RNN around a cell: the flags are its own, the equations those of the cell. */
function cellOf(config: Json): Pick<RecurrentConfig, 'kind' | 'config' | 'notes'> {
  const cell = setting(config, 'cell');
  const className = isJson(cell) ? (textOf(cell, 'class_name') ?? '') : 'list of cells';
  const kind = Object.hasOwn(KINDS, className) ? KINDS[className] : undefined;
  const inner = isJson(cell) ? setting(cell, 'config') : undefined;
  if (kind && isJson(inner)) return { kind, config: { ...config, ...inner, name: config['name'] }, notes: [] };
  return { kind: 'RNN', config, notes: [`it is a RNN around a ${shortened(className)}, which is not read`] };
}

function bidirectional(config: Json, place: Place): RecurrentConfig[] {
  const layer = setting(config, 'layer');
  if (!isJson(layer)) return [];
  const inside = setting(layer, 'config');
  const className = textOf(layer, 'class_name') ?? '';
  refuseCode(layer, className, place);
  const merge = setting(config, 'merge_mode');
  const notes: string[] = [];
  if (isJson(inside) && setting(inside, 'go_backwards') === true) notes.push('its forward layer goes backwards');
  if (isJson(setting(config, 'backward_layer')) && !sameEquations(layer, setting(config, 'backward_layer') as Json)) {
    notes.push('its two directions have different equations');
  }
  if (merge !== null && !MERGES.includes(merge ?? 'concat')) notes.push(`its merge mode is ${shortened(`${merge}`)}`);
  return recurrent(className, isJson(inside) ? inside : {}, place).map((each) => ({
    ...each,
    merge: merge === undefined ? 'concat' : (merge as Merge),
    notes: [...each.notes, ...notes],
  }));
}

const MERGES: readonly unknown[] = ['concat', 'sum', 'mul', 'ave'];

/** A backward layer that its user gave. */
function sameEquations(forward: Json, backward: Json): boolean {
  const of = (layer: Json): string => {
    const config = setting(layer, 'config');
    const keys = ['units', 'activation', 'recurrent_activation', 'use_bias', 'reset_after'];
    return JSON.stringify([textOf(layer, 'class_name'), keys.map((key) => isJson(config) && setting(config, key))]);
  };
  return of(forward) === of(backward);
}

/** TimeDistributed runs a layer for each step, over another dimension than time; other wrappers change its weights, or more. */
const wrapped = (className: string, layer: Json, place: Place): RecurrentConfig[] =>
  recurrentIn(layer, { ...place, groups: [...place.groups, 'layer'] }).map((each) => ({
    ...each,
    notes: [...each.notes, `it is inside a ${shortened(className)}, which runs it otherwise than it is`],
  }));

/** Layers that are code, of Python in the file or of the user elsewhere, are named and never guessed at. */
function refuseCode(layer: Json, className: string, { file, names }: Place): void {
  const at = `layer ${shortened(names.join('/'))}`;
  const remedy = "Save its weights alone with save_weights('model.weights.h5') and read that";
  if (className === 'Lambda') throw unsafeError(file, at, 'it is a Lambda, Python code that is never run', remedy);
  const module = textOf(layer, 'module');
  const registered = textOf(layer, 'registered_name');
  const custom = (module !== undefined && !/^(keras|tf_keras|tensorflow)\b/.test(module)) || registered?.includes('>');
  if (custom || className.includes('>')) {
    const problem = `it is of the custom class ${shortened(registered ?? className)}, whose equations are not in the file`;
    throw formatError(file, at, problem, remedy);
  }
}
