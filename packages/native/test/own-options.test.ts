import { ownOptionsAreKept } from '../../../tools/testing/own-options.ts';
import * as native from '../src/index.ts';

ownOptionsAreKept(native, { math: 'exact', threads: 1 }, { threads: 2 });
