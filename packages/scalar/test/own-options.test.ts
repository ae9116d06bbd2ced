import { ownOptionsAreKept } from '../../../tools/testing/own-options.ts';
import * as scalar from '../src/index.ts';

ownOptionsAreKept(scalar, {});
