import { describe, expect, test } from 'vitest';
import {
  type Backend,
  type CongruentError,
  defineGRU,
  defineGRUCell,
  defineLayer,
  defineLSTM,
  defineRNN,
  type FloatArray,
  type OwnNames,
  type StateDict,
  type Tensor,
} from '../src/index.ts';
import { anyBackend, type TestCell } from './any-cell.ts';
import { gru, lstm, rnnTanh } from './cells.ts';
import { expectCode } from './expect-code.ts';

/** A backend of a cell with parameters as torch has them; it is not run. */
function backendOf(cell: TestCell, gates: readonly string[]): Backend<'sync', FloatArray> {
  const parameters = {
    weight_ih: { blocks: gates.map((gate) => `W_i${gate}`), shape: ['H', 'I'] },
    weight_hh: { blocks: gates.map((gate) => `W_h${gate}`), shape: ['H', 'H'] },
    bias_ih: { blocks: gates.map((gate) => `b_i${gate}`), shape: ['H'] },
    bias_hh: { blocks: gates.map((gate) => `b_h${gate}`), shape: ['H'] },
  };
  return anyBackend({ ...cell, signature: { ...cell.signature, parameters } });
}

const GRU = defineGRU({ gru: backendOf(gru, ['r', 'z', 'n']) });
const GRUCell = defineGRUCell({ gru: backendOf(gru, ['r', 'z', 'n']) });
const LSTM = defineLSTM({ lstm: backendOf(lstm, ['i', 'f', 'g', 'o']) });
const sizes = { inputSize: 2, hiddenSize: 3 } as const;
const zeros = (...shape: number[]): Tensor => ({
  data: new Float32Array(shape.reduce((size, length) => size * length, 1)),
  shape,
});
const behind = (prefix: string, dict: StateDict): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(dict).map(([name, value]) => [prefix + name, value as Tensor]));
const renamed = (dict: StateDict, rename: (name: string) => string): StateDict =>
  Object.fromEntries(Object.entries(dict).map(([name, value]) => [rename(name), value]));

/** What a GRU of these sizes says of a dict. */
function refusal(
  dict: StateDict,
  options: object = {},
  of: { loadStateDict: (d: StateDict, o: object) => unknown } = GRU.createSync(sizes),
): string {
  try {
    of.loadStateDict(dict, options);
  } catch (error) {
    expect((error as CongruentError).code).toBe('CONGRUENT_STATE_DICT');
    return (error as CongruentError).message;
  }
  throw new Error('it was loaded');
}

const good = GRU.createSync({ ...sizes, seed: 3 }).stateDict();
const larger = GRU.createSync({ inputSize: 5, hiddenSize: 7 }).stateDict();
const ofLSTM = LSTM.createSync(sizes).stateDict();
const STRICT = '{ strict: false }';

