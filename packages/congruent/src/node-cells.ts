import type { GRUCells, LSTMCells, RNNCells } from '@congruent/runtime';
import { firstAvailable, saysUnavailable } from './first-available.ts';

/** The backends of single cells that classes are made of, as the entry `./cells` of a backend has them. */
export interface Cells {
  readonly gruCells: GRUCells<'sync', unknown>;
  readonly lstmCells: LSTMCells<'sync', unknown>;
  readonly rnnCells: RNNCells<'sync', unknown>;
}

/**
 * The cells of native where that is installed and runs, else those of wasm with scalar behind them, or scalar's in an engine
 * that was started without WebAssembly (`node --jitless`).
 */
export async function bestCells(): Promise<Cells> {
  try {
    return alone(await import('@congruent/native/cells'));
  } catch (error) {
    if (!saysUnavailable(error)) throw error;
  }
  const { WebAssembly } = globalThis as { readonly WebAssembly?: unknown };
  return WebAssembly === undefined ? alone(await import('@congruent/scalar/cells')) : await import('./cells.ts');
}

/** The cells of one backend, with nothing behind them. */
const alone = ({ gruCells, lstmCells, rnnCells }: Cells): Cells => ({
  gruCells: firstAvailable(gruCells),
  lstmCells: firstAvailable(lstmCells),
  rnnCells: firstAvailable(rnnCells),
});
