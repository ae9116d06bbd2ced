import type { Target } from '@congruent/codegen';
import type { Lanes } from './lanes.ts';
import { columnOf } from './panels.ts';

/** The locals of functions that have values of plans beside them; all others have a dot in their names. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['weights', 'scratch', 'batch_sizes', 'steps', 'rows', 'reverse', 'batch', 'capacity'],
  ...['row', 't', 'end', 'chunk', 'in_chunk', 'count', 'length', 'j', 'left', 'copied'],
]);

/** What the lanes ask of plans. */
export const targetFor = ({ count }: Lanes): Target => ({
  reserved: RESERVED,
  lanes: count,
  packed: (rows) => columnOf(rows, count),
  stageByStage: true,
});
