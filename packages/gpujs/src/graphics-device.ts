import { CongruentError } from '@congruent/runtime';
import { type GpuKernels, inferenceKernels, type KernelSource, trainingKernels } from './cell.ts';
import { CompiledKernel } from './compile.ts';
import { type DataKernelName, dataKernels } from './data-kernels.ts';
import type { Device, Part, Plane, Run } from './device.ts';
import type { Gpu, GpuHandle, GpuJs, GpuResult } from './gpu-js.ts';
import { concatenate } from './planes.ts';

/** Rows in a texture or a storage buffer. */
export interface DeviceRows extends Plane {
  readonly handle: GpuHandle;
}

/** The parts of the kernel `stack`: WebGPU guarantees 8 buffers for a kernel, WebGL 8 textures. */
const STACK = 4;

/** What gpu.js calls the type of a plane that another kernel computed. */
const PLANE_TYPE = { webgpu: 'WebGPUBuffer', webgl2: 'ArrayTexture(1)', webgl: 'ArrayTexture(1)' } as const;

/** A run that is done only to have its kernel compiled. */
type WarmRun = (zero: DeviceRows) => Promise<DeviceRows>;

/** Everything that differs between the graphics interfaces. */
interface Parts {
  readonly name: keyof typeof PLANE_TYPE;
  readonly gpuJs: GpuJs;
  readonly gpu: Gpu;
  /** Whether the device or context was lost. */
  isLost(): boolean;
  /** The same after an error, which may come before the news of the loss. */
  wasLost(): Promise<boolean>;
  /** What went wrong on the device without an error of any call, such as memory that is used up. */
  failure(): string | undefined;
  /** Forgets what went wrong in gpu.js's own set-up, which no call is to blame for. */
  forget(): void;
  /** Lets go of the plane that was just read. */
  detach(): void;
}

/** gpu.js's modes on graphics hardware. Planes stay on the device until they are read or released. */
export class GraphicsDevice implements Device<DeviceRows> {
  readonly name: keyof typeof PLANE_TYPE;
  readonly hoists = true;
  readonly ownsMemory = true;
  readonly parts: number = STACK;
  private readonly gpuJs: GpuJs;
  private readonly lost: () => boolean;
  private readonly wasLost: () => Promise<boolean>;
  private readonly failure: () => string | undefined;
  private readonly forget: () => void;
  private readonly detach: () => void;
  private failed: string | undefined;
  private readonly gpu: Gpu;
  private readonly kernels = new Map<KernelSource, CompiledKernel>();
  private readonly prepared = new Map<GpuKernels, Promise<void>>();
  private readonly preparedTraining = new Map<GpuKernels, Promise<void>>();
  private readonly data: Readonly<Record<DataKernelName, CompiledKernel>>;

  private constructor({ name, gpuJs, gpu, isLost, wasLost, failure, forget, detach }: Parts) {
    this.name = name;
    this.gpuJs = gpuJs;
    this.gpu = gpu;
    this.lost = isLost;
    this.wasLost = wasLost;
    this.failure = failure;
    this.forget = forget;
    this.detach = detach;
    const { upload, stack, beside, times, plus, columns } = dataKernels;
    this.data = {
      upload: this.compiled(upload, 'Input'),
      stack: this.compiled(stack),
      beside: this.compiled(beside),
      times: this.compiled(times),
      plus: this.compiled(plus),
      columns: this.compiled(columns),
    };
  }

  /** Compiles what inference needs of any cell. */
  static async open(parts: Parts): Promise<GraphicsDevice> {
    const device = new GraphicsDevice(parts);
    await device.warm([
      (zero) => device.stack([{ plane: zero, rows: 1 }]),
      (zero) => device.beside(zero, zero),
      (zero) => device.times(zero, zero),
    ]);
    return device;
  }

  async prepare(kernels: GpuKernels): Promise<void> {
    await this.once(this.prepared, kernels, () => this.warm(this.runsOf(inferenceKernels(kernels), kernels)));
  }

  async prepareTraining(kernels: GpuKernels): Promise<void> {
    await this.once(this.preparedTraining, kernels, () =>
      this.warm([
        (zero) => this.plus(zero, zero),
        (zero) => this.columns(zero, 0, 1),
        ...this.runsOf(trainingKernels(kernels), kernels),
      ]),
    );
  }

  /** Does for a cell what is done once for it, and anew where it failed. */
  private async once(
    done: Map<GpuKernels, Promise<void>>,
    kernels: GpuKernels,
    work: () => Promise<void>,
  ): Promise<void> {
    if (!done.has(kernels)) {
      this.failed ??= this.failure(); // which setting up would forget
      const doing = work();
      done.set(kernels, doing);
      doing.catch(() => done.delete(kernels));
    }
    await done.get(kernels);
  }

  private compiled(
    source: ConstructorParameters<typeof CompiledKernel>[2],
    type?: string,
    functions?: readonly string[],
  ) {
    const { gpu, name } = this;
    return new CompiledKernel(gpu, name, source, {
      planeType: type ?? PLANE_TYPE[name],
      tiled: name !== 'webgpu',
      functions,
    });
  }

