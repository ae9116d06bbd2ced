import type { GRU, GRUOptions } from '@congruent/scalar';
import { describe } from 'vitest';
import { trainingHoldsNothing } from '../../../tools/testing/training-heap.ts';
import * as gpujs from '../src/index.ts';

const backend = gpujs as unknown as { readonly GRU: { create(options: GRUOptions): Promise<GRU> } };

// Those whose values are arrays: what lies on a device is freed as the event loop turns, which awaiting a device makes it do.
describe.each(['cpu', 'webasm'])('%s', (device) => trainingHoldsNothing(backend, { device }));
