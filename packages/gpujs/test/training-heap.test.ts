import { describe } from 'vitest';
import { trainingHoldsNothing } from '../../../tools/testing/training-heap.ts';
import * as gpujs from '../src/index.ts';

// Those whose values are arrays: what lies on a device is freed as the event loop turns, which awaiting a device makes it do.
describe.each(['cpu', 'webasm'])('%s', (device) => trainingHoldsNothing(gpujs, { device }));
