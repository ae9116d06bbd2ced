import { CongruentError, describe, listOf, type StoredStateDict, type Tensor } from '@congruent/runtime';
import { checkTensors, entriesOf, quoted } from './tensor-records.ts';

/**
 * The state dicts of the parts of a model as one, names behind the part's name and a dot, as torch names a module's
 * parameters: `gru.weight_ih_l0`, `encoder.rnn.weight_ih_l0`. `splitStateDict` takes them apart again. Gradients join likewise.
 *
 * @param parts  by name
 * @returns a new record of the same tensors, not copies
 * @throws CONGRUENT_STATE_DICT for a part that is no record, a name that is empty, or one that two parts give;
 *         CONGRUENT_SHAPE, CONGRUENT_DTYPE
 * @example
 * const parameters = joinStateDicts({ gru: gru.stateDict(), head: head.stateDict() });
 */
export function joinStateDicts(parts: Readonly<Record<string, StoredStateDict>>): Record<string, Tensor> {
  const joined = new Map<string, Tensor>();
  for (const [part, dict] of entriesOf('joinStateDicts', parts)) {
    if (part === '')
      refuse("joinStateDicts: a part's name must not be empty. Give it the name that torch has for the module.");
    for (const [name, tensor] of checkTensors(`joinStateDicts: ${part}`, dict)) {
      const whole = `${part}.${name}`;
      if (joined.has(whole)) refuse(`joinStateDicts: two parts give ${quoted([whole])}. Rename one of them.`);
      joined.set(whole, tensor);
    }
  }
  return Object.fromEntries(joined);
}

/**
 * Parts of a state dict: of each, what stands behind its name and a dot. What belongs to none of them is left out, so that
 * those of a whole model's checkpoint that run here are taken from it; a tensor may be of any element type.
 *
 * @param dict   tensors by name, e.g. what an optimiser's `step` or `readSafetensors` gives
 * @param parts  names such as `gru`, or `encoder.rnn` where modules are nested
 * @returns new records of the same tensors, not copies
 * @throws CONGRUENT_STATE_DICT for a part of which there is nothing; CONGRUENT_OPTION for parts that are no names
 * @example
 * const { gru: ofGRU, head: ofHead } = splitStateDict(parameters, ['gru', 'head']);
 * gru.loadStateDict(ofGRU);
 * head.loadStateDict(ofHead);
 */
export function splitStateDict<P extends string, T extends StoredStateDict[string]>(
  dict: Readonly<Record<string, T>>,
  parts: readonly P[],
): Record<P, Record<string, T>> {
  const entries = entriesOf('splitStateDict', dict) as [string, T][];
  const split = namesOf(parts).map((part) => {
    const of = entries.filter(([name]) => name.startsWith(`${part}.`));
    if (of.length === 0) {
      refuse(
        `splitStateDict: no name begins with ${quoted([`${part}.`])}. ${whatThereIs(entries.map(([name]) => name))}`,
      );
    }
    return [part, Object.fromEntries(of.map(([name, value]) => [name.slice(part.length + 1), value]))];
  });
  return Object.fromEntries(split);
}

function namesOf<P extends string>(parts: readonly P[]): readonly P[] {
  const names = listOf(parts);
  const odd = names?.findIndex((name) => typeof name !== 'string' || name === '');
  if (names && odd === -1) return names as readonly P[];
  throw new CongruentError(
    'CONGRUENT_OPTION',
    "splitStateDict: parts must be an array of names such as ['gru', 'head'], " +
      `got ${names ? `${describe(names[odd!])} in it` : describe(parts)}.`,
  );
}

/** The parts that a dict has: names up to their last dots. */
function whatThereIs(names: readonly string[]): string {
  const parts = new Set(names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('.')))));
  parts.delete('');
  if (parts.size === 0)
    return `The dict has ${names.length} names without a part, as that of one module: load it as it is.`;
  const listed = quoted([...parts].slice(0, 12));
  return `The dict has parts of these names: ${listed}${parts.size > 12 ? ` and ${parts.size - 12} more` : ''}.`;
}

function refuse(message: string): never {
  throw new CongruentError('CONGRUENT_STATE_DICT', message);
}
