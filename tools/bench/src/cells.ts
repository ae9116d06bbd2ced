import { type Cell, gru, lstm } from '@congruent/spec';
import { linear, network } from './networks.ts';

/** What a row, or a part of one, is about. */
export type CellName = 'gru' | 'lstm' | 'linear' | 'network';

export interface BenchCell {
  readonly cell: Cell;
  /** The class of its layers: torch's, which every package has, or one that is generated. */
  readonly className: string;
  readonly generated: boolean;
  /** As titles say it. */
  readonly title: string;
}

export const CELLS: Readonly<Record<CellName, BenchCell>> = {
  gru: { cell: gru, className: 'GRU', generated: false, title: 'GRU' },
  lstm: { cell: lstm, className: 'LSTM', generated: false, title: 'LSTM' },
  linear: { cell: linear, className: 'Linear', generated: true, title: 'linear layer' },
  network: { cell: network, className: 'Network', generated: true, title: 'Two GRUs and a linear layer' },
};

/** The states by name, in the order of the equations; the first is a layer's output. */
export const statesOf = (name: CellName): readonly string[] => CELLS[name].cell.states.map((state) => state.name);
