import type { GRUCellClass, GRUClass } from '../api/torch.ts';
import type { Backend } from '../backend/backend.ts';
import type { Mode } from '../backend/engine.ts';
import { flag } from '../options/option-rules.ts';
import { layerRules } from '../options/options.ts';
import { cellClass } from './cell-class.ts';
import type { Definition } from './definition.ts';
import { layerClass } from './layer-class.ts';
import { present } from './module-class.ts';
import { torchClass } from './torch.ts';

/** The cells that run a GRU; without the second `resetAfter: false` is refused. */
export interface GRUCells<M extends Mode, B> {
  readonly gru: Backend<M, B>;
  readonly gru_reset_before?: Backend<M, B> | undefined;
}

const definition = <M extends Mode, B>(
  name: string,
  more: object,
  { gru, gru_reset_before }: GRUCells<M, B>,
): Definition<M, B> =>
  torchClass(name, { ...more, resetAfter: flag(true) }, gru, (where, { resetAfter }) =>
    resetAfter === false ? present(where, gru_reset_before, 'resetAfter: false') : gru,
  );

/**
 * The GRU of a backend. A backend package is its `Backend`s, a call of each of these functions, marked as pure so that
 * a page is bundled without what it does not use, and the re-exports of the runtime; the README of this package shows it.
 */
export const defineGRU = <M extends Mode, B, O = unknown>(cells: GRUCells<M, B>): GRUClass<M, O> =>
  layerClass(definition('GRU', layerRules(), cells)) as GRUClass<M, O>;

/** The GRUCell of a backend. */
export const defineGRUCell = <M extends Mode, B, O = unknown>(cells: GRUCells<M, B>): GRUCellClass<M, O> =>
  cellClass(definition('GRUCell', {}, cells)) as GRUCellClass<M, O>;
