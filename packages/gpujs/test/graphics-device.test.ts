import { beforeAll, describe, expect, test } from 'vitest';
import { kernels } from '../src/generated/gru.ts';
import { type Gpu, type GpuKernel, loadGpuJs } from '../src/gpu-js.ts';
import { GraphicsDevice } from '../src/graphics-device.ts';
import { findWebGPU, withNavigatorGpu } from '../src/node-webgpu.ts';
import { counts, watchWebGPU } from './instruments.ts';
import { nodeDevices } from './present.ts';

/** What a driver may do that SwiftShader does not. */
interface Driver {
  /** An error that is reported once asked for, and then forgotten, as WebGL does. */
  error?: string | undefined;
  /** A loss of which the news comes late. */
  lost?: boolean;
  /** Is told of each kernel's run. */
  beforeRun?: (() => void) | undefined;
}

/** A device on WebGPU, but for what the driver does. */
async function opened(driver: Driver): Promise<GraphicsDevice> {
  const gpuJs = await loadGpuJs();
  const createKernel = (gpu: Gpu, ...given: Parameters<Gpu['createKernel']>): GpuKernel =>
    new Proxy(gpu.createKernel(...given), {
      apply(kernel, _, values) {
        driver.beforeRun?.();
        return kernel(...values);
      },
    });
  const forget = (): void => {
    driver.error = undefined;
  };
  const failure = (): string | undefined => {
    const { error } = driver;
    forget();
    return error;
  };
  return await withNavigatorGpu((await findWebGPU())!, async () => {
    const gpu = new gpuJs.GPU({ mode: 'webgpu' });
    const device = await GraphicsDevice.open({
      name: 'webgpu',
      gpuJs,
      gpu: new Proxy(gpu, {
        get: (own, key) => (key === 'createKernel' ? createKernel.bind(null, gpu) : Reflect.get(own, key)),
      }),
      isLost: () => false,
      wasLost: async () => driver.lost === true,
      failure,
      forget,
      detach: () => {},
    });
    await device.prepare(kernels);
    return device;
  });
}

const webgpu = (await nodeDevices()).find(({ device }) => device === 'webgpu')!;

describe.skipIf(!webgpu.present)('a graphics device', () => {
  beforeAll(watchWebGPU);

  const numbers = Float32Array.of(1, 2, 3);
  const useOf = async (device: GraphicsDevice): Promise<Float32Array> =>
    await device.download(await device.upload(numbers, 3));

  test('errors that setting up leaves behind are not blamed on a call', async () => {
    const driver: Driver = {};
    driver.beforeRun = () => {
      driver.error = 'left behind';
    };
    const device = await opened(driver);
    await device.prepareTraining(kernels);
    driver.beforeRun = undefined;
    expect(await useOf(device)).toEqual(numbers);
  });

  test('an error before the kernels of training are set up is CONGRUENT_DEVICE', async () => {
    const driver: Driver = {};
    const device = await opened(driver);
    driver.error = 'out of memory';
    await device.prepareTraining(kernels);
    await expect(useOf(device)).rejects.toThrow(/^CONGRUENT_DEVICE: device 'webgpu' failed \(out of memory\)/);
  });

  test('an error that is known before the loss behind it is CONGRUENT_DEVICE_LOST', async () => {
    const driver: Driver = {};
    const device = await opened(driver);
    Object.assign(driver, { error: 'WebGL error 37442', lost: true });
    await expect(useOf(device)).rejects.toThrow(
      /^CONGRUENT_DEVICE_LOST: device 'webgpu' was lost \(WebGL error 37442\)/,
    );
  });

  test('where setting up the kernels of training fails, nothing stays behind, and the next call tries again', async () => {
    const driver: Driver = {};
    const device = await opened(driver);
    const failing = async (): Promise<void> => {
      let runs = 0;
      driver.beforeRun = () => {
        if (++runs === 4) throw new Error('out of memory');
      };
      const both = await Promise.allSettled([device.prepareTraining(kernels), device.prepareTraining(kernels)]);
      expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(runs).toBe(4);
    };
    await failing(); // the kernels that did run keep a buffer each
    const before = counts.livePlanes;
    await failing();
    expect(counts.livePlanes).toBe(before);
    driver.beforeRun = undefined;
    await device.prepareTraining(kernels);
  });
});
