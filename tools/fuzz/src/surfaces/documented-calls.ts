// What users call, with arguments that are right.
import {
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  readSafetensors,
  tensor,
  writeSafetensors,
} from '@congruent/runtime';
import * as train from '@congruent/train';
import type { Backend, Method, Thing } from '../backends.ts';

/** A call: its arguments, made anew each time, and what is called with them. */
export interface DocumentedCall {
  args(): unknown[];
  call(things: Things, args: readonly unknown[]): unknown;
}

/** What calls are made on, made when one asks for it. */
export class Things {
  readonly #backend: Backend;
  readonly made: Map<string, Thing> = new Map();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  class(name: string): Thing {
    return this.#backend.classes[name]!;
  }

  /** A layer or a cell of a class. */
  async of(name: string): Promise<Thing> {
    const options = { inputSize: 2, hiddenSize: 3, ...this.#backend.options };
    return this.#once(name, () => this.class(name)['create']!(options));
  }

  async stream(): Promise<Thing> {
    const layer = await this.of('GRU');
    return this.#once('stream', () => layer['stream']!({ batchSize: 2 }));
  }

  async #once(name: string, make: () => unknown): Promise<Thing> {
    const thing = this.made.get(name) ?? ((await make()) as Thing);
    this.made.set(name, thing);
    return thing;
  }

  async dispose(): Promise<void> {
    for (const thing of this.made.values()) await thing['dispose']!();
  }
}

const values = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i + 1));
const ofShape = (...shape: readonly number[]): { data: Float32Array; shape: number[] } => ({
  data: values(shape.reduce((product, size) => product * size, 1)),
  shape: [...shape],
});
const x = () => ofShape(4, 2, 2);
const state = () => ofShape(1, 2, 3);
const packed = () => structuredClone(packPaddedSequence(x(), [4, 2]));
const dict = () => ({
  weight_ih_l0: ofShape(9, 2),
  weight_hh_l0: ofShape(9, 3),
  bias_ih_l0: ofShape(9),
  bias_hh_l0: ofShape(9),
});
const prefixed = () => Object.fromEntries(Object.entries(dict()).map(([name, value]) => [`rnn.${name}`, value]));

/** A method of a thing of a class, or of a stream. */
const method =
  (of: string, name: string): DocumentedCall['call'] =>
  async (things, args) => {
    const thing = of === 'stream' ? await things.stream() : await things.of(of);
    return thing[name]!(...args);
  };

const createOf =
  (name: string): DocumentedCall['call'] =>
  (things, args) =>
    things.class(name)['create']!(...args);

const pullbackOf =
  (of: string, ...given: readonly (() => unknown)[]): DocumentedCall['call'] =>
  async (things, args) => {
    const { pullback } = (await method(of, 'vjp')(
      things,
      given.map((make) => make()),
    )) as { pullback: Method };
    return pullback(...args);
  };

const plain =
  (call: (...args: never[]) => unknown): DocumentedCall['call'] =>
  (_, args) =>
    call(...(args as never[]));

const options = (more: object = {}) => ({ inputSize: 2, hiddenSize: 3, numLayers: 2, dropout: 0, seed: 1, ...more });
const cellOptions = () => ({ inputSize: 2, hiddenSize: 3, bias: true, dtype: 'float32', seed: 1 });
const flags = { bias: true, batchFirst: false, bidirectional: true, dtype: 'float32' };

