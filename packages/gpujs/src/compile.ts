import { CongruentError } from '@congruent/runtime';
import type { KernelSource } from './cell.ts';
import type { DeviceName } from './device.ts';
import type { Gpu, GpuKernel, GpuResult } from './gpu-js.ts';

/** More than any sum has blocks; gpu.js ends loops of unknown length after this many rounds, by default 1000. */
const LOOP_LIMIT = 2 ** 20;

/** What every kernel is compiled with; everything that decides about accuracy is said, nothing left to gpu.js. */
const SETTINGS = {
  precision: 'single',
  tactic: 'precision',
  loopMaxIterations: LOOP_LIMIT,
  dynamicOutput: true,
  dynamicArguments: true,
  pipeline: true,
  immutable: true,
  output: [1, 1],
} as const;

/** A kernel that runs where it was asked to, or not at all. */
export class CompiledKernel {
  private readonly gpu: Gpu;
  private readonly device: DeviceName;
  private readonly kernel: GpuKernel;

  /** @param planeType  what gpu.js calls the type of a plane */
  constructor(gpu: Gpu, device: DeviceName, { source, planes, numbers }: Signature, planeType: string) {
    const types = [...planes.map((name) => [name, planeType]), ...numbers.map((name) => [name, 'Integer'])];
    this.gpu = gpu;
    this.device = device;
    this.kernel = gpu.createKernel(source.trim(), { ...SETTINGS, argumentTypes: Object.fromEntries(types) });
    this.kernel.kernel.onRequestFallback = () => this.refuse();
  }

  /** Runs it for a result of `rows` rows of `width` elements. */
  run(width: number, rows: number, values: readonly unknown[]): GpuResult | Promise<GpuResult> {
    // Between these two nothing else can run: the size is read before the call returns.
    this.kernel.setOutput([width, rows]);
    const result = this.kernel(...values);
    if (this.kernel.kernel.constructor !== this.gpu.Kernel) this.refuse();
    return result;
  }

  private refuse(): never {
    throw new CongruentError(
      'GRU_DEVICE',
      `device '${this.device}' cannot run a kernel (${this.kernel.kernel.fallbackReason ?? 'gpu.js gives no reason'}). ` +
        "Use another device, e.g. 'webasm'.",
    );
  }
}

type Signature = Pick<KernelSource, 'source' | 'planes' | 'numbers'>;

/** Makes functions of one number known to the kernels. */
export function addFunctions(gpu: Gpu, functions: readonly string[]): void {
  for (const source of functions) {
    const operand = /\((\w+)\)/.exec(source)![1]!;
    gpu.addFunction(source.trim(), { argumentTypes: { [operand]: 'Float' }, returnType: 'Float' });
  }
}
