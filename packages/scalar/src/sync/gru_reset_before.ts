// Makes its kernels known to `createSync`: `import '@congruent/scalar/sync/gru_reset_before'`.
import { provide } from '../backend.ts';
import * as gruResetBefore from '../generated/gru_reset_before.ts';

provide(gruResetBefore);
