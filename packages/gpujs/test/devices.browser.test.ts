import { describe } from 'vitest';
import { deviceTests, lossTests } from './device-tests.ts';

for (const device of ['webgl2', 'webgl', 'webgpu'] as const) {
  describe(device, () => {
    deviceTests(device);
    lossTests(device);
  });
}