describe('a dict that does not fit', () => {
  const cases: readonly (readonly [string, StateDict, string])[] = [
    ['of ONNX', { W: zeros(1, 9, 2), R: zeros(1, 9, 3), B: zeros(1, 18) }, 'names of onnx: pass'],
    [
      'of a node of ONNX',
      { '/rnn/GRU_W': zeros(1, 9, 2), '/rnn/GRU_R': zeros(1, 9, 3) },
      'readModel of @congruent/models',
    ],
    ['in the layout onnx', { W_l0: zeros(9, 2), R_l0: zeros(9, 3), B_l0: zeros(18) }, "{ layout: 'onnx' }"],
    [
      'of Keras',
      { 'gru/gru_cell/kernel:0': zeros(2, 9), 'gru/gru_cell/recurrent_kernel:0': zeros(3, 9) },
      'names of keras',
    ],
    ['in the layout keras', { kernel_l0: zeros(2, 9), recurrent_kernel_l0: zeros(3, 9) }, "{ layout: 'keras' }"],
    [
      'of a GRUCell',
      renamed(good, (name) => name.replace('_l0', '')),
      'names of GRUCell: use it, or put _l0 behind them',
    ],
    [
      'of weight_norm',
      { ...good, weight_hh_l0_g: zeros(9, 1), weight_hh_l0_v: zeros(9, 3), weight_hh_l0: undefined } as never,
      '',
    ],
    ['of an LSTM', ofLSTM, 'These are parameters of LSTM'],
    ['of other sizes', larger, 'GRU.fromStateDict(dict, { prefix }) reads the options from it'],
    ['with a matrix that is transposed', { ...good, weight_ih_l0: zeros(2, 9) }, 'weight_ih_l0 is transposed'],
    [
      'of integers',
      { ...good, weight_hh_l0: { data: new Int8Array(27), shape: [9, 3], dtype: 'int8' } } as never,
      'weight_hh_l0 is int8.',
    ],
    ['of DataParallel', behind('module.rnn.', good), 'pass { prefix: "module.rnn." }'],
    ['without biases', { weight_ih_l0: zeros(9, 2), weight_hh_l0: zeros(9, 3) }, 'reads the options from it'],
    ['of nobody', { foo: zeros(1) }, 'Nothing was loaded.'],
    ['inside of what readSafetensors gives', { tensors: good, metadata: {} } as never, 'pass its tensors.'],
    ['inside of a layer of readModel', { kind: 'GRU', parameters: good } as never, 'pass its parameters.'],
    ['inside of what readModel gives', { tensors: {}, layers: [] } as never, 'pass its tensors.'],
  ];
  test.each(cases)('%s: the cause is named, and nothing that leaves random weights', (_, dict, text) => {
    const message = refusal(dict);
    expect(message).toContain(text);
    expect(message).not.toContain(STRICT);
  });

  test('of arrays in the place of tensors: what makes tensors of them, and no more', () => {
    const arrays = Object.fromEntries(Object.entries(good).map(([name, { data }]) => [name, data]));
    expect(refusal(arrays as never)).toMatch(/Make one with tensor\(data, shape\)\.\nNothing was loaded\.$/);
  });

  test('of weight_norm, of parametrizations, of pruning', () => {
    const { weight_hh_l0: _, ...rest } = good;
    const parts = [['_g', '_v'], ['_raw'], ['_orig', '_mask']].map((ends) => ends.map((end) => `weight_hh_l0${end}`));
    for (const names of [...parts, ['parametrizations.weight_hh_l0.original0']]) {
      const dict = { ...rest, ...Object.fromEntries(names.map((name) => [name, zeros(9, 3)])) };
      expect(refusal(dict)).toContain('These are parts of weights: remove_weight_norm');
      expect(refusal(dict)).not.toContain(STRICT);
    }
  });

  test('of a GRU in a GRUCell', () => {
    expect(refusal(good, {}, GRUCell.createSync(sizes))).toContain('names of GRU: use it, or take _l0 from them');
  });

  test('of a cell of one’s own, whose names may be those of ONNX', () => {
    const parameters = { W: { blocks: ['W'], shape: ['H', 'I'] }, U: { blocks: ['U'], shape: ['H', 'H'] } };
    const own = anyBackend({ ...rnnTanh, signature: { ...rnnTanh.signature, name: 'own', parameters } });
    const Own = defineLayer<OwnNames>(own, 'Own');
    const layer = Own.createSync({ sizes: { I: 2, H: 3 } }) as never;
    expect(refusal({ W_l0: zeros(3, 2) }, {}, layer)).toContain(
      'Own.fromStateDict(dict, { prefix }) reads the options from it',
    );
  });

  test('of a GRU in an LSTM', () => {
    expect(refusal(good, {}, LSTM.createSync(sizes))).toContain('These are parameters of GRU');
  });

  test('with more than is needed, and nothing wrong: the names may be skipped', () => {
    expect(refusal({ ...good, step: zeros(1) })).toMatch(
      /Nothing was loaded. Pass \{ strict: false \} to skip these names.$/,
    );
  });

  test('with another layer: the options are read, or it is skipped', () => {
    const message = refusal({ ...good, weight_ih_l1: zeros(9, 3) });
    expect(message).toContain('fromStateDict(dict, { prefix }) reads the options');
    expect(message).toContain(STRICT);
  });

  test('without a cause that is known: the plain message, also without hints', () => {
    const plain = defineRNN({ rnn_tanh: { ...anyBackend(rnnTanh), hints: undefined } }).createSync(sizes);
    const message = refusal({ foo: zeros(1) }, {}, plain);
    expect(message).toContain('Missing key(s) in state_dict: "weight_ih_l0"');
    expect(message).toMatch(/Nothing was loaded.$/);
  });
});

