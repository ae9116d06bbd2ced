import { describe, expect, test } from 'vitest';
import {
  type Backend,
  defineCell,
  defineGRU,
  defineGRUCell,
  defineLayer,
  defineLSTM,
  defineLSTMCell,
  defineRNN,
  type FloatArray,
  layoutsOf,
  type StateDict,
} from '../src/index.ts';
import { anyBackend, type TestCell } from './any-cell.ts';
import { gru, gruResetBefore, lstm, lstmProjected, network, rnnRelu, rnnTanh, twoOutputs } from './cells.ts';
import { expectCode } from './expect-code.ts';
import { ramp } from './reference.ts';

const of = (cell: TestCell): Backend<'sync', FloatArray> => anyBackend(cell);
const GRU = defineGRU({ gru: of(gru), gru_reset_before: of(gruResetBefore) });
const GRUCell = defineGRUCell({ gru: of(gru), gru_reset_before: of(gruResetBefore) });
const LSTM = defineLSTM({ lstm: of(lstm), lstm_projected: of(lstmProjected) });
const LSTMCell = defineLSTMCell({ lstm: of(lstm) });
const RNN = defineRNN({ rnn_tanh: of(rnnTanh), rnn_relu: of(rnnRelu) });
const Own = defineLayer<{ inputs: ['x']; states: ['h']; outputs: ['y', 'v']; sizes: 'I' | 'H' | 'O' }, 'sync'>(
  of(twoOutputs),
  'Own',
);
const OwnCell = defineCell<{ inputs: ['x']; states: ['h']; outputs: ['y', 'v']; sizes: 'I' | 'H' | 'O' }, 'sync'>(
  of(twoOutputs),
  'OwnCell',
);
const Network = defineLayer<{ inputs: ['x']; states: ['g1.h']; outputs: ['y']; sizes: never }, 'sync'>(
  of(network),
  'Network',
);

/** What the tests use of any class. */
interface AnyClass {
  createSync(options: object): { readonly options: object; stateDict(): StateDict };
  fromStateDict(dict: StateDict, options?: object): Promise<{ readonly options: object; stateDict(): StateDict }>;
  fromStateDictSync(dict: StateDict, options?: object): { readonly options: object; stateDict(): StateDict };
}

const behind = (prefix: string, dict: StateDict): StateDict =>
  Object.fromEntries(Object.entries(dict).map(([name, value]) => [prefix + name, value]));

const sizes = { inputSize: 5, hiddenSize: 4, dtype: 'float64', seed: 3 };

test.each([
  ['GRU', GRU, { ...sizes, numLayers: 3, bidirectional: true }, {}],
  ['GRU', GRU, { ...sizes, bias: false }, {}],
  ['GRU', GRU, { ...sizes, numLayers: 11 }, {}],
  ['GRU', GRU, { ...sizes, resetAfter: false }, { resetAfter: false }],
  ['GRUCell', GRUCell, sizes, {}],
  ['GRUCell', GRUCell, { ...sizes, bias: false }, {}],
  ['LSTM', LSTM, { ...sizes, numLayers: 2, bidirectional: true }, {}],
  ['LSTM', LSTM, { ...sizes, projSize: 3, numLayers: 2 }, {}],
  ['LSTM', LSTM, { ...sizes, projSize: 1, bias: false, bidirectional: true }, {}],
  ['LSTMCell', LSTMCell, sizes, {}],
  ['RNN', RNN, { ...sizes, nonlinearity: 'relu', numLayers: 2 }, { nonlinearity: 'relu' }],
  ['Own', Own, { sizes: { I: 2, H: 3, O: 4 }, dtype: 'float64', numLayers: 2, bidirectional: true }, {}],
  ['OwnCell', OwnCell, { sizes: { I: 2, H: 3, O: 4 }, dtype: 'float64' }, {}],
  ['Network', Network, { dtype: 'float64' }, {}],
] as const)('%s.fromStateDict reads %o from names and shapes', async (_name, layerClass, options, told) => {
  const Class = layerClass as unknown as AnyClass;
  const original = Class.createSync(options);
  const dict = behind('encoder.rnn.', original.stateDict());
  const given = { ...told, dtype: 'float64', prefix: 'encoder.rnn.' };
  const all = { ...dict, 'decoder.weight': ramp([2, 2]) };
  const read = Class.fromStateDictSync(all, given);
  expect(read.stateDict()).toEqual(original.stateDict());
  expect({ ...read.options, seed: 0 }).toEqual({ ...original.options, seed: 0 });
  expect((await Class.fromStateDict(all, given)).stateDict()).toEqual(original.stateDict());
});

test('options that the dict does not tell are passed on, with the defaults of create for the rest', () => {
  const { options } = GRU.fromStateDictSync(GRU.createSync({ inputSize: 2, hiddenSize: 3 }).stateDict(), {
    batchFirst: true,
    seed: 7,
  });
  expect(options).toMatchObject({ batchFirst: true, seed: 7, dropout: 0, dtype: 'float32' });
});

