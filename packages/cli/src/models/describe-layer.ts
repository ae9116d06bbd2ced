import type { Layer } from '@congruent/models';
import { defineCell } from '@congruent/spec';

/** Sizes and what is not usual of a layer: `LSTM  8 → 16, 2 layers, bidirectional`. */
export function describeLayer(layer: Layer): string {
  const { kind, options, cell, initialStates, reverse, reversedOutput, lengths, merge } = layer;
  const parts = [
    `${kind}  ${sizesOf(options)}`.trimEnd(),
    ...(isMore(options['numLayers']) ? [`${options['numLayers']} layers`] : []),
    ...(options['bidirectional'] === true
      ? [`two directions${merge === undefined ? '' : `, ${MERGED[`${merge}`]}`}`]
      : []),
    ...(isMore(options['projSize'], 0) ? [`projected to ${options['projSize']}`] : []),
    ...(options['bias'] === false ? ['no biases'] : []),
    ...(options['resetAfter'] === false ? ['reset before the product'] : []),
    ...(options['nonlinearity'] === 'relu' ? ['relu'] : []),
    ...(options['batchFirst'] === true ? ['batch first'] : []),
    ...(options.dtype === 'float64' ? ['float64'] : []),
    ...(reverse ? [`from the last step to the first${reversedOutput ? ', and so its output' : ''}`] : []),
    ...(lengths ? [`sequences of ${lengthsOf(lengths)} steps`] : []),
    ...(initialStates ? ['initial states of its own'] : []),
    ...(cell ? [`equations of its own: ${defineCell(cell).name}`] : []),
  ];
  return parts.join(', ');
}

/** The lengths of a batch, of which there may be many. */
const lengthsOf = (lengths: readonly number[]): string =>
  lengths.slice(0, 8).join(', ') + (lengths.length > 8 ? ' …' : '');

const MERGED: Readonly<Record<string, string>> = {
  sum: 'added',
  mul: 'multiplied',
  ave: 'averaged',
  null: 'each an output',
};

const isMore = (value: unknown, than = 1): boolean => typeof value === 'number' && value > than;

/** Input to hidden size; of a cell of its own by the names of its dimensions. */
function sizesOf(options: Layer['options']): string {
  const { sizes } = options as { readonly sizes?: Readonly<Record<string, number>> };
  const { I = options['inputSize'], H = options['hiddenSize'], ...others } = sizes ?? {};
  const rest = Object.entries(others).map(([name, size]) => `${name} ${size}`);
  // Of a layer that may not be run they need not be known.
  return [...(I === undefined && H === undefined ? [] : [`${I ?? '?'} → ${H ?? '?'}`]), ...rest].join(', ');
}
