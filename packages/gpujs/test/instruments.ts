import { type GpuJs, loadGpuJs } from '../src/gpu-js.ts';
import { findWebGPU, withNavigatorGpu } from '../src/node-webgpu.ts';

/** What the devices were asked for since the process or page began. */
export const counts = { builds: 0, reads: 0, livePlanes: 0, mostPlanes: 0 };

/** Calls `seen` with the result and the arguments of each call of a method. */
function watch(target: object | undefined, method: string, seen: (result: unknown, ...values: never[]) => void): void {
  if (!target) return;
  const own = (target as Record<string, (...values: unknown[]) => unknown>)[method]!;
  Object.defineProperty(target, method, {
    configurable: true,
    value(this: unknown, ...values: unknown[]) {
      const result = own.apply(this, values);
      seen(result, ...(values as never[]));
      return result;
    },
  });
}

/** Calls `seen` whenever a global class makes an object. */
function watchNew(holder: object, name: string, seen: () => void): void {
  const own = (holder as Record<string, new (...values: unknown[]) => object>)[name]!;
  Object.defineProperty(holder, name, {
    configurable: true,
    writable: true,
    value: new Proxy(own, {
      construct(target, values, newTarget) {
        seen();
        return Reflect.construct(target, values, newTarget);
      },
    }),
  });
}

const build = (): void => void counts.builds++;
const read = (): void => void counts.reads++;
const born = (): void => {
  counts.livePlanes++;
  counts.mostPlanes = Math.max(counts.mostPlanes, counts.livePlanes);
};
const died = (): void => void counts.livePlanes--;

const deleted = new WeakSet<object>();
const attached = new Map<object | null, object | null>();
let bound: object | null = null;

/** Deleted textures that a frame buffer keeps alive. */
export const keptPlanes = (): number => [...attached.values()].filter((plane) => plane && deleted.has(plane)).length;

/** Of canvases: of WebGL and of whatever else. */
const contexts: { getExtension?(name: string): { loseContext(): void } | null; enable?(capability: number): void }[] =
  [];

watchNew(globalThis, 'Function', build);
const globals = globalThis as unknown as Record<string, { readonly prototype: object } | undefined>;
watchNew(globals['WebAssembly']!, 'Module', build);
for (const name of ['WebGLRenderingContext', 'WebGL2RenderingContext']) {
  watch(globals[name]?.prototype, 'linkProgram', build);
  watch(globals[name]?.prototype, 'readPixels', read);
  watch(globals[name]?.prototype, 'createTexture', born);
  watch(globals[name]?.prototype, 'deleteTexture', (_, plane: object) => {
    died();
    deleted.add(plane);
    if (attached.get(bound) === plane) attached.set(bound, null);
  });
  watch(globals[name]?.prototype, 'bindFramebuffer', (_, __: number, buffer: object | null) => {
    bound = buffer;
  });
  watch(globals[name]?.prototype, 'framebufferTexture2D', (_, ...[, , , plane]: [number, number, number, object]) => {
    attached.set(bound, plane);
  });
}
for (const name of ['HTMLCanvasElement', 'OffscreenCanvas']) {
  watch(globals[name]?.prototype, 'getContext', (context) => {
    if (context) contexts.push(context as (typeof contexts)[number]);
  });
}

type WebGPUDevice = Awaited<ReturnType<GpuJs['WebGPUContext']['acquire']>>['device'] & {
  createBuffer(descriptor: { size: number; usage: number }): unknown;
};

/** GPUBufferUsage.STORAGE, which Node does not have. */
const STORAGE = 0x80;

/** The device that gpu.js uses, or will. */
async function webgpuDevice(): Promise<WebGPUDevice> {
  const { WebGPUContext } = await loadGpuJs();
  return (await withNavigatorGpu((await findWebGPU())!, () => WebGPUContext.acquire())).device as WebGPUDevice;
}

/** Counts on the WebGPU device; before the first GRU is made. */
export async function watchWebGPU(): Promise<void> {
  const device = await webgpuDevice();
  watch(device, 'createShaderModule', build);
  watch(device, 'createBuffer', (buffer) => {
    born();
    watch(buffer as object, 'destroy', died);
    watch(buffer as object, 'mapAsync', read);
  });
}

/** What a driver's reset does. */
export async function loseDevice(name: string): Promise<void> {
  if (name === 'webgpu') (await webgpuDevice()).destroy();
  else for (const context of contexts) context.getExtension?.('WEBGL_lose_context')?.loseContext();
}

/** What a driver without memory does: an error that belongs to no call. */
export async function failDevice(name: string): Promise<void> {
  if (name === 'webgpu') (await webgpuDevice()).createBuffer({ size: 2 ** 45, usage: STORAGE });
  else for (const context of contexts) context.enable?.(0);
}
