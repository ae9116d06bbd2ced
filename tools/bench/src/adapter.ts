/** The GPU that WebGPU gives in Node. */
export interface Adapter {
  readonly name: string;
  /** Whether it is emulated by software. */
  readonly software: boolean;
}

/** What is used of the package `webgpu`. */
interface WebGPU {
  create(flags: readonly string[]): {
    requestAdapter(): Promise<{
      readonly info: Readonly<Record<'vendor' | 'architecture' | 'device' | 'description', string>> & {
        readonly isFallbackAdapter: boolean;
      };
    } | null>;
  };
}

/** Kept for the life of the process: its adapter must not outlive it. */
let gpu: ReturnType<WebGPU['create']> | undefined;

/** The adapter, or `undefined` where there is no driver, or the package `webgpu` has nothing for this platform. */
export async function findAdapter(): Promise<Adapter | undefined> {
  const webgpu = (await import('webgpu').catch(() => undefined)) as unknown as WebGPU | undefined;
  if (!webgpu) return undefined;
  gpu ??= webgpu.create([]);
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) return undefined;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  return { name: [vendor, architecture, device, description].filter(Boolean).join(' '), software: isFallbackAdapter };
}
