import type { Gradients } from '../gradients/gradients.ts';
import type { Call, RecordedRun, Sequence } from './engine.ts';
import type { HostBuffer, HostKernels, HostMemory } from './host-kernels.ts';
import type { CellSignature, Dimensions } from './signature.ts';

/** One cell of certain sizes in an engine. */
export interface HostCell<B extends HostBuffer> {
  readonly signature: CellSignature;
  readonly dimensions: Dimensions;
  /** Elements of a row of each output. */
  readonly outputWidths: readonly number[];
  /** Those of the engine; undefined once it is disposed of. */
  kernels(): HostKernels<B> | undefined;
  /** Those in use, as the kernels prepared them. */
  weights: unknown;
}

/** The part of a host backend that only gradients need. */
export interface HostTraining {
  readonly gradients: Gradients;
  call<B extends HostBuffer>(memory: HostMemory<B>): Partial<Call<'sync', B>>;
  record<B extends HostBuffer>(cell: HostCell<B>, sequence: Sequence<B>): RecordedRun<'sync', B>;
}
