import type { LSTMCellClass, LSTMClass } from '../api/torch.ts';
import type { Backend } from '../backend/backend.ts';
import type { Mode } from '../backend/engine.ts';
import { CongruentError } from '../errors.ts';
import type { Rule } from '../options/option-rules.ts';
import { layerRules } from '../options/options.ts';
import { cellClass } from './cell-class.ts';
import { layerClass } from './layer-class.ts';
import { present } from './module-class.ts';
import { torchClass } from './torch.ts';

/** The cells that run an LSTM; without the second `projSize` is refused. */
export interface LSTMCells<M extends Mode, B> {
  readonly lstm: Backend<M, B>;
  readonly lstm_projected?: Backend<M, B> | undefined;
}

const PROJ_SIZE: Rule = {
  fallback: 0,
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  expected: 'an integer ≥ 0',
  torch: 'proj_size should be a positive integer or zero to disable projections',
};

/** The LSTM of a backend. */
export const defineLSTM = <M extends Mode, B, O = unknown>({
  lstm,
  lstm_projected,
}: LSTMCells<M, B>): LSTMClass<M, O> =>
  layerClass({
    ...torchClass('LSTM', { ...layerRules(), projSize: PROJ_SIZE }, lstm, (where, options) => {
      const { projSize = 0, hiddenSize = Infinity } = options as { projSize?: number; hiddenSize?: number };
      if (projSize >= hiddenSize) {
        throw new CongruentError(
          'CONGRUENT_OPTION',
          `${where}: proj_size has to be smaller than hidden_size, ${hiddenSize}.`,
        );
      }
      return projSize > 0 ? present(where, lstm_projected, 'projSize') : lstm;
    }),
    hint: (has) => ({ projSize: Number(has('weight_hr_l0')) }),
  }) as LSTMClass<M, O>;

/** The LSTMCell of a backend. */
export const defineLSTMCell = <M extends Mode, B, O = unknown>({
  lstm,
}: Pick<LSTMCells<M, B>, 'lstm'>): LSTMCellClass<M, O> =>
  cellClass(torchClass('LSTMCell', {}, lstm)) as LSTMCellClass<M, O>;
