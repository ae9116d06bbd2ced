import { findAdapter } from './adapter.ts';
import type { Program } from './programs.ts';
import { TORCH_NAME } from './torch.ts';

/** Which GPU the figures are of, and when they are of none. */
export async function gpuNotes(programs: readonly Program[]): Promise<readonly string[]> {
  const torch = programs.find(({ name }) => name === TORCH_NAME);
  return [`WebGPU: ${await webgpu()}`, `${TORCH_NAME}: ${torch?.version ?? 'not on this machine, or not asked for'}`];
}

async function webgpu(): Promise<string> {
  const adapter = await findAdapter();
  if (!adapter) return 'no adapter on this machine';
  if (!adapter.software) return adapter.name;
  return `${adapter.name}, a GPU emulated by software: its figures mean nothing, and it takes part only where --contestant asks for it`;
}
