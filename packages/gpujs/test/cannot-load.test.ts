import { saysThatItCannotLoad } from '../../../tools/testing/cannot-load.ts';
import { gpuBackend } from '../src/backend.ts';
import { layouts, signature } from '../src/generated/gru_reset_before.ts';

saysThatItCannotLoad((kernels) => gpuBackend({ signature, layouts, kernels }), 'Use @congruent/wasm');
