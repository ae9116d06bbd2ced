export type { BackendInfo, GRU, GRUCell, GRUCellClass, GRUClass, Like } from './api.ts';
export type {
  Backend,
  Call,
  CellSignature,
  Dimension,
  Dimensions,
  Engine,
  EngineOptions,
  Layer,
  LayerStream,
  Mode,
  Reply,
  Sequence,
} from './backend.ts';
export { type DefinedBackend, defineBackend } from './define.ts';
// What packages beside the backends need to check and to answer as these do.
export { describe } from './errors.ts';
export { flag, positive, type Rule, type Rules, resolve } from './option-rules.ts';
export type { Resolved } from './options.ts';
export { DTYPE, SEED } from './options.ts';
export type { Parameter, Weights } from './parameters.ts';
export * from './public.ts';
export { fillUniform, linearRandom, type Random, shuffleRandom } from './random.ts';
export { readStateDict, writeStateDict } from './state-dict.ts';
export { checkTensor, dtypeOf, shapeText, sizeOf, zeros } from './tensor.ts';
