import { basename } from 'node:path';
import type { Layer } from '@congruent/models';
import { defineCell } from '@congruent/spec';
import { cellClassOf, classOf } from '../generate/class-names.ts';
import type { ModelFile } from './model-file.ts';
import { INVISIBLE } from './printable.ts';

/** Where the lines have the classes of a layer's own cell generated. */
const GENERATED = 'src/generated';

/** The backend that they are generated for. */
const BACKEND = 'wasm';

/** Steps of the input that the lines make, where it is a sequence. */
const STEPS = 4;

/** What runs a layer of a file. */
export interface Lines {
  /** The command before them, where the layer has a cell of its own. */
  readonly command?: string;
  /** A module of JavaScript. */
  readonly code: readonly string[];
}

/**
 * What runs a layer, on an input of zeros: as its class, or as that of its own cell, from its initial states, in its
 * direction, with its directions put together.
 */
export function linesFor(model: ModelFile, layer: Layer): Lines {
  const { Class, from, command } = classOfLayer(model, layer);
  const variable = layer.kind.toLowerCase().replace('cell', '');
  const { imports, packing, run } = layer.kind.endsWith('Cell') ? cellRun(layer, variable) : layerRun(layer, variable);
  const names = [...packing, 'tensor'];
  const code = [
    "import { readFile } from 'node:fs/promises';",
    `import { ${['readModel', ...imports].sort().join(', ')} } from '@congruent/models';`,
    ...(from === 'congruent'
      ? [`import { ${[Class, ...names].join(', ')} } from 'congruent';`]
      : [`import { ${names.join(', ')} } from '@congruent/${BACKEND}';`, `import { ${Class} } from '${from}';`]),
    '',
    ...opened(model),
    `const layer = ${found(model, layer)};`,
    `const ${variable} = await ${Class}.create(layer.options);`,
    `${variable}.loadStateDict(layer.parameters);`,
    '',
    ...run,
  ];
  return command === undefined ? { code } : { command, code };
}

interface ClassOfLayer {
  readonly Class: string;
  readonly from: string;
  readonly command?: string;
}

function classOfLayer(model: ModelFile, layer: Layer): ClassOfLayer {
  const { kind, cell } = layer;
  if (cell === undefined) return { Class: kind, from: 'congruent' };
  const own = defineCell(cell);
  const file = inShell(`${model.path}#${wordFor(model, layer)}`);
  const files = model.folder === undefined ? '' : ` --files ${inShell(model.folder)}`;
  return {
    Class: kind.endsWith('Cell') ? cellClassOf(own) : classOf(own),
    from: `./${GENERATED}/${own.name}.js`,
    command: `npx congruent generate ${file}${files} --backend ${BACKEND} --out ${GENERATED}`,
  };
}

/** What a command line calls a layer: its name, or its number where another has the name or a shell would read it otherwise. */
const wordFor = (model: ModelFile, layer: Layer): string =>
  isOnly(model, layer) && /^[\w@%+=:,./-]+$/.test(layer.name) ? layer.name : `${model.layers.indexOf(layer)}`;

const isOnly = ({ layers }: ModelFile, layer: Layer): boolean =>
  layers.every((other) => other === layer || other.name !== layer.name);

