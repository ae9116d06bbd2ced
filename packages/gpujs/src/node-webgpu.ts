/** The `gpu` of a browser's navigator, or of the package `webgpu`. */
export interface NavigatorGpu {
  requestAdapter(): Promise<Adapter | null>;
}

interface Adapter {
  readonly info?: { readonly isFallbackAdapter?: boolean };
}

/** Kept for the life of the process: devices made by it must not outlive it. */
let ofPackage: NavigatorGpu | undefined;

/** The platform's WebGPU, or that of the package `webgpu` where there is none and the package is installed. */
export async function findWebGPU(): Promise<NavigatorGpu | undefined> {
  const own = (globalThis as { navigator?: { gpu?: NavigatorGpu } }).navigator?.gpu;
  if (
    own !== undefined ||
    (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === undefined
  ) {
    return own;
  }
  const name = 'webgpu'; // not a literal in the import, as bundlers would look for it
  try {
    ofPackage ??= ((await import(/* @vite-ignore */ name)) as { create(flags: string[]): NavigatorGpu }).create([]);
  } catch {
    return undefined;
  }
  return ofPackage;
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
