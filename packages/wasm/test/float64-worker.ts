import { GRU, type GRUOptions } from '../src/index.ts';
import { answer } from './worker-answers.ts';

/** Answers options with the element type of a GRU that has them. */
answer(async (options) => (await GRU.create(options as GRUOptions)).stateDict()['bias_ih_l0']!.data);
