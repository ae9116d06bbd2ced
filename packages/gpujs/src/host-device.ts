import { type GpuKernels, type KernelSource, kernelsOf } from './cell.ts';
import { CompiledKernel } from './compile.ts';
import type { Device, Part, Plane, Run } from './device.ts';
import type { Gpu, GpuJs, GpuResult } from './gpu-js.ts';
import { concatenate } from './planes.ts';

/** Rows in the memory of the host. */
export interface HostRows extends Plane {
  readonly data: Float32Array;
  /** The same as an argument of a kernel. */
  readonly argument: unknown;
}

/**
 * gpu.js's modes that run on the host, `cpu` and `webasm`: JavaScript in double precision, rounded to float32 where a
 * kernel returns, and WebAssembly in float32. A plane is an array.
 */
export class HostDevice implements Device<HostRows> {
  readonly name: 'webasm' | 'cpu';
  readonly hoists = false;
  readonly ownsMemory = false;
  readonly parts: number = Number.POSITIVE_INFINITY;
  private readonly gpuJs: GpuJs;
  private readonly gpu: Gpu;
  private readonly kernels = new Map<KernelSource, CompiledKernel>();

  constructor(name: 'webasm' | 'cpu', gpuJs: GpuJs, gpu: Gpu) {
    this.name = name;
    this.gpuJs = gpuJs;
    this.gpu = gpu;
  }

  async prepare(kernels: GpuKernels): Promise<void> {
    const { name, gpu } = this;
    const type = name === 'cpu' ? 'Array' : 'Input';
    for (const kernel of kernelsOf(kernels)) {
      if (this.kernels.has(kernel)) return;
      this.kernels.set(
        kernel,
        new CompiledKernel(gpu, name, kernel, { planeType: type, functions: kernels.functions }),
      );
    }
  }

  async prepareTraining(): Promise<void> {}

  async upload(data: Float32Array, width: number): Promise<HostRows> {
    return this.plane(data, width);
  }

  async run({ kernel, width, rows, planes, numbers }: Run<HostRows>): Promise<HostRows> {
    const values = [...planes.map(({ argument }) => argument), ...numbers];
    const result = this.kernels.get(kernel)!.run(width, rows, values);
    return this.plane(flat(result, width * rows), width);
  }

  slice({ data, width }: HostRows, first: number, rows: number, height: number): HostRows {
    const part = data.subarray(first * width, (first + rows) * width);
    if (rows === height) return this.plane(part, width); // nothing writes into a plane
    const copy = new Float32Array(height * width);
    copy.set(part);
    return this.plane(copy, width);
  }

  async stack(parts: readonly Part<HostRows>[]): Promise<HostRows> {
    const { width } = parts[0]!.plane;
    return this.plane(concatenate(parts.map(({ plane, rows }) => plane.data.subarray(0, rows * width))), width);
  }

  async beside(left: HostRows, right: HostRows): Promise<HostRows> {
    const width = left.width + right.width;
    const data = new Float32Array(left.rows * width);
    for (let row = 0; row < left.rows; row++) {
      data.set(left.data.subarray(row * left.width, (row + 1) * left.width), row * width);
      data.set(right.data.subarray(row * right.width, (row + 1) * right.width), row * width + left.width);
    }
    return this.plane(data, width);
  }

  async times({ data, width }: HostRows, mask: HostRows): Promise<HostRows> {
    return this.plane(
      data.map((value, index) => value * mask.data[index]!),
      width,
    );
  }

  async plus({ data, width }: HostRows, right: HostRows): Promise<HostRows> {
    return this.plane(
      data.map((value, index) => value + right.data[index]!),
      width,
    );
  }

  async columns({ data, width: whole, rows }: HostRows, first: number, width: number): Promise<HostRows> {
    const part = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const start = row * whole + first;
      part.set(data.subarray(start, start + width), row * width);
    }
    return this.plane(part, width);
  }

  async download({ data }: HostRows): Promise<Float32Array> {
    return data.slice();
  }

  release(): void {}

  isLost(): boolean {
    return false;
  }

  private plane(data: Float32Array, width: number): HostRows {
    const rows = data.length / width;
    const argument =
      this.name === 'cpu'
        ? Array.from({ length: rows }, (_, row) => data.subarray(row * width, (row + 1) * width))
        : new this.gpuJs.Input(data, [width, rows]);
    return { data, width, rows, argument };
  }
}

/** A result's elements; its rows may be views of one array already. */
function flat(result: GpuResult | Promise<GpuResult>, length: number): Float32Array {
  const rows = result as Float32Array[];
  const { buffer, byteOffset } = rows[0]!;
  if (rows.length > 1 && rows[1]!.buffer !== buffer) return concatenate(rows);
  return new Float32Array(buffer, byteOffset, length);
}
