import { ownOptionsAreKept } from '../../../tools/testing/own-options.ts';
import * as congruent from '../src/index.ts';

ownOptionsAreKept(congruent, { math: 'exact', modules: {}, threads: 1 }, { threads: 2 });
