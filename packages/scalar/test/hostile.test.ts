import { refusesWhatIsHostile } from '../../../tools/testing/hostile.ts';
import * as scalar from '../src/index.ts';

refusesWhatIsHostile(scalar);
