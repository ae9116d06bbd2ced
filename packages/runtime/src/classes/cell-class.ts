import type { Mode } from '../backend/engine.ts';
import { SingleCell } from '../layers/cell.ts';
import type { Definition } from './definition.ts';
import { moduleClass } from './module-class.ts';

/** A class of single steps. */
export const cellClass = <M extends Mode, B>(definition: Definition<M, B>): object =>
  moduleClass(definition, { base: SingleCell<M, B>, suffixes: () => [['']] });
