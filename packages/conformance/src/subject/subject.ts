import type {
  BackendInfo,
  CongruentError,
  GRU,
  GRUCell,
  GRUCellClass,
  GRUCellOptions,
  GRUClass,
  GRUOptions,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  tensor,
} from '@congruent/runtime';

/** What a backend package exports. */
export interface BackendModule {
  readonly GRU: GRUClass;
  readonly GRUCell: GRUCellClass;
  readonly backend: BackendInfo;
  readonly tensor: typeof tensor;
  readonly packPaddedSequence: typeof packPaddedSequence;
  readonly padPackedSequence: typeof padPackedSequence;
  readonly packSequence: typeof packSequence;
  readonly padSequence: typeof padSequence;
  readonly CongruentError: typeof CongruentError;
}

/** The backend under test. */
export interface Subject extends BackendModule {
  /** The backend's own options for `create`, e.g. `{ device: 'webgpu' }`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What runs it, where the backend has a choice; `backend.supports` is then this device's. */
  readonly device: string | undefined;
  /** Where property-based checks start, and how many examples each tries. */
  readonly random: { readonly seed: number; readonly runs: number };
  createGRU(options: GRUOptions): Promise<GRU>;
  createCell(options: GRUCellOptions): Promise<GRUCell>;
}
