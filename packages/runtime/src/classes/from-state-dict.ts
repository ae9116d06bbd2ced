import type { Mode } from '../backend/engine.ts';
import type { CellSignature } from '../backend/signature.ts';
import { resolve } from '../options/option-rules.ts';
import { MAX_LAYERS } from '../options/options.ts';
import { isRecurrent } from '../parameters/parameters.ts';
import type { ReadSizes } from '../parameters/read-sizes.ts';
import { LOAD_RULES, withoutPrefix } from '../parameters/state-dict.ts';
import { lengthIn } from '../tensor.ts';
import type { Definition, Stacking } from './definition.ts';

/**
 * The options of a class whose parameters are in a dict, as names and shapes tell, and what is given besides. What the dict
 * does not have is left to `loadStateDict` to tell.
 *
 * @throws CONGRUENT_OPTION; CONGRUENT_STATE_DICT where it is no dict
 */
export function optionsFromStateDict<M extends Mode, B>(
  definition: Definition<M, B>,
  stacking: Pick<Stacking<M, B>, 'suffixes'>,
  dict: unknown,
  given: object,
): object {
  const { name, rules, backend } = definition;
  const suffix = stacking.suffixes({} as never)[0]![0]!;
  const where = `${name}.fromStateDict`;
  const own = Object.keys({ ...rules, ...backend.options });
  const { prefix, layout } = resolve(
    where,
    { ...LOAD_RULES, ...backend.layouts?.rules },
    given,
    own,
    backend.hints?.option,
  );
  const entries = withoutPrefix(where, dict, prefix as string);
  const hint = definition.hint?.((ending) => hasEnding(entries, ending));
  const { layouts, signature } = definition.cell(where, { ...hint, ...given });
  const sizes = layouts?.sizesIn(where, signature, suffix, layout as string, entries);
  const { dimensions, ...stack } = stackIn(entries, signature, suffix, sizes);
  const read = { ...definition.options(dimensions), ...stack };
  return Object.fromEntries(Object.entries({ ...read, ...given }).filter(([option]) => own.includes(option)));
}

/** What the names and shapes in a dict say of the layers of a cell. */
export interface StackInDict extends ReadSizes {
  readonly numLayers: number;
  readonly bidirectional: boolean;
}

/**
 * @param suffix  what stands behind the names of the first layer's parameters
 * @param sizes   as another layout says them; default: as layers take the parameters
 */
export const stackIn = (
  entries: ReadonlyMap<string, unknown>,
  signature: CellSignature,
  suffix: string,
  sizes: ReadSizes = sizesOf(signature, suffix, entries),
): StackInDict => {
  let numLayers = 1;
  // As a file may have any number of names, no more are looked for than there can be.
  while (numLayers <= MAX_LAYERS && hasEnding(entries, `_l${numLayers}`)) numLayers++;
  return { ...sizes, numLayers, bidirectional: hasEnding(entries, '_l0_reverse') };
};

const hasEnding = (entries: ReadonlyMap<string, unknown>, ending: string): boolean =>
  [...entries.keys()].some((each) => each.endsWith(ending));

/**
 * What a dict says that has the parameters as layers take them, where nothing else is there to read it: pages for inference
 * have no layouts, and their classes no sums of dimensions. Lengths are preferably those of columns, which no number of blocks
 * multiplies, and 1 where the dict does not have the parameter that tells.
 */
function sizesOf(signature: CellSignature, suffix: string, entries: ReadonlyMap<string, unknown>): ReadSizes {
  const dimensions: Record<string, number> = {};
  let bias = false;
  for (const axis of [1, 0] as const) {
    for (const [layout, { blocks, shape }] of Object.entries(signature.parameters)) {
      const tensor = entries.get(isRecurrent(signature, layout) ? layout + suffix : layout);
      bias ||= shape.length === 1 && tensor !== undefined;
      const dimension = shape[axis];
      if (typeof dimension === 'string') {
        dimensions[dimension] ??= Math.floor(lengthIn(tensor, axis) / (axis === 0 ? blocks.length : 1)) || 1;
      }
    }
  }
  return { dimensions, bias };
}
