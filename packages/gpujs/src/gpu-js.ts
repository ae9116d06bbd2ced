/// <reference path="./gpu-browser.d.ts" />
import { loaded } from './load.ts';

/** What is used of gpu.js; its own declarations leave half of this out. */
export interface GpuJs {
  readonly GPU: {
    new (settings: { mode: string }): Gpu;
    readonly isWebGL2Supported: boolean;
    readonly isWebGLSupported: boolean;
    readonly isWebAssemblySupported: boolean;
  };
  readonly Input: new (data: Float32Array, size: readonly number[]) => unknown;
  readonly WebGPUContext: { acquire(): Promise<{ readonly device: WebGPUDevice; readonly isLost: boolean }> };
}

/** One instance of gpu.js: one context and the kernels compiled in it. */
export interface Gpu {
  /** The class of its kernels: what runs them. */
  readonly Kernel: unknown;
  readonly context: WebGLContext | null;
  createKernel(source: string, settings: object): GpuKernel;
}

/** What is used of a WebGL context. */
export interface WebGLContext {
  isContextLost(): boolean;
  /** The first error since the last call of this, 0 where there was none. */
  getError(): number;
  readonly FRAMEBUFFER: number;
  readonly COLOR_ATTACHMENT0: number;
  readonly TEXTURE_2D: number;
  framebufferTexture2D(target: number, attachment: number, kind: number, texture: null, level: number): void;
}

/** A kernel that can be called; sizes are set before each call. */
export interface GpuKernel {
  (...values: unknown[]): GpuResult | Promise<GpuResult>;
  setOutput(size: readonly number[]): void;
  /** The object behind the call, replaced when gpu.js changes its mind about what runs it. */
  readonly kernel: { onRequestFallback: unknown; readonly fallbackReason?: string | null };
}

/** A handle of something on the device, or rows in the memory of the host. */
export type GpuResult = GpuHandle | Float32Array[];

export interface GpuHandle {
  toArray(): Nested | Promise<Nested>;
  delete(): void;
}

/** Rows, or layers of rows. */
export type Nested = readonly (Float32Array | Nested)[];

export interface WebGPUDevice {
  readonly lost: Promise<unknown>;
  addEventListener(type: 'uncapturederror', listener: (event: { readonly error: Error }) => void): void;
  destroy(): void;
}

/**
 * gpu.js, loaded when the first layer is made: its build for the web, which is part of this package. That for Node would
 * install OpenGL and WebGPU as machine code, for modes that are not used here. It is a CommonJS module: everything is on its
 * default export.
 */
export async function loadGpuJs(): Promise<GpuJs> {
  return (await loaded('gpu.js', import('gpu.js/dist/gpu-browser.js'))).default as GpuJs;
}
