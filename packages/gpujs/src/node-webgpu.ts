/** The `gpu` of a browser's navigator, or of the package `webgpu`. */
export interface NavigatorGpu {
  requestAdapter(): Promise<Adapter | null>;
}

interface Adapter {
  readonly info?: { readonly isFallbackAdapter?: boolean };
}

/** Kept for the life of the process: devices made by it must not outlive it. */
let ofPackage: NavigatorGpu | undefined;

/** What is used of Node's `process`. */
interface NodeProcess {
  readonly platform: string;
  readonly versions?: { readonly node?: string };
  dlopen(module: { readonly exports: object }, file: string): void;
}

/** In Node; a bundle for pages is made without it, and so without the import below. */
declare const process: NodeProcess | undefined;

/** The platform's WebGPU, or that of the package `webgpu` where there is none and the package is installed. */
export async function findWebGPU(): Promise<NavigatorGpu | undefined> {
  const own = (globalThis as { navigator?: { gpu?: NavigatorGpu } }).navigator?.gpu;
  if (own !== undefined) return own;
  if (typeof process === 'undefined' || process.versions?.node === undefined || !mayReachGpu(process)) return undefined;
  const name = 'webgpu'; // not a literal in the import, as bundlers would look for it
  try {
    ofPackage ??= (
      (await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name)) as {
        create(flags: string[]): NavigatorGpu;
      }
    ).create([]);
  } catch {
    return undefined;
  }
  return ofPackage;
}

/**
 * Whether the library that the package goes through is there: on Linux a Vulkan loader. It is asked for here, as the package
 * would print warnings about its absence whenever an adapter is requested, and cannot be told to be silent.
 */
function mayReachGpu(process: NodeProcess): boolean {
  if (process.platform !== 'linux') return true;
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1');
    return true;
  } catch (error) {
    // Where it loads, the complaint is that it is no addon of Node.
    return (error as Error).message.includes('did not self-register');
  }
}

/**
 * Does something while `navigator.gpu` is there, which is where gpu.js looks for it when it acquires its device;
 * afterwards the globals are as before, as libraries take a `navigator` for a sign of a browser.
 */
export async function withNavigatorGpu<T>(gpu: NavigatorGpu, work: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const navigator = (globalThis as { navigator?: { gpu?: NavigatorGpu } }).navigator;
  if (navigator?.gpu !== undefined) return await work();
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    value: Object.create(navigator ?? null, { gpu: { value: gpu } }),
  });
  try {
    return await work();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else delete (globalThis as { navigator?: unknown }).navigator;
  }
}
