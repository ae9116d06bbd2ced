// Makes its kernels known to `createSync`: `import '@congruent/scalar/sync/lstm_projected'`.
import { provide } from '../backend.ts';
import * as lstmProjected from '../generated/lstm_projected.ts';

provide(lstmProjected);
