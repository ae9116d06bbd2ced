import type { Program } from '@congruent/codegen';
import { transformWithOxc } from 'vite';
import emitter from '../codegen/index.ts';
import type { GpuAdjoint, GpuCell } from '../src/cell.ts';
import { loadGpuJs } from '../src/gpu-js.ts';
import { HostDevice } from '../src/host-device.ts';
import * as planes from '../src/planes.ts';
import { Scope } from '../src/scope.ts';

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
