import type { Surface } from '../engine/surface.ts';
import { calls } from './calls.ts';
import { models } from './models.ts';
import { order } from './order.ts';
import { safetensors } from './safetensors.ts';
import { specs } from './specs.ts';
import { stateDicts } from './state-dicts.ts';

/** Everything that takes what anybody gives it. */
export const surfaces: readonly Surface[] = [safetensors, ...models, specs, calls, stateDicts, order];
