import { describe } from 'vitest';
import { droppedStreamsHoldNothing } from '../../../tools/testing/dropped-streams.ts';
import * as gpujs from '../src/index.ts';

// Those whose values are arrays: what lies on a device is freed as the event loop turns, which awaiting a device makes it do.
describe.each(['cpu', 'webasm'])('%s', (device) => droppedStreamsHoldNothing(gpujs, { device }));
