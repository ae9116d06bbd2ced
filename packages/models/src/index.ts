export type { Layer, LayerKind, Merge, Model, ModelFormat } from './model.ts';
export { type ReadOptions, readModel } from './read-model.ts';
