// What packages beside the backends share with the runtime, so that they check, draw and answer as it does.
export { checkLike } from './cotangents.ts';
export { describe } from './errors.ts';
export { flag, positive, type Rule, type Rules, resolve } from './option-rules.ts';
export { DTYPE, SEED } from './options.ts';
export type { Parameter, Weights } from './parameters.ts';
export { fillUniform, linearRandom, type Random, shuffleRandom } from './random.ts';
export { readStateDict, writeStateDict } from './state-dict.ts';
export { checkTensor, dtypeOf, shapeText, sizeOf, zeros } from './tensor.ts';
