import { findWebGPU } from '../src/node-webgpu.ts';

/** The devices that Node should have, and whether it has them; a missing one fails where CI is set. */
export async function nodeDevices(): Promise<{ device: 'cpu' | 'webasm' | 'webgpu'; present: boolean }[]> {
  const adapter = await (await findWebGPU())?.requestAdapter().catch(() => null);
  const webgpu = adapter !== undefined && adapter !== null;
  if (!webgpu) console.warn("SKIPPED: webgpu in Node, as no Vulkan driver was found (e.g. that of Debian's chromium)");
  return [
    { device: 'cpu', present: true },
    { device: 'webasm', present: true },
    { device: 'webgpu', present: webgpu || Boolean(process.env['CI']) },
  ];
}
