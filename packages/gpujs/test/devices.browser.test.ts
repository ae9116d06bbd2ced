import { describe } from 'vitest';
import { deviceTests, lossTests } from './device-tests.ts';
import { gradientTests } from './gradient-tests.ts';

for (const device of ['webgl2', 'webgl', 'webgpu'] as const) {
  describe(device, () => {
    deviceTests(device);
    gradientTests(device);
    lossTests(device);
  });
}
