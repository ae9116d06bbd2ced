export { mergeDirections, reverseSteps, splitDirections } from './layers/steps.ts';
export type { LayerKind, LayerOptions, Merge, ModelFormat, TypedLayer as Layer, TypedModel as Model } from './model.ts';
export { type ReadOptions, readModel } from './read-model.ts';
