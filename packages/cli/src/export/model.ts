import { compile, type ExportedModel, layoutsOf, signatureOf } from '@congruent/codegen';
import {
  CongruentError,
  checkStack,
  type FloatArray,
  type LayerInDict,
  layersIn,
  layoutsOf as layoutsFrom,
  type StoredStateDict,
  stackIn,
} from '@congruent/runtime';
import { type Cell, defineCell, withLengths } from '@congruent/spec';
import { cells } from '../cells/cells.ts';
import { variantOf } from './cells.ts';
import { type FoundLayer, findLayer } from './find-layer.ts';

/** Weights by torch's names, or by those of a cell's first layout. */
export interface Weights {
  /** The file, as messages call it. */
  readonly path: string;
  readonly tensors: StoredStateDict;
  /** For each layer its states before the first step, in the order of the cell; default: zeros. */
  readonly initialStates?: readonly (readonly FloatArray[])[] | undefined;
}

/**
 * A cell with the weights of a file, its layers as one network of numbers for sizes.
 *
 * @param prefix  what stands before the names of its tensors in the file
 * @throws CongruentError EXPORT_WEIGHTS, EXPORT_LAYERS; CONGRUENT_STATE_DICT where weights do not fit the cell,
 *         CONGRUENT_OPTION where it cannot have so many layers
 */
export function modelOf(
  name: string,
  asked: Cell,
  file: Weights,
  prefix: string,
  header: ExportedModel['header'],
): ExportedModel {
  const found = findLayer(file.path, asked.name, namesOf(asked), file.tensors, prefix);
  const cell = variantOf(asked, Object.keys(found.tensors));
  const layers = layersOf(file.path, cell, found);
  const ofLayers = layers.map(({ dimensions }) => withLengths(cell, dimensions));
  const isStack = layers.length > 1;
  const whole = isStack ? networkOf(ofLayers) : ofLayers[0]!;
  const blocks = new Map(layers.flatMap((layer, at) => blocksOf(cell, layer, isStack ? `l${at}.` : '')));
  const tensors = whole.tensors.map(
    (tensor) => [tensor.name, joined(tensor.blocks.map((block) => blocks.get(block.name)!))] as const,
  );
  // Of a network the states are those of its layers, one layer after the other.
  const states = file.initialStates?.flat().map((state) => Float32Array.from(state));
  return { name, program: compile(whole), tensors: new Map(tensors), header, ...(states && { initialStates: states }) };
}

/** The names of a cell's tensors in a file, in the order of its first layout, but those with a matrix in them first. */
function namesOf(cell: Cell): readonly string[] {
  const [layout] = cell.layouts;
  if (!layout) throw new CongruentError('EXPORT_WEIGHTS', `${cell.name} has no parameters, and so no weights.`);
  const { parameters, states } = signatureOf(compile(cell));
  const endings = Object.values(parameters).flatMap(({ blocks, recurrent = states.length > 0 }) =>
    blocks.map((block) => [block, recurrent ? '_l0' : ''] as const),
  );
  const ending = new Map(endings);
  const matrices = new Set(cell.parameters.filter(({ shape }) => shape.length > 1).map((parameter) => parameter.name));
  const named = layout.tensors.map((tensor) => ({
    name: tensor.name + ending.get(tensor.blocks[0]!.name)!,
    hasMatrix: tensor.blocks.some((block) => matrices.has(block.name)),
  }));
  return named.toSorted((a, b) => Number(b.hasMatrix) - Number(a.hasMatrix)).map((tensor) => tensor.name);
}

/**
 * The layers in a file, in one direction.
 *
 * @throws CongruentError EXPORT_LAYERS, CONGRUENT_OPTION, CONGRUENT_STATE_DICT
 */
function layersOf(path: string, cell: Cell, { prefix, tensors }: FoundLayer): readonly LayerInDict[] {
  const signature = signatureOf(compile(cell));
  const layouts = layoutsOf(cell);
  const entries = new Map(Object.entries(tensors));
  const sizes = layoutsFrom(layouts).sizesIn('export', signature, '_l0', '', entries);
  const read = stackIn(entries, signature, '_l0', sizes);
  // Only the classes of torch may do without biases.
  const stack = { ...read, bias: read.bias || !cells.includes(cell) };
  if (stack.bidirectional) {
    const reason = 'its second direction begins with the last step, and an exported model runs step by step';
    const problem = `${path}: ${prefix || cell.name} is bidirectional: ${reason}`;
    throw new CongruentError('EXPORT_LAYERS', `${problem}. Export a model that was trained in one direction.`);
  }
  checkStack('export', stack, signature, stack.dimensions);
  if (stack.numLayers > 1 && cell.outputs.length > 1) {
    const outputs = cell.outputs.map((output) => output.name).join(', ');
    const problem = `${cell.name} has several outputs, ${outputs}, so that ${stack.numLayers} layers of it are no network`;
    throw new CongruentError('EXPORT_LAYERS', `${problem}. Write a cell that calls it once for each layer.`);
  }
  try {
    return layersIn(tensors, signature, layouts, stack);
  } catch (cause) {
    const { message } = cause as Error;
    throw Object.assign(cause as Error, { message: `${message} If these are of another cell, name that: --cell NAME` });
  }
}

/** Cells one above the other, as a network. */
function networkOf(layers: readonly Cell[]): Cell {
  const [first] = layers as readonly [Cell];
  const calls = layers.map((_, at) => `  l${at} = \${layer${at}}(${at === 0 ? 'x' : `l${at - 1}`})`);
  const text = [`layers(x[${first.inputs[0]!.shape}]) -> l${layers.length - 1}`, '', ...calls].join('\n');
  return defineCell(text, Object.fromEntries(layers.map((layer, at) => [`layer${at}`, layer])));
}

/** A layer's parameters one by one, as a network calls them. */
function blocksOf(cell: Cell, { tensors }: LayerInDict, instance: string): readonly (readonly [string, FloatArray])[] {
  return cell.tensors.flatMap(({ name, blocks }) => {
    const data = tensors[name]!;
    const size = data.length / blocks.length;
    return blocks.map((block, at) => [instance + block.name, data.subarray(at * size, (at + 1) * size)] as const);
  });
}

function joined(parts: readonly FloatArray[]): Float32Array {
  const whole = new Float32Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
