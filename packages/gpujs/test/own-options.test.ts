import { ownOptionsAreKept } from '../../../tools/testing/own-options.ts';
import * as gpujs from '../src/index.ts';

ownOptionsAreKept(gpujs, { device: 'auto' }, { device: 'cpu' });
