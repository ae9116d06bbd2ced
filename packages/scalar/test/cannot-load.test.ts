import { saysThatItCannotLoad } from '../../../tools/testing/cannot-load.ts';
import { scalarBackend } from '../src/backend.ts';
import { layouts, signature } from '../src/generated/gru_reset_before.ts';

saysThatItCannotLoad(
  (load) => scalarBackend({ signature: { ...signature }, layouts, kernels: { float32: load, float64: load } }),
  "import '@congruent/scalar/sync/gru_reset_before' beforehand",
);
