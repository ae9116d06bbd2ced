import { describe } from 'vitest';
import { deviceTests, lossTests } from './device-tests.ts';
import { gradientTests } from './gradient-tests.ts';
import { planeTests } from './plane-tests.ts';
import { sizeTests } from './size-tests.ts';

for (const device of ['webgl2', 'webgl', 'webgpu'] as const) {
  describe(device, () => {
    deviceTests(device);
    gradientTests(device);
    sizeTests(device);
    planeTests(device);
    lossTests(device);
  });
}
