import type { Layer } from '@congruent/models';
import { CongruentError } from '@congruent/runtime';
import type { ModelFile } from './model-file.ts';
import { printable } from './printable.ts';

/** Layers that a message lists. */
const LISTED = 20;

/**
 * The layer of a model file that a word of the command line means: its name, or where none is called so its number as
 * `congruent inspect` lists it; without a word the only one.
 *
 * @throws CongruentError MODEL_LAYER where there is none, or several, or it may not be run
 */
export function layerNamed({ path, layers }: ModelFile, word: string | undefined): Layer {
  if (layers.length === 0) throw refused(`${path} has no recurrent layer`, `See what it has: npx congruent inspect`);
  const named = layers.filter(
    ({ name }, at) => word === undefined || name === word || (!isName(layers, word) && `${at}` === word),
  );
  const [layer, ...others] = named;
  if (!layer)
    throw refused(`${path} has no layer ${quoted(word!)}. It has: ${listed(layers)}`, 'Name one: --layer NAME');
  if (others.length > 0) {
    const alike = word === undefined ? '' : ` called ${quoted(word)}`;
    const problem = `${path} has ${named.length} layers${alike}: ${listed(layers, new Set(named))}`;
    throw refused(problem, `Say which, by name or number: --layer ${layers.indexOf(layer)}`);
  }
  if (layer.notes.length > 0) {
    throw refused(
      `${path}: ${called(layer)} may not be run: ${printable(layer.notes.join('; '), 1000)}`,
      'Nothing else is computed in its place',
    );
  }
  return layer;
}

const isName = (layers: readonly Layer[], word: string): boolean => layers.some(({ name }) => name === word);

/** How a message names a layer. */
export const called = ({ name }: Layer): string =>
  name === '' ? 'the layer without a name' : `the layer ${quoted(name)}`;

const quoted = (name: string): string => `'${printable(name)}'`;

/** `0 'encoder.rnn' (GRU), 1 'decoder.rnn' (LSTM)`. */
function listed(layers: readonly Layer[], only: ReadonlySet<Layer> = new Set(layers)): string {
  const all = layers.flatMap((layer, at) => (only.has(layer) ? [`${at} ${quoted(layer.name)} (${layer.kind})`] : []));
  const more = all.length - LISTED;
  return all.slice(0, LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const refused = (problem: string, remedy: string): CongruentError =>
  new CongruentError('MODEL_LAYER', `${problem}. ${remedy}.`);
