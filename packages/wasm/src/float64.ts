// Makes the float64 module known to createSync: `import '@congruent/wasm/float64'`.
import { bytes } from './generated/gru.float64.ts';
import { provide } from './modules.ts';

provide('float64', bytes);
