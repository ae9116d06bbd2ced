import { conformance } from '@congruent/conformance';
import { describe, test } from 'vitest';
import * as gpujs from '../src/index.ts';

for (const device of ['webgl2', 'webgl', 'webgpu']) {
  describe(device, () => conformance({ test, factory: () => gpujs, options: { device } }));
}
