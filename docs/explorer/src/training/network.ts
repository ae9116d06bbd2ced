import { compile, signatureOf } from '@congruent/codegen';
import { dimensionNames, type LayerClass } from '@congruent/runtime';
import { type Cell, cell, defineCell, type Variable, withLengths } from '@congruent/spec';
import { layersOf } from '../run/layer.ts';

/** What a task gives and wants at a step. */
export interface Widths {
  readonly inputs: number;
  readonly outputs: number;
}

/** What a network calls its operands; its states are those of the cell. */
export interface NetworkNames {
  readonly inputs: readonly ['x'];
  readonly states: readonly string[];
  readonly outputs: readonly ['head'];
  readonly sizes: never;
}

const linear = cell`
  linear(x[I]) -> y

  y[O] = W @ x + b

  layout torch
    weight = [W]   bias = [b]
`;

/** The value that a network sees of a cell: its only output, otherwise the next value of its first state. */
const givenBy = ({ outputs, states }: Cell): Variable | undefined => (outputs.length === 1 ? outputs[0] : states[0]);

/** Why a cell cannot take a task; undefined where it can. */
export function obstacleTo(of: Cell, { inputs }: Widths): string | undefined {
  const [input, ...others] = of.inputs;
  if (input === undefined) return `${of.name} has no input, and the task gives one.`;
  if (others.length > 0) {
    const names = of.inputs.map(({ name }) => name).join(', ');
    return `${of.name} has the inputs ${names}, and the task gives one. Write a cell with a single input.`;
  }
  if (input.shape.length === 0) {
    return `The input ${input.name} of ${of.name} is a number, and the task gives vectors. Write ${input.name}[I].`;
  }
  const [length] = input.shape;
  if (typeof length === 'number' && length !== inputs) {
    const got = `The input of ${of.name} is ${input.name}[${length}], and that of the task has ${inputs} values`;
    return `${got}. Write ${input.name}[I].`;
  }
  const given = givenBy(of);
  if (given === undefined) return `${of.name} has several outputs, and no state that a layer above could take instead.`;
  if (given.shape.length === 1) return undefined;
  return `What ${of.name} gives, ${given.name}, is no vector, and the layer above needs one.`;
}

/** The names of the sizes that a task leaves open. */
export const openSizes = (of: Cell): readonly string[] =>
  dimensionNames(signatureOf(compile(of))).filter((name) => name !== of.inputs[0]?.shape[0]);

/**
 * A cell with a linear layer above it, all sizes being numbers: what is trained, and taken away. As a module of torch it has
 * the parts `rnn` and `head`, by which its parameters are named.
 *
 * @param of     a cell that nothing keeps from the task
 * @param sizes  those that the task leaves open, by name
 */
export function networkOf(of: Cell, { inputs, outputs }: Widths, sizes: Readonly<Record<string, number>>): Cell {
  const [length] = of.inputs[0]!.shape;
  const sized = withLengths(of, typeof length === 'string' ? { ...sizes, [length]: inputs } : sizes);
  const text = `
    ${of.name}_network(x[${inputs}]) -> head

    rnn = \${cell}(x)
    head[${outputs}] = \${linear}(rnn)
  `;
  return defineCell(text, { cell: sized, linear });
}

/** The class of a network's layers. */
export const networkLayers = (network: Cell): LayerClass<NetworkNames, 'sync'> =>
  layersOf(network) as unknown as LayerClass<NetworkNames, 'sync'>;
