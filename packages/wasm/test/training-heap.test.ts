import { trainingHoldsNothing } from '../../../tools/testing/training-heap.ts';
import * as wasm from '../src/index.ts';

trainingHoldsNothing(wasm);
