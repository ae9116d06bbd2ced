import { compile, signatureOf } from '@congruent/codegen';
import { emitterConformance } from '@congruent/conformance';
import { defineCell, gru } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import { describe, expect, test } from 'vitest';
import emitter from '../codegen/index.ts';
import { makeDevice } from '../src/devices.ts';
import { GpuEngine } from '../src/engine.ts';
import { loadGpuJs } from '../src/gpu-js.ts';
import { backend } from '../src/index.ts';
import { load, textOf } from './emitted.ts';
import { nodeDevices } from './present.ts';

/** What the translators of gpu.js, and the kernels' own names, could get wrong. */
const translated = [
  defineCell(`
    literals(x[H], h[H]) -> h'
    a  = x * (1 / 3) + (2 - 3) * h               # \`source\` \${of} a kernel \\
    b  = 7 / 2 + x
    c  = (1 + 1) / (3 + 0 * 5)
    d  = -0 + x * -0
    e  = 1e-7 * x + 16777217 * h / 16777217
    f  = x - -2
    h' = a + b * c + d + e - f * ((5 / 2) * x + 1 / (x + 3)) * 0.1 + tanh(2)
  `),
  defineCell(`
    names(x[float], __b[float], h[float], a__b__c[float]) -> h', a__b__c'
    k       = tanh(V @ x + W @ h)
    part_k  = k * x
    sum     = part_k + U @ k
    start   = sum * element
    u_u     = start + Math
    S_S     = u_u + Infinity
    thread  = S_S * constants + a__b__c
    _x      = thread * spec_tanh
    h'      = tanh(_x + this + __b)
    a__b__c' = a__b__c * host_tanh + pow2
    layout plain
      V = [V]  W = [W]  U = [U]  element = [element]  Math = [Math]  Infinity = [Infinity]  constants = [constants]
      spec_tanh = [spec_tanh]   this = [this]  host_tanh = [host_tanh]  pow2 = [pow2]
  `),
];

for (const { device, present } of await nodeDevices()) {
  describe.skipIf(!present)(device, () => {
    emitterConformance({
      test,
      emitter,
      supports: { ...backend.supports, ...backend.devices![device] },
      load: async ({ program, files }) => {
        const kernels = await load(textOf(files));
        const own = await makeDevice(device, await loadGpuJs());
        await own.prepare(kernels);
        return new GpuEngine({ signature: signatureOf(program), kernels }, own);
      },
      catalogue: [...cells, ...translated],
    });
  });
}

test('emitting is pure: the same program gives the same bytes', () => {
  expect(emitter.emit(compile(gru))).toEqual(emitter.emit(compile(gru)));
});
