import { gru, gruResetBefore, lstm, lstmProjected, rnnRelu, rnnTanh } from '@congruent/spec';
import type { Kind, KindOptions } from './kind.ts';

const ofGru = { layerClass: 'GRU', cellClass: 'GRUCell', equations: 'E1 E2 E3 E4', smooth: true } as const;

/** Every cell with classes, in the order in which the suite takes them. */
export const kinds: readonly Kind[] = [
  { cell: gru, options: {}, ...ofGru },
  { cell: gruResetBefore, options: { resetAfter: false }, ...ofGru },
  { cell: lstm, layerClass: 'LSTM', cellClass: 'LSTMCell', options: {}, equations: 'E1 E2 E3', smooth: true },
  {
    cell: lstmProjected,
    layerClass: 'LSTM',
    cellClass: undefined,
    options: { projSize: 2 },
    equations: 'E1 E2 E4',
    smooth: true,
  },
  { cell: rnnTanh, layerClass: 'RNN', cellClass: 'RNNCell', options: {}, equations: 'E1', smooth: true },
  {
    cell: rnnRelu,
    layerClass: 'RNN',
    cellClass: 'RNNCell',
    options: { nonlinearity: 'relu' },
    equations: 'E2',
    smooth: false,
  },
];

/** The kind that a class and its options make. */
export function kindOf(module: string, options: KindOptions): Kind | undefined {
  const className = module.replace('Cell', '');
  return kinds.find(
    ({ layerClass, options: own }) =>
      layerClass === className &&
      (own.resetAfter ?? true) === (options.resetAfter ?? true) &&
      (own.nonlinearity ?? 'tanh') === (options.nonlinearity ?? 'tanh') &&
      Boolean(own.projSize) === Boolean(options.projSize),
  );
}
