// Makes the float64 modules known to createSync: `import '@congruent/wasm/float64'`.

import { bytes as training } from './generated/gru.float64.training.ts';
import { bytes } from './generated/gru.float64.ts';
import { provide } from './modules.ts';

provide('float64', bytes);
provide('float64.training', training);