export const documentedCalls: Readonly<Record<string, DocumentedCall>> = {
  'GRU.create': { args: () => [options({ ...flags, resetAfter: true })], call: createOf('GRU') },
  'LSTM.create': { args: () => [options({ ...flags, projSize: 0 })], call: createOf('LSTM') },
  'RNN.create': { args: () => [options({ ...flags, nonlinearity: 'tanh' })], call: createOf('RNN') },
  'GRUCell.create': { args: () => [cellOptions()], call: createOf('GRUCell') },
  'GRU.fromStateDict': {
    args: () => [prefixed(), { prefix: 'rnn.', batchFirst: true, layout: 'torch' }],
    call: (things, args) => things.class('GRU')['fromStateDict']!(...args),
  },
  'GRU.forward': { args: () => [x(), state()], call: method('GRU', 'forward') },
  'GRU.forward, packed': { args: () => [packed(), state()], call: method('GRU', 'forward') },
  'LSTM.forward': { args: () => [x(), [state(), state()]], call: method('LSTM', 'forward') },
  'GRU.vjp': { args: () => [x(), state()], call: method('GRU', 'vjp') },
  'GRU pullback': {
    args: () => [{ output: ofShape(4, 2, 3), hn: state() }],
    call: pullbackOf('GRU', x, state),
  },
  'GRU pullback, packed': {
    args: () => [{ output: { ...packed(), data: ofShape(6, 3) } }],
    call: pullbackOf('GRU', packed),
  },
  'LSTM pullback': {
    args: () => [{ output: ofShape(4, 2, 3), hn: state(), cn: state() }],
    call: pullbackOf('LSTM', x),
  },
  'GRU.stream': { args: () => [{ batchSize: 2, h0: state() }], call: method('GRU', 'stream') },
  'stream.step': { args: () => [values(4)], call: method('stream', 'step') },
  'stream.reset': { args: () => [state()], call: method('stream', 'reset') },
  'GRU.loadStateDict': {
    args: () => [prefixed(), { strict: true, prefix: 'rnn.', layout: 'torch' }],
    call: method('GRU', 'loadStateDict'),
  },
  'GRU.stateDict': { args: () => [{ layout: 'keras' }], call: method('GRU', 'stateDict') },
  'GRU.train': { args: () => [true], call: method('GRU', 'train') },
  'GRUCell.forward': { args: () => [ofShape(2, 2), ofShape(2, 3)], call: method('GRUCell', 'forward') },
  'LSTMCell.vjp': {
    args: () => [ofShape(2, 2), [ofShape(2, 3), ofShape(2, 3)]],
    call: method('LSTMCell', 'vjp'),
  },
  'GRUCell pullback': { args: () => [ofShape(2, 3)], call: pullbackOf('GRUCell', () => ofShape(2, 2)) },
  tensor: { args: () => [values(6), [2, 3]], call: plain(tensor) },
  'tensor, nested': {
    args: () => [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    call: plain(tensor),
  },
  packPaddedSequence: {
    args: () => [x(), [2, 4], { batchFirst: false, enforceSorted: false }],
    call: plain(packPaddedSequence),
  },
  padPackedSequence: {
    args: () => [packed(), { batchFirst: true, paddingValue: 2, totalLength: 5 }],
    call: plain(padPackedSequence),
  },
  packSequence: { args: () => [[ofShape(3, 2), ofShape(2, 2)], { enforceSorted: true }], call: plain(packSequence) },
  padSequence: {
    args: () => [[ofShape(3, 2), ofShape(2, 2)], { batchFirst: true, paddingValue: 1 }],
    call: plain(padSequence),
  },
  readSafetensors: { args: () => [writeSafetensors(dict())], call: plain(readSafetensors) },
  writeSafetensors: { args: () => [dict(), { format: 'pt' }], call: plain(writeSafetensors) },
  Adam: {
    args: () => [{ lr: 0.01, betas: [0.9, 0.99], eps: 1e-8, weightDecay: 0 }],
    call: plain((given: train.AdamOptions) => new train.Adam(given)),
  },
  'Adam.step': {
    args: () => [dict(), dict()],
    call: plain((...given: Parameters<train.Adam['step']>) => new train.Adam().step(...given)),
  },
  'SGD.step': {
    args: () => [dict(), dict()],
    call: plain((...given: Parameters<train.SGD['step']>) => new train.SGD({ lr: 0.1 }).step(...given)),
  },
  clipGradNorm: { args: () => [dict(), { maxNorm: 1 }], call: plain(train.clipGradNorm) },
  crossEntropy: { args: () => [ofShape(3, 4), [0, 1, 3]], call: plain(train.crossEntropy) },
  mseLoss: { args: () => [ofShape(3, 4), ofShape(3, 4), { reduction: 'mean' }], call: plain(train.mseLoss) },
  takeRows: { args: () => [ofShape(3, 4), [0, 2]], call: plain(train.takeRows) },
  shuffledBatches: { args: () => [7, { batchSize: 3, seed: 1, epoch: 0 }], call: plain(train.shuffledBatches) },
  joinStateDicts: { args: () => [{ a: dict(), b: dict() }], call: plain(train.joinStateDicts) },
  Linear: {
    args: () => [{ inFeatures: 2, outFeatures: 3, bias: true, dtype: 'float32', seed: 0 }],
    call: plain((given: train.LinearOptions) => new train.Linear(given)),
  },
  'Linear.forward': {
    args: () => [ofShape(3, 2)],
    call: plain((given: never) => new train.Linear({ inFeatures: 2, outFeatures: 3 }).forward(given)),
  },
};
