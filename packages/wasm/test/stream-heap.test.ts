import { streamsAllocateNothing } from '../../../tools/testing/stream-heap.ts';
import * as wasm from '../src/index.ts';

streamsAllocateNothing(wasm);
