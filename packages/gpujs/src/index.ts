import {
  type Backend,
  type BackendInfo,
  backendInfo,
  defineGRU,
  defineGRUCell,
  type GRUCellClass,
  type GRUClass,
  gradients,
} from '@congruent/runtime';
import type { Buffer } from './buffer.ts';
import type { DeviceName } from './device.ts';
import { openDevice } from './devices.ts';
import { GpuEngine } from './engine.ts';
import * as gru from './generated/gru.ts';

export * from '@congruent/runtime/public';
export type { DeviceName } from './device.ts';

/** This backend's own options. */
export interface GpuOptions {
  /** What runs the kernels; `auto`, the default, takes the first there is. `gru.device` says which it was. */
  readonly device?: DeviceName | 'auto' | undefined;
}

const gpujs: Backend<'async', Buffer> = {
  name: 'gpujs',
  mode: 'async',
  supports: { sync: false, float64: false, training: true, deterministic: false, subnormals: false },
  devices: {
    webgpu: {},
    webgl2: {},
    webgl: {},
    webasm: { deterministic: true, subnormals: true },
    cpu: { subnormals: true },
  },
  options: ['device'],
  signature: gru.signature,
  gradients,
  open: async ({ device = 'auto' }) => new GpuEngine(gru, await openDevice(device)),
};

/** torch.nn.GRU on the GPU. */
export const GRU: GRUClass<'async', GpuOptions> = /* @__PURE__ */ defineGRU(gpujs);

/** torch.nn.GRUCell on the GPU. */
export const GRUCell: GRUCellClass<'async', GpuOptions> = /* @__PURE__ */ defineGRUCell(gpujs);

/** The backend's name and what it supports. */
export const backend: BackendInfo = /* @__PURE__ */ backendInfo(gpujs);
