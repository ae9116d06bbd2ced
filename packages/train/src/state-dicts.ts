import { CongruentError, type StateDict, type Tensor } from '@congruent/runtime';
import { checkTensors, entriesOf, quoted } from './tensor-records.ts';

/**
 * The state dicts of the parts of a model as one, names behind the part's name and a dot, as torch names a module's
 * parameters: `gru.weight_ih_l0`, `head.weight`. `splitStateDict` takes them apart again. Gradients join likewise.
 *
 * @param parts  by name; a name has no dot
 * @returns a new record of the same tensors, not copies
 * @throws CONGRUENT_STATE_DICT for a part that is no record, or a name that is empty or has a dot; CONGRUENT_SHAPE, CONGRUENT_DTYPE
 * @example
 * const parameters = joinStateDicts({ gru: gru.stateDict(), head: head.stateDict() });
 */
export function joinStateDicts(parts: Readonly<Record<string, StateDict>>): Record<string, Tensor> {
  const entries = entriesOf('joinStateDicts', parts).flatMap(([part, dict]): [string, Tensor][] => {
    if (part === '' || part.includes('.')) {
      throw new CongruentError(
        'CONGRUENT_STATE_DICT',
        `joinStateDicts: a part's name must not be empty or have a dot, got "${part}". ` +
          'What is behind the first dot is the name within the part.',
      );
    }
    return [...checkTensors(`joinStateDicts: ${part}`, dict)].map(([name, value]) => [`${part}.${name}`, value]);
  });
  return Object.fromEntries(entries);
}

/**
 * What `joinStateDicts` joined, by part: the name up to the first dot.
 *
 * @param dict   tensors by name, e.g. what an optimiser's `step` or `readSafetensors` gives
 * @param parts  the parts that are expected; each is in the result, empty where `dict` has nothing of it
 * @returns new records of the same tensors, not copies
 * @throws CONGRUENT_STATE_DICT for a name that belongs to none of the parts; CONGRUENT_SHAPE, CONGRUENT_DTYPE
 * @example
 * const { gru: ofGRU, head: ofHead } = splitStateDict(parameters, ['gru', 'head']);
 * gru.loadStateDict(ofGRU);
 * head.loadStateDict(ofHead);
 */
export function splitStateDict<P extends string>(
  dict: StateDict,
  parts: readonly P[],
): Record<P, Record<string, Tensor>> {
  const entries = [...checkTensors('splitStateDict', dict)];
  const partOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf('.')));
  const unexpected = entries.map(([name]) => name).filter((name) => !parts.includes(partOf(name) as P));
  if (unexpected.length > 0) {
    throw new CongruentError(
      'CONGRUENT_STATE_DICT',
      `splitStateDict: Unexpected key(s) in state_dict: ${quoted(unexpected)}. ` +
        `Each name must begin with one of the parts and a dot; the parts are ${quoted(parts)}.`,
    );
  }
  const split = parts.map((part) => [
    part,
    Object.fromEntries(
      entries.filter(([name]) => partOf(name) === part).map(([name, value]) => [name.slice(part.length + 1), value]),
    ),
  ]);
  return Object.fromEntries(split);
}
