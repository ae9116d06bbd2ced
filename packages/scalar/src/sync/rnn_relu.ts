// Makes its kernels known to `createSync`: `import '@congruent/scalar/sync/rnn_relu'`.
import { provide } from '../backend.ts';
import * as rnnRelu from '../generated/rnn_relu.ts';

provide(rnnRelu);