describe('fromStateDict refuses', () => {
  const dict = GRU.createSync({ inputSize: 2, hiddenSize: 3, numLayers: 2 }).stateDict();
  const { weight_ih_l0: _, ...without } = dict;

  test.each([
    [
      'a dict that lacks a parameter',
      () => GRU.fromStateDictSync(without),
      'Missing key(s) in state_dict: "weight_ih_l0"',
    ],
    ['an empty dict', () => GRU.fromStateDictSync({}), 'Missing key(s) in state_dict: "weight_ih_l0", "weight_hh_l0"'],
    [
      'names behind a prefix',
      () => GRU.fromStateDictSync(behind('a.b.', dict)),
      'GRU.fromStateDict(dict, { prefix }) reads the options from "a.b."',
    ],
    ['a prefix that no name has', () => GRU.fromStateDictSync(dict, { prefix: 'no.' }), 'Missing key(s)'],
    [
      'sizes that contradict it',
      () => GRU.fromStateDictSync(dict, { hiddenSize: 4 }),
      'size mismatch for weight_ih_l0',
    ],
    [
      'a projection, where the class has none',
      () => GRU.fromStateDictSync(LSTM.createSync({ inputSize: 2, hiddenSize: 3, projSize: 2 }).stateDict()),
      'Unexpected key(s) in state_dict: "weight_hr_l0"',
    ],
    [
      'what is no dict',
      () => GRU.fromStateDictSync([] as never),
      'GRU.fromStateDict: Expected state_dict to be dict-like',
    ],
    ['a tensor that is none', () => GRU.fromStateDictSync({ ...dict, weight_hh_l0: 5 as never }), 'weight_hh_l0'],
  ] as const)('%s, with CONGRUENT_STATE_DICT', (_title, act, text) => expectCode(act, 'CONGRUENT_STATE_DICT', text));

  test('a layout, where the backend has none, with CONGRUENT_OPTION', () =>
    expectCode(() => GRU.fromStateDictSync(dict, { layout: 'keras' }), 'CONGRUENT_OPTION', "Unknown option 'layout'"));

  test('an unknown option, with CONGRUENT_OPTION', () =>
    expectCode(() => GRU.fromStateDictSync(dict, { prefx: 'a' } as never), 'CONGRUENT_OPTION', "'prefix'"));

  test('a prefix that is no text, with CONGRUENT_OPTION', () =>
    expectCode(
      () => GRU.fromStateDictSync(dict, { prefix: 5 as never }),
      'CONGRUENT_OPTION',
      'prefix must be a string',
    ));
});

test('a size that only stands beside others is read, too: columns for an input and a state', () => {
  const signature = {
    ...gru.signature,
    parameters: {
      W: { blocks: ['W'], shape: ['G', 'I + H + 1'] },
      V: { blocks: ['R', 'S', 'T', 'U'], shape: ['H', 'G'] },
    },
  };
  const Joined = defineLayer<{ inputs: ['x']; states: ['h']; outputs: ['h']; sizes: 'I' | 'H' | 'G' }, 'sync'>(
    { ...of({ ...gru, signature }), layouts: layoutsOf({ plain: { W: '[W]', V: '[R; S; T; U]' } }) },
    'Joined',
  );
  const layer = Joined.createSync({ sizes: { I: 5, H: 2, G: 4 } });
  const read = Joined.fromStateDictSync(layer.stateDict());
  expect(read.options.sizes).toEqual({ I: 5, H: 2, G: 4 });
  expect(read.stateDict()).toEqual(layer.stateDict());
});

test('loadStateDict with a prefix takes the names behind it and ignores the others', () => {
  const layer = GRU.createSync({ inputSize: 2, hiddenSize: 3, seed: 1 });
  const dict = GRU.createSync({ inputSize: 2, hiddenSize: 3, seed: 2 }).stateDict();
  const loaded = layer.loadStateDict({ ...behind('rnn.', dict), other: ramp([1]) }, { prefix: 'rnn.' });
  expect(loaded).toEqual({ missingKeys: [], unexpectedKeys: [] });
  expect(layer.stateDict()).toEqual(dict);
});

test('a parameter that is one number is [] in a state dict, and [1] is taken', () => {
  const signature = {
    ...gru.signature,
    parameters: { ...gru.signature.parameters, scale: { blocks: ['k'], shape: [] } },
  };
  const Scaled = defineLayer<{ inputs: ['x']; states: ['h']; outputs: ['h']; sizes: 'I' | 'H' }, 'sync'>(
    of({ ...gru, signature }),
    'Scaled',
  );
  const layer = Scaled.createSync({ sizes: { I: 2, H: 3 } });
  const dict = layer.stateDict();
  expect(dict['scale_l0']!.shape).toEqual([]);
  const given = { data: Float32Array.of(5), shape: [1] };
  layer.loadStateDict({ ...dict, scale_l0: given });
  expect(layer.stateDict()['scale_l0']).toEqual({ data: Float32Array.of(5), shape: [] });
  return expectCode(
    () => layer.loadStateDict({ ...dict, scale_l0: { ...given, shape: [1, 1] } }),
    'CONGRUENT_STATE_DICT',
    'size mismatch for scale_l0',
  );
});