/** A word as a shell takes it for itself, whatever it holds. */
const inShell = (word: string): string =>
  /^[\w@%+=:,./#-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A string of JavaScript, in which nothing is invisible. */
const text = (value: string): string =>
  /^[\x20-\x7e]*$/.test(value) && !/[\\']/.test(value)
    ? `'${value}'`
    : JSON.stringify(value).replaceAll(INVISIBLE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The file read, with those that it refers to. */
function opened({ path, files }: ModelFile): readonly string[] {
  const bytes = `const bytes = await readFile(${text(path)});`;
  const read = `const { layers } = await readModel(bytes, { name: ${text(basename(path))}`;
  if (files.size === 0) return [bytes, `${read} });`];
  const each = [...files].map(([name, at]) => `  ${text(name)}: await readFile(${text(at)}),`);
  return [bytes, 'const files = {', ...each, '};', `${read}, files });`];
}

/** A layer by its name, or by its number where another has the name, too. */
const found = (model: ModelFile, layer: Layer): string =>
  isOnly(model, layer) && model.layers.length > 1
    ? `layers.find(({ name }) => name === ${text(layer.name)})`
    : `layers[${model.layers.indexOf(layer)}]`;

interface Run {
  /** Of @congruent/models. */
  readonly imports: readonly string[];
  /** Of the backend, beside the class and `tensor`. */
  readonly packing: readonly string[];
  readonly run: readonly string[];
}

const arrayOf = ({ options }: Layer): string => (options.dtype === 'float64' ? 'Float64Array' : 'Float32Array');

/** The features of an input. */
const inputSizeOf = ({ options }: Layer): number =>
  (options as { readonly sizes?: { readonly I?: number } }).sizes?.I ?? (options['inputSize'] as number);

/** One step. */
function cellRun(layer: Layer, variable: string): Run {
  const next = layer.kind === 'LSTMCell' ? '[h1, c1]' : 'h1';
  const width = inputSizeOf(layer);
  return {
    imports: [],
    packing: [],
    run: [
      `const input = tensor(new ${arrayOf(layer)}(${width}), [1, ${width}]); // [batch, features]`,
      `const ${next} = await ${variable}.forward(input${layer.initialStates ? ', layer.initialStates' : ''});`,
    ],
  };
}

/** A sequence. */
function layerRun(layer: Layer, variable: string): Run {
  const { imports, given, output } = honoured(layer);
  const states = layer.initialStates ? ', layer.initialStates' : '';
  const results = `${output === 'raw' ? 'output' : 'output: raw'}, ${layer.kind === 'LSTM' ? 'hn, cn' : 'hn'}`;
  return {
    imports,
    packing: layer.lengths ? ['packPaddedSequence', 'padPackedSequence'] : [],
    run: [
      inputLine(layer),
      ...(layer.lengths ? packingLines(layer, given) : []),
      `const { ${results} } = await ${variable}.forward(${layer.lengths ? 'packed' : given}${states});`,
      ...(output === 'raw' ? [] : [`const ${layer.merge === null ? '[forwards, backwards]' : 'output'} = ${output};`]),
    ],
  };
}

/** An input of zeros, for as many sequences as the layer is for. */
function inputLine(layer: Layer): string {
  const { lengths, initialStates, options } = layer;
  const [state] = [initialStates ?? []].flat();
  const batch = lengths?.length ?? state?.shape[1] ?? 1;
  const [steps, width] = [Math.max(...(lengths ?? [STEPS])), inputSizeOf(layer)];
  const [shape, axes] = options['batchFirst']
    ? [[batch, steps, width], '[batch, steps, features]']
    : [[steps, batch, width], '[steps, batch, features]'];
  return `const input = tensor(new ${arrayOf(layer)}(${shape.join(' * ')}), [${shape.join(', ')}]); // ${axes}`;
}

/** Sequences of different lengths. */
const packingLines = ({ options }: Layer, given: string): readonly string[] => [
  `const [batchFirst, totalLength] = [${options['batchFirst'] === true}, input.shape[${options['batchFirst'] ? 1 : 0}]];`,
  `const packed = packPaddedSequence(${given}, layer.lengths, { batchFirst, enforceSorted: false });`,
];

interface Honoured {
  readonly imports: readonly string[];
  /** What `forward` is given for the input. */
  readonly given: string;
  /** What is made of its output, `raw`. */
  readonly output: string;
}

/** The direction of a layer, the lengths of its sequences, and how its two directions are put together. */
function honoured({ reverse, reversedOutput, merge, lengths }: Layer): Honoured {
  const turned = (value: string, turns = reverse): string => (turns ? `reverseSteps(${value}, layer)` : value);
  const merger = merge === null ? 'splitDirections' : 'mergeDirections';
  const imports = [...(reverse ? ['reverseSteps'] : []), ...(merge === undefined ? [] : [merger])];
  const whole = lengths ? 'padPackedSequence(raw, { batchFirst, totalLength }).output' : 'raw';
  const raw = turned(whole, reverse && !reversedOutput);
  const output = merge === undefined ? raw : merge === null ? `${merger}(${raw})` : `${merger}(${raw}, layer.merge)`;
  return { imports, given: turned('input'), output };
}
