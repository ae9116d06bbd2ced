import { trainingHoldsNothing } from '../../../tools/testing/training-heap.ts';
import * as scalar from '../src/index.ts';

trainingHoldsNothing(scalar);
