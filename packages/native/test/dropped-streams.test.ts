import { droppedStreamsHoldNothing } from '../../../tools/testing/dropped-streams.ts';
import * as native from '../src/index.ts';

droppedStreamsHoldNothing(native);
