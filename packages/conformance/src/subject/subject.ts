import type {
  BackendInfo,
  CongruentError,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  tensor,
} from '@congruent/runtime';
import type { Kind } from '../kinds/kind.ts';
import type { ClassOf, Layers, Options, SingleStep } from './classes.ts';
import type { CellUnderTest, LayersUnderTest } from './layers.ts';

/** What every backend package exports, whatever classes it has. */
export interface BackendCommon {
  readonly backend: BackendInfo;
  readonly tensor: typeof tensor;
  readonly packPaddedSequence: typeof packPaddedSequence;
  readonly padPackedSequence: typeof padPackedSequence;
  readonly packSequence: typeof packSequence;
  readonly padSequence: typeof padSequence;
  readonly CongruentError: typeof CongruentError;
}

/** What a backend package exports: a class of layers at least, and what belongs to it. */
export type BackendModule = BackendCommon & Partial<BackendClasses>;

/** The classes of a backend. */
export type BackendClasses = Readonly<
  Record<Kind['layerClass'] | NonNullable<Kind['cellClass']>, { create(options: never): Promise<unknown> }>
>;

/** The backend under test. */
export interface Backend extends BackendCommon {
  readonly module: BackendModule;
  /** The backend's own options for `create`, e.g. `{ device: 'webgpu' }`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What runs it, where the backend has a choice; `backend.supports` is then this device's. */
  readonly device: string | undefined;
  /** Where property-based checks start, and how many examples each tries. */
  readonly random: { readonly seed: number; readonly runs: number };
}

/** One kind of layers of the backend under test. */
export interface Subject extends Backend {
  readonly kind: Kind;
  readonly layerClass: ClassOf<Layers>;
  /** Absent where the kind has none. */
  readonly cellClass: ClassOf<SingleStep>;
  createLayers(options: Options): Promise<LayersUnderTest>;
  createCell(options: Options): Promise<CellUnderTest>;
}
