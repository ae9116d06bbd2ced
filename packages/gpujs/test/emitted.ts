import type { Environment, Program, Value } from '@congruent/codegen';
import type { Cell } from '@congruent/spec';
import { transformWithOxc } from 'vite';
import emitter from '../codegen/index.ts';
import type { GpuAdjoint, GpuCell } from '../src/cell.ts';
import { loadGpuJs } from '../src/gpu-js.ts';
import { HostDevice } from '../src/host-device.ts';
import * as planes from '../src/planes.ts';
import { Scope } from '../src/scope.ts';

export const DIMENSIONS = { I: 3, H: 5 } as const;

/** Distinct numbers from −1 to 1. */
export const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(12.9898 * (index + 1) + 78.233 * seed));

export const lengthOf = (shape: readonly string[]): number =>
  shape.reduce((size, name) => size * DIMENSIONS[name as keyof typeof DIMENSIONS], 1);

/** Every parameter's block by name, as the interpreter takes it, and stacked as kernels take it. */
export function parametersOf({ parameters, layouts }: Cell) {
  const flat = new Map(parameters.map(({ name, shape }, index) => [name, numbers(lengthOf(shape), index)]));
  const rows = (name: string, columns: number): Value<number> =>
    Array.from({ length: flat.get(name)!.length / columns }, (_, row) =>
      Array.from(flat.get(name)!.subarray(row * columns, (row + 1) * columns)),
    );
  const blocks: Environment<number> = Object.fromEntries(
    parameters.map(({ name, shape }) => [
      name,
      shape.length === 2 ? rows(name, lengthOf(shape.slice(1))) : [...flat.get(name)!],
    ]),
  );
  const stacked = Object.fromEntries(
    layouts[0]!.tensors.map(({ name, blocks }) => [
      name,
      planes.concatenate(blocks.map((block) => flat.get(block.name)!)),
    ]),
  );
  return { blocks, stacked };
}

/** What the emitted TypeScript exports. */
async function load(program: Program): Promise<GpuCell> {
  const [cell, adjoint] = await Promise.all(
    emitter.emit(program).map(async ({ path, contents }) => {
      const { code } = await transformWithOxc(contents as string, path);
      return evaluate(code);
    }),
  );
  return { ...(cell as Omit<GpuCell, 'adjoint'>), adjoint: adjoint as GpuAdjoint };
}

/** The exports of a module whose imports are those of the planes. */
function evaluate(code: string): unknown {
  const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
  const script = code
    .replaceAll(/^(import|export \*) .*$/gm, '')
    .replaceAll(/^export (?=const|function)/gm, '')
    .replaceAll(/^export \{[^}]*\};?$/gm, '');
  return new Function(...Object.keys(planes), `${script}\nreturn { ${names} };`)(...Object.values(planes));
}

/** A cell's kernels on a device of the host, and a scope there; `hoists`: as a graphics device does. */
export async function emitted(program: Program, mode: 'cpu' | 'webasm', hoists = false) {
  const kernels = await load(program);
  const gpuJs = await loadGpuJs();
  const device = new HostDevice(mode, gpuJs, new gpuJs.GPU({ mode }), kernels);
  return { kernels, scope: new Scope(Object.assign(device as object, { hoists }) as Scope['device']) };
}
