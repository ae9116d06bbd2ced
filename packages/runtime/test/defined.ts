import {
  type Backend,
  type BackendInfo,
  backendInfo,
  defineGRU,
  defineGRUCell,
  type GRUCellClass,
  type GRUClass,
  type Mode,
} from '../src/index.ts';

/** What the package of a backend exports. */
export const defined = <M extends Mode, B, O = unknown>(
  backend: Backend<M, B>,
): { GRU: GRUClass<M, O>; GRUCell: GRUCellClass<M, O>; backend: BackendInfo } => ({
  GRU: defineGRU({ gru: backend }),
  GRUCell: defineGRUCell({ gru: backend }),
  backend: backendInfo(backend),
});
