import { refusesWhatIsHostile } from '../../../tools/testing/hostile.ts';
import * as wasm from '../src/index.ts';

refusesWhatIsHostile(wasm);
