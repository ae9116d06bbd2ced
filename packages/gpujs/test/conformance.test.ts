import { conformance } from '@congruent/conformance';
import { describe, test } from 'vitest';
import * as gpujs from '../src/index.ts';
import { nodeDevices } from './present.ts';

for (const { device, present } of await nodeDevices()) {
  describe.skipIf(!present)(device, () => conformance({ test, factory: () => gpujs, options: { device } }));
}
