import { droppedStreamsHoldNothing } from '../../../tools/testing/dropped-streams.ts';
import * as scalar from '../src/index.ts';

droppedStreamsHoldNothing(scalar);
