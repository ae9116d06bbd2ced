import type { Mode } from '../backend/engine.ts';
import type { CellSignature } from '../backend/signature.ts';
import { resolve } from '../options/option-rules.ts';
import { isRecurrent } from '../parameters/parameters.ts';
import { LOAD_RULES, withoutPrefix } from '../parameters/state-dict.ts';
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
  const own = [...Object.keys(rules), ...backend.options];
  const { prefix } = resolve(where, LOAD_RULES, given, own);
  const entries = withoutPrefix(where, dict, prefix as string);
  const has = (ending: string): boolean => [...entries.keys()].some((each) => each.endsWith(ending));
  const hint = definition.hint?.(has);
  const { signature } = definition.cell(where, { ...hint, ...given });
  let numLayers = 1;
  while (has(`_l${numLayers}`)) numLayers++;
  const read = {
    ...definition.options(readDimensions(signature, suffix, entries)),
    numLayers,
    bidirectional: has('_l0_reverse'),
    bias: has(`bias_ih${suffix}`),
  };
  return Object.fromEntries(Object.entries({ ...read, ...given }).filter(([option]) => own.includes(option)));
}

/**
 * Lengths of dimensions, preferably those that no number of blocks multiplies; 1 where the dict does not have the parameter
 * that tells.
 */
function readDimensions(
  signature: CellSignature,
  suffix: string,
  entries: ReadonlyMap<string, unknown>,
): Record<string, number> {
  const found: Record<string, number> = {};
  const read = (isRead: (blocks: number) => boolean): void => {
    for (const [layout, { blocks, shape }] of Object.entries(signature.parameters)) {
      const tensor = entries.get(isRecurrent(signature, layout) ? layout + suffix : layout);
      const lengths = (tensor as { readonly shape?: readonly number[] } | undefined)?.shape ?? [];
      shape.forEach((dimension, i) => {
        const count = i === 0 ? blocks.length : 1;
        const length = lengths[i]! / count;
        if (typeof dimension === 'string' && isRead(count)) found[dimension] ??= length >= 1 ? Math.floor(length) : 1;
      });
    }
  };
  read((count) => count === 1);
  read(() => true);
  return found;
}
