import type { RNNCellClass, RNNClass } from '../api/torch.ts';
import type { Backend } from '../backend/backend.ts';
import type { Mode } from '../backend/engine.ts';
import { CongruentError, describe } from '../errors.ts';
import { layerRules } from '../options/options.ts';
import { cellClass } from './cell-class.ts';
import type { Definition } from './definition.ts';
import { layerClass } from './layer-class.ts';
import { present } from './module-class.ts';
import { torchClass } from './torch.ts';

/** The cells that run an RNN; without the second `nonlinearity: 'relu'` is refused. */
export interface RNNCells<M extends Mode, B> {
  readonly rnn_tanh: Backend<M, B>;
  readonly rnn_relu?: Backend<M, B> | undefined;
}

/** torch has a message for each of the two classes. */
const unknown = { RNN: "Unknown nonlinearity '%'. Select from 'tanh' or 'relu'", RNNCell: 'Unknown nonlinearity: %' };

function definition<M extends Mode, B>(
  name: keyof typeof unknown,
  more: object,
  { rnn_tanh, rnn_relu }: RNNCells<M, B>,
): Definition<M, B> {
  const rule = { fallback: 'tanh', accepts: () => true, expected: '' };
  return torchClass(name, { ...more, nonlinearity: rule }, rnn_tanh, (where, { nonlinearity = 'tanh' }) => {
    if (nonlinearity === 'tanh') return rnn_tanh;
    if (nonlinearity === 'relu') return present(where, rnn_relu, "nonlinearity: 'relu'");
    throw new CongruentError(
      'CONGRUENT_OPTION',
      `${where}: ${unknown[name].replace('%', () => (typeof nonlinearity === 'string' ? nonlinearity : describe(nonlinearity)))}. ` +
        `Option nonlinearity must be 'tanh' or 'relu', got ${describe(nonlinearity)}.`,
    );
  });
}

/** The RNN of a backend. */
export const defineRNN = <M extends Mode, B, O = unknown>(cells: RNNCells<M, B>): RNNClass<M, O> =>
  layerClass(definition('RNN', layerRules(), cells)) as RNNClass<M, O>;

/** The RNNCell of a backend. */
export const defineRNNCell = <M extends Mode, B, O = unknown>(cells: RNNCells<M, B>): RNNCellClass<M, O> =>
  cellClass(definition('RNNCell', {}, cells)) as RNNCellClass<M, O>;