  /** A run of each kernel with zeros. */
  private runsOf(sources: readonly KernelSource[], { functions }: GpuKernels): readonly WarmRun[] {
    for (const source of sources) this.kernels.set(source, this.compiled(source, undefined, functions));
    return sources.map((kernel) => (zero) => {
      const planes = kernel.planes.map(() => zero);
      const numbers = [...kernel.dimensions, ...kernel.numbers].map(() => 0);
      return this.run({ kernel, width: 1, rows: 1, planes, numbers });
    });
  }

  /** Compiles kernels by running them: later runs never wait, so that sizes are set and read in one go. */
  private async warm(runs: readonly WarmRun[]): Promise<void> {
    const zero = await this.upload(new Float32Array(1), 1);
    const made = [zero];
    try {
      for (const run of runs) made.push(await run(zero));
    } finally {
      for (const plane of made) this.release(plane);
      this.forget();
    }
  }

  async upload(data: Float32Array, width: number): Promise<DeviceRows> {
    const rows = data.length / width;
    return await this.result(this.data.upload, width, rows, [new this.gpuJs.Input(data, [width, rows])]);
  }

  async run({ kernel, width, rows, planes, numbers }: Run<DeviceRows>): Promise<DeviceRows> {
    return await this.result(this.kernels.get(kernel)!, width, rows, [...handles(planes), ...numbers]);
  }

  slice(): never {
    throw new TypeError('everything is computed for all steps at once here');
  }

  async stack(parts: readonly Part<DeviceRows>[]): Promise<DeviceRows> {
    const planes = Array.from({ length: STACK }, (_, index) => (parts[index] ?? parts[0]!).plane);
    const ends: number[] = [];
    for (let index = 0; index < STACK; index++) ends.push((ends.at(-1) ?? 0) + (parts[index]?.rows ?? 0));
    return await this.result(this.data.stack, planes[0]!.width, ends.at(-1)!, [
      ...handles(planes),
      ...ends.slice(0, STACK - 1),
    ]);
  }

  async beside(left: DeviceRows, right: DeviceRows): Promise<DeviceRows> {
    const values = [...handles([left, right]), left.width];
    return await this.result(this.data.beside, left.width + right.width, left.rows, values);
  }

  async times(plane: DeviceRows, mask: DeviceRows): Promise<DeviceRows> {
    return await this.result(this.data.times, plane.width, plane.rows, handles([plane, mask]));
  }

  async plus(left: DeviceRows, right: DeviceRows): Promise<DeviceRows> {
    return await this.result(this.data.plus, left.width, left.rows, handles([left, right]));
  }

  async columns(plane: DeviceRows, first: number, width: number): Promise<DeviceRows> {
    return await this.result(this.data.columns, width, plane.rows, [...handles([plane]), first]);
  }

  async download({ handle, width, rows }: DeviceRows): Promise<Float32Array> {
    const nested = await this.guarded(() => {
      const rows = handle.toArray();
      this.detach();
      return rows;
    });
    this.failed ??= this.failure();
    if (this.failed !== undefined) {
      if (await this.wasLost()) throw this.lossFrom(this.failed);
      throw new CongruentError(
        'CONGRUENT_DEVICE',
        `device '${this.name}' failed (${this.failed}), and what it gives now is of no use. ` +
          'Create a new layer; where memory was used up, give it smaller batches or shorter sequences.',
      );
    }
    const flat = concatenate(nested.flat(2) as Float32Array[]);
    return flat.length > rows * width ? flat.slice(0, rows * width) : flat;
  }

  release({ handle }: DeviceRows): void {
    if (!this.lost()) handle.delete();
  }

  isLost(): boolean {
    return this.lost() || this.failed !== undefined;
  }

  private async result(
    kernel: CompiledKernel,
    width: number,
    rows: number,
    values: readonly unknown[],
  ): Promise<DeviceRows> {
    const handle = await this.guarded<GpuResult>(() => kernel.run(width, rows, values));
    return { width, rows, handle: handle as GpuHandle };
  }

  /** Gives errors their codes. A lost device answers with errors of all kinds, and with zeros. */
  private async guarded<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      if (this.lost()) throw new Error('it was lost before');
      const result = await work();
      if (this.lost()) throw new Error('what it gives now is of no use');
      return result;
    } catch (error) {
      if (error instanceof CongruentError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw (await this.wasLost())
        ? this.lossFrom(reason, { cause: error })
        : new CongruentError('CONGRUENT_DEVICE', `device '${this.name}' failed: ${reason}`, { cause: error });
    }
  }

  private lossFrom(reason: string, options?: ErrorOptions): CongruentError {
    return new CongruentError(
      'CONGRUENT_DEVICE_LOST',
      `device '${this.name}' was lost (${reason}). What was on it is gone; create a new layer and load its state dict.`,
      options,
    );
  }
}

const handles = (planes: readonly DeviceRows[]): GpuHandle[] => planes.map(({ handle }) => handle);
