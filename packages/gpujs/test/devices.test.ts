import { describe, expect, test } from 'vitest';
import { collect } from '../../../tools/testing/collect.ts';
import { CompiledKernel } from '../src/compile.ts';
import { type Gpu, loadGpuJs } from '../src/gpu-js.ts';
import { backend, GRU } from '../src/index.ts';
import { findWebGPU } from '../src/node-webgpu.ts';
import { deviceTests, lossTests } from './device-tests.ts';
import { gradientTests } from './gradient-tests.ts';
import { counts } from './instruments.ts';
import { planeTests } from './plane-tests.ts';
import { nodeDevices } from './present.ts';
import { input } from './samples.ts';
import { sizeTests } from './size-tests.ts';

const sizes = { inputSize: 3, hiddenSize: 5 };

test('a device that is not there is refused with CONGRUENT_DEVICE, naming those that are', async () => {
  const refused = expect(GRU.create({ ...sizes, device: 'webgl2' })).rejects;
  await refused.toMatchObject({ code: 'CONGRUENT_DEVICE' });
  await refused.toThrow(/device 'webgl2' is not available here; available: .*webasm, cpu/);
});

test('a device that does not exist is refused with CONGRUENT_OPTION', async () => {
  await expect(GRU.create({ ...sizes, device: 'cuda' as 'cpu' })).rejects.toMatchObject({ code: 'CONGRUENT_OPTION' });
});

test('auto is the default, and says what it chose', async () => {
  using gru = await GRU.create(sizes);
  using auto = await GRU.create({ ...sizes, device: 'auto' });
  expect(Object.keys(backend.devices!)).toContain(gru.device);
  expect(auto.device).toBe(gru.device);
});

test('auto takes a WebGPU that is hardware, and in Node webasm otherwise', async () => {
  const adapter = await (await findWebGPU())?.requestAdapter().catch(() => null);
  const hardware = adapter !== undefined && adapter !== null && adapter.info?.isFallbackAdapter !== true;
  using gru = await GRU.create(sizes);
  expect(gru.device).toBe(hardware ? 'webgpu' : 'webasm');
});

test('accuracy and memory are decided here, not by gpu.js: single precision, results on the device, each its own', () => {
  let settings: object = {};
  const gpu = {
    createKernel(_: string, given: object) {
      settings = given;
      return { kernel: {} };
    },
  };
  new CompiledKernel(
    gpu as unknown as Gpu,
    'webgl',
    { source: '', planes: ['a'], numbers: ['n'] },
    { planeType: 'Array2D' },
  );
  expect(settings).toMatchObject({
    precision: 'single',
    tactic: 'precision',
    pipeline: true,
    immutable: true,
    argumentTypes: ['Array2D', 'Integer'],
  });
});

test("gpu.js's falling back to the CPU is an error", async () => {
  const gpu = new (await loadGpuJs()).GPU({ mode: 'webasm' });
  const source = 'function kernel(plane) { return plane[this.thread.y][this.thread.x]; }';
  // Textures are unknown to webasm, and a reason for gpu.js to take another device.
  const kernel = new CompiledKernel(
    gpu,
    'webasm',
    { source, planes: ['plane'], numbers: [] },
    { planeType: 'NumberTexture' },
  );
  expect(() => kernel.run(1, 1, [[new Float32Array(1)]])).toThrow(
    /CONGRUENT_DEVICE: device 'webasm' cannot run a kernel/,
  );
});

for (const { device, present } of await nodeDevices()) {
  describe.skipIf(!present)(device, () => {
    const globals = Object.keys(globalThis);
    deviceTests(device);
    gradientTests(device);
    sizeTests(device);
    if (device === 'webgpu') {
      planeTests(device);
      test('pullbacks that nothing holds any more leave nothing behind', async () => {
        using gru = await GRU.create({ ...sizes, device });
        const drop = async (): Promise<void> => void (await gru.vjp(input(4, 2, 3)));
        await drop();
        const kept = await gru.vjp(input(4, 2, 3));
        const before = counts.livePlanes;
        for (let round = 0; round < 20; round++) await drop();
        expect(counts.livePlanes - before, 'they are there until they are collected').toBeGreaterThan(20);
        for (let round = 0; round < 50 && counts.livePlanes > before; round++) {
          collect();
          await new Promise((resolve) => setTimeout(resolve));
          await gru.forward(input(1, 2, 3));
        }
        expect(counts.livePlanes - before).toBeLessThan(4);
        await kept.pullback({ output: kept.output });
      });
      test('streams that nothing holds any more leave nothing behind', async () => {
        using gru = await GRU.create({ ...sizes, device });
        const drop = async (): Promise<void> => void (await gru.stream().step(input(3).data));
        const kept = gru.stream();
        await kept.step(input(3).data);
        await drop();
        const before = counts.livePlanes;
        for (let round = 0; round < 20; round++) await drop();
        for (let round = 0; round < 50 && counts.livePlanes > before; round++) {
          collect();
          await new Promise((resolve) => setTimeout(resolve));
          await gru.forward(input(1, 2, 3));
        }
        expect(counts.livePlanes - before).toBeLessThan(4);
        await kept.step(input(3).data);
        const open = counts.livePlanes;
        gru.dispose();
        expect(counts.livePlanes).toBeLessThan(open - 2);
      });
      lossTests(device);
    }
    test('no globals are left behind', () => expect(Object.keys(globalThis)).toEqual(globals));
  });
}
