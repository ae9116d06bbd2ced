import { streamsAllocateNothing } from '../../../tools/testing/stream-heap.ts';
import * as native from '../src/index.ts';

streamsAllocateNothing(native);
