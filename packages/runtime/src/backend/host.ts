import type { Hints } from '../hints/hints.ts';
import { syncDriver } from '../layers/driver.ts';
import type { Rules } from '../options/option-rules.ts';
import type { Layouts } from '../parameters/layouts.ts';
import type { Backend } from './backend.ts';
import type { Call, Engine, EngineOptions } from './engine.ts';
import { hostCall } from './host-call.ts';
import type { HostTraining } from './host-cell.ts';
import type { HostBuffer, HostKernels } from './host-kernels.ts';
import { hostLayer } from './host-layer.ts';
import { type CellSignature, widthOf } from './signature.ts';
import type { DeclaredSupports } from './supports.ts';

/** What is left to say of a backend that computes synchronously in the memory of the host. */
export interface HostTarget<B extends HostBuffer> {
  /** The name users see, e.g. `scalar`. */
  readonly name: string;
  readonly supports: Omit<DeclaredSupports, 'sync' | 'training'>;
  /** Options of `create` beyond torch's that `kernels` understands. */
  readonly options?: Rules;
  readonly signature: CellSignature;
  /** The kernels of one engine. */
  kernels(options: EngineOptions): HostKernels<B>;
  /** The same where something has to be waited for first, such as a module that is compiled. */
  load?(options: EngineOptions): Promise<HostKernels<B>>;
  /** As of a `Backend`. */
  readonly layouts?: Layouts | undefined;
  /** As of a `Backend`. */
  readonly hints?: Hints | undefined;
  /** `hostTraining`, where the kernels have `backward`: apart, so that inference can do without its code. */
  readonly training?: HostTraining | undefined;
}

/** A synchronous backend made of generated kernels: layers, calls, recording, pullbacks and streams over its buffers. */
export function hostBackend<B extends HostBuffer>({
  kernels,
  load,
  training,
  ...rest
}: HostTarget<B>): Backend<'sync', B> {
  const engine = (opened: HostKernels<B>): Engine<'sync', B> => hostEngine(rest.signature, opened, training);
  return {
    options: {},
    ...rest,
    driver: syncDriver,
    supports: { ...rest.supports, sync: true, training: training !== undefined },
    gradients: training?.gradients,
    open: async (options) => engine(await (load ?? kernels)(options)),
    openSync: (options) => engine(kernels(options)),
  };
}

function hostEngine<B extends HostBuffer>(
  signature: CellSignature,
  opened: HostKernels<B>,
  training: HostTraining | undefined,
): Engine<'sync', B> {
  // Let go of at disposal, so that whoever still holds a pullback or a stream holds no memory.
  let held: { kernels: HostKernels<B>; call: Call<'sync', B> } | undefined = {
    kernels: opened,
    call: { ...hostCall(opened.memory), ...training?.call(opened.memory) },
  };
  const kernels = (): HostKernels<B> | undefined => held?.kernels;
  return {
    device: opened.device,
    layer: (dimensions) => {
      const outputWidths = signature.outputs.map((output) => widthOf(output, dimensions));
      const weights = kernels()!.reserve?.(dimensions);
      return hostLayer({ signature, dimensions, outputWidths, kernels, weights }, training);
    },
    call: () => held!.call,
    dispose() {
      held = undefined;
    },
  };
}
