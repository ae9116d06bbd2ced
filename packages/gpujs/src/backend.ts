import {
  asyncDriver,
  type Backend,
  type CellLayouts,
  type CellSignature,
  gradients,
  hints,
  layoutsOf,
  type Rule,
} from '@congruent/runtime';
import type { Buffer } from './buffer.ts';
import type { GpuKernels } from './cell.ts';
import { DEVICE_NAMES, type DeviceName } from './device.ts';
import { openDevice } from './devices.ts';
import { GpuEngine } from './engine.ts';
import { loaded } from './load.ts';

/** This backend's own options. */
export interface GpuOptions {
  /** What runs the kernels; `auto`, the default, takes the first there is. `gru.device` says which it was. */
  readonly device?: DeviceName | 'auto' | undefined;
}

const names: readonly unknown[] = ['auto', ...DEVICE_NAMES];

const DEVICE: Rule = {
  fallback: 'auto',
  accepts: (value) => names.includes(value),
  expected: `one of ${names.map((name) => `'${name}'`).join(', ')}`,
};

/** What holds of every cell. */
export const about: Pick<Backend<'async'>, 'name' | 'supports' | 'devices' | 'options'> = {
  name: 'gpujs',
  supports: { sync: false, float64: false, training: true, deterministic: false, subnormals: false },
  devices: {
    webgpu: {},
    webgl2: {},
    webgl: {},
    webasm: { deterministic: true, subnormals: true },
    cpu: { subnormals: true },
  },
  options: { device: DEVICE },
};

/** A cell: what is generated of it, or how that is loaded. */
export interface Cell {
  readonly signature: CellSignature;
  readonly layouts: CellLayouts;
  readonly kernels: GpuKernels | (() => Promise<GpuKernels>);
}

/** A cell on the GPU. */
export const gpuBackend = ({ signature, layouts, kernels: given }: Cell): Backend<'async', Buffer> => ({
  ...about,
  driver: asyncDriver,
  signature,
  layouts: layoutsOf(layouts),
  hints,
  gradients,
  async open({ device: asked = 'auto' }) {
    const [device, kernels] = await Promise.all([
      openDevice(asked as DeviceName | 'auto'),
      typeof given === 'function' ? loaded(`the code of ${signature.name}`, given()) : given,
    ]);
    await device.prepare(kernels);
    return new GpuEngine({ signature, kernels }, device);
  },
});
