import { refusesWhatIsHostile } from '../../../tools/testing/hostile.ts';
import * as gpujs from '../src/index.ts';

refusesWhatIsHostile(gpujs, { device: 'cpu' });
