import type { Surface } from '../engine/surface.ts';
import { models } from './models.ts';
import { safetensors } from './safetensors.ts';
import { specs } from './specs.ts';

/** Everything that takes what anybody gives it. */
export const surfaces: readonly Surface[] = [safetensors, ...models, specs];
