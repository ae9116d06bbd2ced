// Makes the modules of math: 'relaxed' known to createSync: `import '@congruent/wasm/relaxed'`.

import { bytes as float32Training } from './generated/gru.float32.relaxed.training.ts';
import { bytes as float32 } from './generated/gru.float32.relaxed.ts';
import { bytes as float64Training } from './generated/gru.float64.relaxed.training.ts';
import { bytes as float64 } from './generated/gru.float64.relaxed.ts';
import { provide } from './modules.ts';

provide('float32.relaxed', float32);
provide('float64.relaxed', float64);
provide('float32.relaxed.training', float32Training);
provide('float64.relaxed.training', float64Training);
