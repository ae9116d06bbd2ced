import { JAVASCRIPT_WORDS, type Target } from '@congruent/codegen';

/** What the emitted code names itself: in its loops, its parameters, and its helpers. */
const OWN =
  'j row rows first batch batchSizes reverse tensors dimensions weights scratch columns right sum reduce fill abs floor fround ' +
  'pow2 POWERS part product addTo transposed sumOfOuter block stack copy rowsIn eachStep sumGradients ' +
  'eachRow step recordEachRow recordStep eachRowBack stepBack';

/** Rows as they are, and row by row. */
export const target: Target = { reserved: new Set([...JAVASCRIPT_WORDS, ...OWN.split(' ')]) };
