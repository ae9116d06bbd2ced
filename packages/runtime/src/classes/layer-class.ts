import type { Mode } from '../backend/engine.ts';
import { Layers } from '../layers/layers.ts';
import type { LayerOptions, Resolved } from '../options/options.ts';
import type { Definition } from './definition.ts';
import { moduleClass } from './module-class.ts';

/** A class of layers; torch's names end in `_l0`, `_l0_reverse`, `_l1`, … */
export const layerClass = <M extends Mode, B>(definition: Definition<M, B>): object =>
  moduleClass(definition, {
    base: Layers<M, B>,
    suffixes(options) {
      const { numLayers = 1, bidirectional = false } = options as Partial<Resolved<LayerOptions>>;
      const directions = bidirectional ? ['', '_reverse'] : [''];
      return Array.from({ length: numLayers }, (_, layer) => directions.map((reverse) => `_l${layer}${reverse}`));
    },
  });
