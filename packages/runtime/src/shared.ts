// What packages beside the backends share with the runtime, so that they check, draw and answer as it does.

export { dictEntries, listOf } from './dict.ts';
export { describe, READ_FILE, shortened } from './errors.ts';
export { checkLike } from './gradients/cotangents.ts';
export { flag, positive, type Rule, type Rules, resolve } from './options/option-rules.ts';
export { DTYPE, SEED } from './options/options.ts';
export type { Parameter, Weights } from './parameters/parameters.ts';
export { fillUniform, linearRandom, type Random, shuffleRandom } from './parameters/random.ts';
export { LOAD_RULES, type ReadOptions, readStateDict, writeStateDict } from './parameters/state-dict.ts';
export { checkTensor, dtypeOf, shapeText, sizeOf, zeros } from './tensor.ts';
