import { trainingHoldsNothing } from '../../../tools/testing/training-heap.ts';
import * as native from '../src/index.ts';

trainingHoldsNothing(native);
