import { CongruentError } from '@congruent/runtime';
import { DEVICE_NAMES, type Device, type DeviceName } from './device.ts';
import { type Gpu, type GpuJs, loadGpuJs } from './gpu-js.ts';
import { GraphicsDevice } from './graphics-device.ts';
import { HostDevice } from './host-device.ts';
import { findWebGPU, withNavigatorGpu } from './node-webgpu.ts';
import { compilesWebAssembly, makesFunctions } from './permitted.ts';

/** The devices in use, each with its compiled kernels, for all layers of the process. */
const opened = new Map<DeviceName, Promise<Device>>();

/**
 * The device asked for, compiled and ready; `auto` takes the first there is, WebGPU only where it is hardware.
 *
 * @throws CONGRUENT_DEVICE for a device that is not there; nothing else is taken in its place
 */
export async function openDevice(asked: DeviceName | 'auto'): Promise<Device> {
  const gpuJs = await loadGpuJs();
  const name = asked === 'auto' ? await firstAvailable(gpuJs) : asked;
  if (name && (opened.has(name) || (await isAvailable(name, gpuJs, false)))) return await sharedDevice(name, gpuJs);
  const available = await availableDevices(gpuJs);
  const wanted = name ? `device '${name}' is not` : 'no device is';
  const others = available.length > 0 ? "Use one of these, or 'auto'." : 'Use @congruent/scalar, which needs nothing.';
  throw new CongruentError(
    'CONGRUENT_DEVICE',
    `create: ${wanted} available here; available: ${available.join(', ') || 'none'}. ` +
      `${name ? REMEDIES[name] : FORBIDDEN}${others}`,
  );
}

const REMEDIES: Readonly<Record<DeviceName, string>> = {
  webgpu: 'In Node, WebGPU needs the package webgpu (npm install webgpu) and a driver. ',
  webgl2: 'WebGL needs a browser. ',
  webgl: 'WebGL needs a browser. ',
  webasm: "It compiles WebAssembly, for which a Content-Security-Policy needs 'wasm-unsafe-eval' in script-src. ",
  cpu: "It makes functions of text, for which a Content-Security-Policy needs 'unsafe-eval' in script-src. ",
};

/** Where there is not even one of the devices that every engine has. */
const FORBIDDEN =
  "A Content-Security-Policy needs 'wasm-unsafe-eval' in script-src for webasm, 'unsafe-eval' for cpu. ";

/** The devices that are there, best first. */
async function availableDevices(gpuJs: GpuJs): Promise<DeviceName[]> {
  const available: DeviceName[] = [];
  for (const name of DEVICE_NAMES) if (await isAvailable(name, gpuJs, false)) available.push(name);
  return available;
}

async function firstAvailable(gpuJs: GpuJs): Promise<DeviceName | undefined> {
  for (const name of DEVICE_NAMES) if (await isAvailable(name, gpuJs, true)) return name;
  return undefined;
}

/** @param hardware  leave out a WebGPU that is emulated by software */
async function isAvailable(name: DeviceName, { GPU }: GpuJs, hardware: boolean): Promise<boolean> {
  switch (name) {
    case 'webgpu': {
      const adapter = await (await findWebGPU())?.requestAdapter().catch(() => null);
      return adapter !== undefined && adapter !== null && !(hardware && adapter.info?.isFallbackAdapter === true);
    }
    case 'webgl2':
      return GPU.isWebGL2Supported;
    case 'webgl':
      return GPU.isWebGLSupported;
    case 'webasm':
      return GPU.isWebAssemblySupported && compilesWebAssembly();
    case 'cpu':
      return makesFunctions();
    default:
      return name satisfies never;
  }
}

/** One device of a name at a time; a lost one, or one that failed to open, is made anew. */
async function sharedDevice(name: DeviceName, gpuJs: GpuJs): Promise<Device> {
  const before = await opened.get(name)?.catch(() => undefined);
  if (before && !before.isLost()) return before;
  const opening = makeDevice(name, gpuJs);
  opened.set(name, opening);
  opening.catch(() => opened.delete(name));
  return await opening;
}

/** A device, which must be there. */
export async function makeDevice(name: DeviceName, gpuJs: GpuJs): Promise<Device> {
  if (name === 'webgpu') return await withNavigatorGpu((await findWebGPU())!, () => makeWebGPU(gpuJs));
  const gpu = new gpuJs.GPU({ mode: name });
  if (name === 'cpu' || name === 'webasm') return new HostDevice(name, gpuJs, gpu);
  return await makeWebGL(name, gpuJs, gpu);
}

async function makeWebGL(name: 'webgl' | 'webgl2', gpuJs: GpuJs, gpu: Gpu): Promise<Device> {
  // The context is there from the first kernel on.
  const isLost = (): boolean => gpu.context?.isContextLost() === true;
  const failure = (): string | undefined => {
    const error = gpu.context!.getError();
    return error === 0 ? undefined : `WebGL error ${error}`;
  };
  const forget = (): void => {
    while (gpu.context!.getError() !== 0); // each call gives one of several
  };
  // gpu.js keeps a frame buffer for each size that was read, and that its last texture, deleted or not.
  const detach = (): void => {
    const gl = gpu.context!;
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, null, 0);
  };
  const wasLost = async (): Promise<boolean> => isLost();
  return await GraphicsDevice.open({ name, gpuJs, gpu, isLost, wasLost, failure, forget, detach });
}

/** How long after an error the news of a device's loss may come, in milliseconds. */
const NEWS = 200;

const after = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => (globalThis as unknown as Timers).setTimeout(resolve, milliseconds));

interface Timers {
  setTimeout(run: () => void, milliseconds: number): unknown;
}

async function makeWebGPU(gpuJs: GpuJs): Promise<Device> {
  const context = await gpuJs.WebGPUContext.acquire();
  const gpu = new gpuJs.GPU({ mode: 'webgpu' });
  const isLost = (): boolean => context.isLost;
  const wasLost = async (): Promise<boolean> => {
    await Promise.race([context.device.lost, after(NEWS)]);
    return isLost();
  };
  let failed: string | undefined;
  context.device.addEventListener('uncapturederror', ({ error }) => {
    failed ??= error.message.split('\n')[0];
  });
  const failure = (): string | undefined => failed;
  const forget = (): void => {};
  const detach = (): void => {};
  return await GraphicsDevice.open({ name: 'webgpu', gpuJs, gpu, isLost, wasLost, failure, forget, detach });
}
