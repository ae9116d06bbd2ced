import type { Layer } from '../model.ts';
import { type Instance, valueAt } from './values.ts';

/** What the object of a module knows of a layer and its state dict does not. */
interface Attributes {
  readonly batchFirst?: boolean;
  readonly nonlinearity?: 'tanh' | 'relu';
}

/**
 * Layers as the modules that have their parameters say they are run.
 *
 * @param modules  by their names in the model
 * @param codeOf   the source of a class of TorchScript
 */
export const withAttributes = (
  layers: readonly Layer[],
  modules: ReadonlyMap<string, Instance>,
  codeOf: (name: string) => string | undefined,
): readonly Layer[] =>
  layers.map((layer) => {
    const module = modules.get(layer.name);
    if (!module) return layer;
    const code = classIn(codeOf(module.of) ?? '', module.of.split('.').at(-1)!);
    const { batchFirst, nonlinearity } = code === '' ? inState(module) : inCode(code);
    return {
      ...layer,
      options: {
        ...layer.options,
        ...(batchFirst === undefined || layer.kind.endsWith('Cell') ? {} : { batchFirst }),
        ...(nonlinearity === undefined || !layer.kind.startsWith('RNN') ? {} : { nonlinearity }),
      },
    };
  });

/** torch.nn.RNN has its function in the `mode` that all of its layers have, and RNNCell by name. */
function inState({ state }: Instance): Attributes {
  const batchFirst = valueAt(state, 'batch_first');
  const mode = valueAt(state, 'mode') ?? valueAt(state, 'nonlinearity');
  return {
    ...(typeof batchFirst === 'boolean' ? { batchFirst } : {}),
    ...(mode === 'RNN_RELU' || mode === 'relu' ? { nonlinearity: 'relu' } : {}),
  };
}

/** A scripted class has these as constants, a traced one as arguments of the function that it calls, of which the last. */
function inCode(code: string): Attributes {
  const constant = (name: string): string | undefined =>
    new RegExp(`^ *${name} : Final\\[\\w+\\] = (.*)$`, 'm').exec(code)?.[1];
  const [, called, last] = /torch\.(gru|lstm|rnn_tanh|rnn_relu)\([^()]*\b(True|False)\)/.exec(code) ?? [];
  const batchFirst = constant('batch_first') ?? last;
  const mode = constant('mode') ?? constant('nonlinearity') ?? called ?? '';
  return {
    ...(batchFirst === undefined ? {} : { batchFirst: batchFirst === 'True' }),
    ...(/relu/i.test(mode) ? { nonlinearity: 'relu' } : {}),
  };
}

/** The text of one class of a module. */
const classIn = (code: string, name: string): string =>
  code.split(/^class /m).find((text) => text.startsWith(`${name}(`)) ?? '';
