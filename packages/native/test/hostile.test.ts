import { refusesWhatIsHostile } from '../../../tools/testing/hostile.ts';
import * as native from '../src/index.ts';

refusesWhatIsHostile(native);
