import { describe } from 'vitest';
import { saysThatItCannotLoad } from '../../../tools/testing/cannot-load.ts';
import { inferenceBackend } from '../src/backend.ts';
import { layouts, signature } from '../src/generated/gru_reset_before.ts';
import type { Modules } from '../src/modules.ts';
import { trainingBackend } from '../src/training.ts';

const modulesOf = (load: () => Promise<never>): Modules => ({
  float32: load,
  float64: load,
  'float32.relaxed': load,
  'float64.relaxed': load,
});
const remedy = "import '@congruent/wasm/sync/gru_reset_before\\.float32' beforehand";

describe('for inference', () =>
  saysThatItCannotLoad(
    (load) => inferenceBackend({ signature: { ...signature }, inference: modulesOf(load) }),
    remedy,
  ));

describe('with gradients', () =>
  saysThatItCannotLoad((load) => {
    const modules = modulesOf(load);
    return trainingBackend({ signature: { ...signature }, layouts, inference: modules, training: modules });
  }, remedy));