describe('prefixes', () => {
  test('those are listed that fit, whole and in size; the rest is counted', () => {
    const dict: Record<string, Tensor> = {};
    for (let i = 0; i < 14; i++) Object.assign(dict, behind(`block.${i}.rnn.`, i < 11 ? good : larger));
    Object.assign(dict, behind('lstm.', ofLSTM), { 'half.weight_ih_l0': zeros(9, 2) });
    const message = refusal(dict);
    expect(message).toContain('these names behind 11 prefixes: pass one, { prefix: "block.0.rnn.",');
    expect(message).toContain('"block.7.rnn." and 3 more');
    for (const prefix of ['block.8.', 'lstm.', 'half.', 'block.12.'].map((each) => `"${each}`)) {
      expect(message).not.toContain(prefix);
    }
    expect(message.length).toBeLessThan(2000);
  });

  test('where none fits in size, those that have the names', () => {
    expect(refusal({ ...behind('a.', larger), ...behind('b.', ofLSTM) })).toContain(
      'GRU.fromStateDict(dict, { prefix }) reads the options from "a.", "b."',
    );
  });

  test('one that is given and wrong: the right one', () => {
    expect(refusal(behind('encoder.rnn.', good), { prefix: 'rnn.' })).toContain('pass { prefix: "encoder.rnn." }');
  });

  test('one that is given where there is none', () => {
    for (const dict of [good, larger]) {
      expect(refusal(dict, { prefix: 'rnn.' })).toMatch(/has these names behind no prefix: leave it out\.$/);
    }
  });

  test('no message is longer than 2,000 characters, and each ends with what to do', () => {
    const many: Record<string, Tensor> = behind('encoder.', good);
    for (let i = 0; i < 20_000; i++) many[`decoder.layers.${i}.attention.weight`] = zeros(1);
    many['x'.repeat(1_000_000)] = zeros(1);
    const message = refusal(many);
    expect(message.length).toBeLessThan(2000);
    expect(message).toMatch(/pass \{ prefix: "encoder." \}.$/);
  });
});

describe('options', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['units', 'Here that is hiddenSize. '],
    ['linear_before_reset', 'Here that is resetAfter'],
    ['return_sequences', 'Here that is output'],
    ['returnSequences', 'Here that is output'],
    ['stateful', 'Here that is stream()'],
    ['go_backwards', 'the input reversed'],
    ['recurrentActivation', 'a cell of your own'],
    ['activation', 'a cell of your own'],
    ['reset_after', "The nearest known one is 'resetAfter'"],
    ['hidden', "The nearest known one is 'hiddenSize'"],
  ];
  test.each(cases)('%s of another framework: %s', (name, text) =>
    expectCode(() => GRU.createSync({ ...sizes, [name]: 1 }), 'CONGRUENT_OPTION', `Unknown option '${name}'. `, text),
  );

  test.each(['foo', 'resetting', 'time', 'clip', '', 'x'.repeat(10_000)])('%s is near to none', (name) =>
    expectCode(() => GRU.createSync({ ...sizes, [name]: 1 }), 'CONGRUENT_OPTION', 'All: inputSize, hiddenSize').then(
      () => expect(() => GRU.createSync({ ...sizes, [name]: 1 })).not.toThrow('nearest'),
    ),
  );

  test('resetAfter of an LSTM is not near to seed', () =>
    expectCode(
      () => LSTM.createSync({ ...sizes, resetAfter: true } as never),
      'CONGRUENT_OPTION',
      "'resetAfter'. All: ",
    ));
});
