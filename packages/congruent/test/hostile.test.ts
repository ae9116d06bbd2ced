import { refusesWhatIsHostile } from '../../../tools/testing/hostile.ts';
import * as congruent from '../src/index.ts';

refusesWhatIsHostile(congruent);
