import type { Layer } from '@congruent/models';
import { CongruentError } from '@congruent/runtime';
import { type Cell, defineCell } from '@congruent/spec';
import { called, layerNamed } from './layer-named.ts';
import { type ModelFile, openModel } from './model-file.ts';

/**
 * The cells that layers of a model file have, where their equations are not those of the classes; each once.
 *
 * @param name    of a layer; without it, all that may be run
 * @param folder  where the files lie that it refers to
 * @throws CongruentError MODEL_LAYER where there is no such layer, it may not be run, or has no cell of its own; what
 *         `openModel` throws
 */
export async function cellsOfModel(
  path: string,
  name: string | undefined,
  folder: string | undefined,
): Promise<readonly Cell[]> {
  const model = await openModel(path, folder);
  const layers =
    name === undefined ? model.layers.filter(({ notes }) => notes.length === 0) : [layerNamed(model, name)];
  const cells = new Map<string, Layer>();
  for (const layer of layers) if (layer.cell !== undefined && !cells.has(layer.cell)) cells.set(layer.cell, layer);
  if (cells.size === 0)
    throw new CongruentError('MODEL_LAYER', noCell(model, name === undefined ? undefined : layers[0]));
  return distinct(path, [...cells]);
}

/** Layers may differ in a number alone, such as where they clip, which names of cells do not have. */
function distinct(path: string, cells: readonly (readonly [text: string, layer: Layer])[]): readonly Cell[] {
  const names = new Map<string, Layer>();
  return cells.map(([text, layer]) => {
    const cell = defineCell(text);
    const other = names.get(cell.name);
    if (other) {
      const problem = `${path}: ${called(other)} and ${called(layer)} have different equations, both called ${cell.name}`;
      const remedy = `Generate each by its name into a folder of its own: ${path}#${layer.name}`;
      throw new CongruentError('MODEL_LAYER', `${problem}. ${remedy}`);
    }
    names.set(cell.name, layer);
    return cell;
  });
}

function noCell({ path }: ModelFile, layer: Layer | undefined): string {
  if (!layer) {
    const problem = `${path} has no layer with equations of its own, which only such need`;
    return `${problem}. See what runs its layers: npx congruent inspect ${path}`;
  }
  const { kind } = layer;
  const problem = `${path}: the equations of ${called(layer)} are those of ${kind}, which runs it`;
  return `${problem}. Nothing has to be generated; the lines are: npx congruent inspect ${path}`;
}
