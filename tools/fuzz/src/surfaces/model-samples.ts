// Small model files of every format that is read, in parts that can be changed one by one: what lies in an archive is
// changed before it is packed, so that readers get beyond its checksums.
import { readFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';
import { type Grouped, hdf5File, stored } from '../../../../packages/models/test/keras-hdf5-file.ts';
import * as onnx from '../../../../packages/models/test/onnx-model.ts';
import * as py from '../../../../packages/models/test/pytorch-files.ts';
import { workspace } from '../workspace.ts';

/** Bytes, or JSON that becomes a text. */
export type Part = Uint8Array | { readonly json: unknown };

export interface Sample {
  /** Whether reading it takes long; the others are tried more often. */
  readonly large?: boolean;
  readonly parts: readonly Part[];
  /** The main file, and those that it refers to. */
  assemble(parts: readonly Uint8Array[]): Assembled;
}

export interface Assembled {
  readonly bytes: Uint8Array;
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

const example = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`tools/examples/data/${name}`, workspace)));

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const alone = (part: Part): Sample => ({ parts: [part], assemble: ([bytes]) => ({ bytes: bytes! }) });

/** An archive whose files are parts. */
function archive(bytes: Uint8Array): Sample {
  const files = Object.entries(unzipSync(bytes));
  return {
    parts: files.map(([name, each]) => (name.endsWith('.json') ? { json: JSON.parse(textOf(each)) } : each)),
    assemble: (parts) => ({
      bytes: zipSync(Object.fromEntries(files.map(([name], i) => [name, parts[i]!])), { level: 0 }),
    }),
  };
}

const ramp = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i));
const list = (length: number): number[] => [...ramp(length)];

/** An LSTM of 2 features and 1 state, as a module with its attributes. */
const lstm = py.module(
  'torch.nn.modules.rnn.LSTM',
  { weight_ih_l0: py.tensor('0', [4, 2]), weight_hh_l0: py.tensor('1', [4, 1]), bias_ih_l0: py.tensor('2', [4]) },
  {},
  { mode: py.str('LSTM'), batch_first: '\x88', input_size: py.int(2), hidden_size: py.int(1) },
);
const storages = { 0: ramp(8), 1: ramp(4), 2: ramp(4) };

const small = onnx.model(
  onnx.initializer(onnx.raw('W', [1, 9, 2], list(18))),
  onnx.initializer(onnx.raw('R', [1, 9, 3], list(27))),
  onnx.constant('B0', onnx.raw('', [2, 9], list(18))),
  onnx.constant('i', onnx.indices('', [1, 18])),
  onnx.node('Reshape', ['B0', 'i'], ['B'], 'reshape'),
  onnx.node(
    'GRU',
    ['X', 'W', 'R', 'B'],
    ['Y'],
    'gru',
    onnx.int('hidden_size', 3),
    onnx.strings('activations', ['HardSigmoid', 'Tanh']),
  ),
);

/** Keras before 3: the configuration is an attribute of the HDF5 file. */
const legacyKeras: Sample = {
  parts: [
    {
      json: {
        class_name: 'Sequential',
        config: { name: 'net', layers: [{ class_name: 'GRU', config: { name: 'g', units: 3, reset_after: true } }] },
      },
    },
  ],
  assemble: ([config]) => {
    const weights: Readonly<Record<string, Grouped>> = {
      g: {
        attributes: { weight_names: ['kernel:0', 'recurrent_kernel:0', 'bias:0'] },
        children: { 'kernel:0': stored([2, 9]), 'recurrent_kernel:0': stored([3, 9]), 'bias:0': stored([2, 9]) },
      },
    };
    const attributes = { model_config: textOf(config!), keras_version: '2.9.0' };
    const groups = { model_weights: { attributes: { layer_names: ['g'] }, children: weights } };
    return { bytes: hdf5File({ attributes, children: groups }) };
  },
};

const tfjs: Sample = {
  parts: [{ json: JSON.parse(textOf(example('tfjs/model.json'))) }, example('tfjs/weights.bin')],
  assemble: ([bytes, weights]) => ({ bytes: bytes!, files: { 'weights.bin': weights! } }),
};

const nam = {
  version: '0.5.1',
  architecture: 'LSTM',
  config: { input_size: 1, hidden_size: 2, num_layers: 1 },
  weights: list(39),
};

const rtneural = {
  in_shape: [null, null, 1],
  layers: [
    { type: 'dense', activation: '', shape: [null, null, 2], weights: [[list(2)], list(2)] },
    {
      type: 'gru',
      activation: '',
      shape: [null, null, 1],
      weights: [[list(3), list(3)], [list(3)], [list(3), list(3)]],
    },
  ],
};

/** By format; those of a real tool are of tools/examples. */
export const samples: Readonly<Record<string, readonly Sample[]>> = {
  pytorch: [
    { ...archive(example('checkpoint.pth')), large: true },
    archive(py.torchZip(lstm, storages)),
    alone(py.torchLegacy(lstm, storages)),
  ],
  onnx: [{ ...alone(example('stream.onnx')), large: true }, alone(small)],
  keras: [{ ...archive(example('emg.keras')), large: true }, legacyKeras],
  tfjs: [tfjs],
  rtneural: [
    alone({ json: rtneural }),
    { ...alone({ json: JSON.parse(textOf(example('ts9-gru8.json'))) }), large: true },
  ],
  nam: [alone({ json: nam })],
};

/** What formats give a meaning, to be put in anywhere: a pickle can ask for anything to be called. */
export const snippets: Readonly<Record<string, readonly Uint8Array[]>> = {
  pytorch: [
    py.reduce('os.system', py.str('exit')),
    py.reduce('builtins.eval', py.str('1')),
    py.global('builtins.getattr'),
    py.global('torch.nn.modules.rnn.GRU'),
    py.reduce('collections.OrderedDict'),
    py.dict({ __proto__: py.int(1), constructor: py.int(2) }),
    py.tensor('1', [2 ** 30, 2 ** 20], { strides: [0, 0], length: 4 }),
    '('.repeat(2000),
    '\x94',
    'h\x01',
    'j\xff\xff\xff\xff',
    '0',
    '2',
    'R',
    'b',
    '.',
  ].map(py.latin),
};
