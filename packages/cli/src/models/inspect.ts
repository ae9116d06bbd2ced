import type { Layer } from '@congruent/models';
import { describeLayer } from './describe-layer.ts';
import { linesFor } from './lines.ts';
import type { ModelFile } from './model-file.ts';
import { printable } from './printable.ts';
import { tensorTable, unreadLines } from './tensor-table.ts';

/** The formats whose layers are found by names and shapes, which do not say all of them. */
const BY_NAMES: readonly string[] = ['pytorch', 'safetensors'];

/**
 * What a model file has: its tensors, its layers, what may not be run and why, and the lines that run the others.
 *
 * @param all  every tensor gets a line
 */
export function inspect(model: ModelFile, all: boolean): readonly string[] {
  const { path, format, tensors, layers } = model;
  const counts = `${countOf(Object.keys(tensors).length, 'tensor')}, ${countOf(layers.length, 'recurrent layer')}`;
  const table = tensorTable(tensors, all);
  return [
    `${path}: ${format}, ${counts}`,
    ...(table.length > 0 ? ['', 'tensors', ...table] : []),
    ...unreadLines(model),
    ...(layers.length > 0 ? ['', 'layers', ...layerTable(layers)] : []),
    ...(layers.length > 0 ? untold(model) : noneFound(model)),
    ...groupsOf(layers).flatMap((group) => runLines(model, group)),
  ];
}

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** A line for each layer, with its number, and below it why it may not be run. */
function layerTable(layers: readonly Layer[]): readonly string[] {
  const width = Math.max(...layers.map((layer) => nameOf(layer).length));
  const digits = `${layers.length - 1}`.length;
  return layers.flatMap((layer, at) => [
    `  ${`${at}`.padStart(digits)}  ${nameOf(layer).padEnd(width)}  ${describeLayer(layer)}`,
    ...layer.notes.map((note) => `  ${' '.repeat(digits)}  not to be run: ${printable(note, 1000)}`),
  ]);
}

const nameOf = ({ name }: Layer): string => (name === '' ? '(no name)' : printable(name));

/** What was looked for. */
function noneFound({ format }: ModelFile): readonly string[] {
  if (BY_NAMES.includes(format)) {
    return ['', "no recurrent layer was found, by torch's names: weight_ih_l0, weight_hh_l0 behind any prefix"];
  }
  if (format !== 'onnx') return ['', 'no recurrent layer was found'];
  return [
    '',
    'no recurrent layer was found: no node is a GRU, LSTM or RNN. Where the model has such layers, its exporter wrote them',
    'out in other operators, and not as an LSTM or a GRU that is recognised: give the file that it was exported from',
  ];
}

/** What the user has to add, where the file cannot say it. */
function untold({ format, layers }: ModelFile): readonly string[] {
  const told = layers.some(({ options }) => options['batchFirst'] === true);
  const runs = layers.filter(({ notes, kind }) => notes.length === 0 && !kind.endsWith('Cell'));
  if (!BY_NAMES.includes(format) || told || runs.length === 0) return [];
  const hasRNN = runs.some(({ kind }) => kind === 'RNN');
  return [
    '',
    `a state dict does not say whether the batch comes first${hasRNN ? ', nor whether an RNN is one of tanh or of relu' : ''}.`,
    "Where the model was made with other options than torch's defaults, add them:",
    `create({ ...layer.options, batchFirst: true${hasRNN ? ", nonlinearity: 'relu'" : ''} })`,
  ];
}

/** Layers that the same lines run, but for names and sizes. */
function groupsOf(layers: readonly Layer[]): readonly (readonly [Layer, ...Layer[]])[] {
  const groups = new Map<string, [Layer, ...Layer[]]>();
  for (const layer of layers.filter(({ notes }) => notes.length === 0)) {
    const { kind, cell, initialStates, reverse, reversedOutput, lengths, merge, options } = layer;
    const key = JSON.stringify([
      kind,
      cell,
      !initialStates,
      reverse,
      reversedOutput,
      !lengths,
      `${merge}`,
      options.dtype,
      options['batchFirst'],
    ]);
    const group = groups.get(key);
    if (group) group.push(layer);
    else groups.set(key, [layer]);
  }
  return [...groups.values()];
}

function runLines(model: ModelFile, [first, ...others]: readonly [Layer, ...Layer[]]): readonly string[] {
  const { command, code } = linesFor(model, first);
  const numbers = rangesOf(others.map((layer) => model.layers.indexOf(layer)));
  return [
    '',
    `to run ${first.name === '' ? 'the layer' : nameOf(first)}:`,
    '',
    ...(command === undefined ? [] : [`  ${command}`, '']),
    ...code.map((line) => (line === '' ? '' : `  ${line}`)),
    ...(others.length === 0
      ? []
      : ['', `the same lines, with their names and sizes, run the layer${others.length > 1 ? 's' : ''} ${numbers}`]),
  ];
}

/** `1, 3–5` of 1, 3, 4, 5. */
function rangesOf(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range && range[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
}
