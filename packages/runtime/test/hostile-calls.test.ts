import { describe, expect, test } from 'vitest';
import {
  defineGRU,
  defineGRUCell,
  defineLSTM,
  defineRNN,
  type GRUOptions,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  type Tensor,
  tensor,
  writeSafetensors,
} from '../src/index.ts';
import { anyBackend } from './any-cell.ts';
import { gru, lstm } from './cells.ts';
import { expectCode } from './expect-code.ts';

const GRU = defineGRU({ gru: anyBackend(gru) });
const RNN = defineRNN({ rnn_tanh: anyBackend(gru) });
const GRUCell = defineGRUCell({ gru: anyBackend(gru) });
const LSTM = defineLSTM({ lstm: anyBackend(lstm) });
const sizes = { inputSize: 5, hiddenSize: 3 } as const;
const x = tensor(new Float32Array(30), [3, 2, 5]);

/** An array with these elements, and holes for the others. */
const holed = (length: number, values: object): never => Object.assign(new Array(length), values) as never;

/** What throws whatever is done to it. */
function revoked(target: object = {}): never {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy as never;
}

describe('holes', () => {
  test('in lengths are refused', () =>
    expectCode(
      () => packPaddedSequence(tensor(new Float32Array(6), [2, 3]), holed(3, { 0: 2, 2: 1 })),
      'CONGRUENT_PACKED',
      'lengths[1] must be an integer from 1 to the input’s 2 steps, got undefined'.replace('’', "'"),
    ));

  test('in batchSizes and indices are refused', async () => {
    const layer = GRU.createSync(sizes);
    const data = tensor(new Float32Array(15), [3, 5]);
    const packed = { data, batchSizes: [2, 1], sortedIndices: null, unsortedIndices: null };
    expect(layer.forward(packed).output.data.shape).toEqual([3, 3]);
    const sparse = { ...packed, batchSizes: holed(3, { 0: 2, 2: 1 }) };
    await expectCode(() => layer.forward(sparse), 'CONGRUENT_PACKED', 'got undefined at step 1');
    const indices = { ...packed, sortedIndices: holed(2, { 1: 1 }), unsortedIndices: holed(2, { 1: 1 }) };
    await expectCode(() => layer.forward(indices), 'CONGRUENT_PACKED', 'inverse permutations');
    await expectCode(() => padPackedSequence(sparse), 'CONGRUENT_PACKED');
  });

  test('in sequences and states are refused', async () => {
    await expectCode(
      () => padSequence(holed(3, { 0: tensor([1]), 2: tensor([2]) })),
      'CONGRUENT_SHAPE',
      'sequences[1]',
    );
    await expectCode(() => packSequence(holed(2, { 0: tensor([1]) })), 'CONGRUENT_SHAPE', 'sequences[1]');
    await expectCode(() => padSequence(new Array(2 ** 32 - 1) as never), 'CONGRUENT_EMPTY_SEQUENCE');
    await expectCode(() => LSTM.createSync(sizes).forward(x, holed(2, { 0: x })), 'CONGRUENT_SHAPE');
  });
});

test.each([0, 1, 2, 3])('a nonlinearity that is none is refused: %d', (which) =>
  expectCode(
    () =>
      RNN.createSync({ ...sizes, nonlinearity: [Object.create(null), Symbol('relu'), 3n, revoked()][which] as never }),
    'CONGRUENT_OPTION',
    "Option nonlinearity must be 'tanh' or 'relu'",
  ),
);

describe('sizes that nothing has', () => {
  test.each([
    [1e8, 0, 5],
    [2 ** 32, 0, 5],
    [2 ** 53 - 1, 0, 5],
  ])('a batch of no sequences of %d steps is empty at once', (...shape) => {
    const layer = GRU.createSync(sizes);
    const empty: Tensor = { data: new Float32Array(), shape };
    const { output, hn } = layer.forward(empty);
    expect([output.shape, output.data.length, hn.shape]).toEqual([[shape[0], 0, 3], 0, [1, 0, 3]]);
    const { pullback, output: again } = layer.vjp(empty);
    expect(pullback({ output: again }).input.shape).toEqual(shape);
    const first = { data: new Float32Array(), shape: [0, shape[0]!, 5] };
    expect(GRU.createSync({ ...sizes, batchFirst: true }).forward(first).output.shape).toEqual([0, shape[0], 3]);
  });

  test.each([2 ** 32, 2 ** 20, 1025])('numLayers %d is refused at once', (numLayers) =>
    expectCode(
      () => GRU.createSync({ ...sizes, numLayers }),
      'CONGRUENT_OPTION',
      `Option numLayers must be a positive integer up to 1024, got ${numLayers}`,
    ),
  );

  test('1,024 layers are made', () => {
    expect(GRU.createSync({ ...sizes, numLayers: 1024 }).options.numLayers).toBe(1024);
  });

  test('a dict of more layers than there can be is refused at once', async () => {
    const one = tensor(new Float32Array(1), [1, 1]);
    const dict = Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`weight_hh_l${i}`, one]));
    const start = performance.now();
    await expectCode(() => GRU.fromStateDictSync(dict), 'CONGRUENT_OPTION', 'numLayers');
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test('a stream of 2³¹ rows has no memory', () =>
    expectCode(
      () => GRU.createSync(sizes).stream({ batchSize: 2 ** 31 }),
      'CONGRUENT_MEMORY',
      'no memory for 6442450944',
    ));

  test('weights beyond memory', async () => {
    const layer = GRU.createSync({ inputSize: 2 ** 40, hiddenSize: 2 ** 12 });
    await expectCode(() => layer.stateDict(), 'CONGRUENT_MEMORY');
    layer.dispose();
  });

  test('a totalLength of 2³³ has no memory', () => {
    const packed = packSequence([tensor([1, 2]), tensor([3])]);
    return expectCode(
      () => padPackedSequence(packed, { totalLength: 2 ** 33 }),
      'CONGRUENT_MEMORY',
      'no memory for 17179869184',
    );
  });
});

describe('what cannot be read, or is something else the next time', () => {
  const layer = GRU.createSync(sizes);
  const one = tensor(
    Float32Array.from({ length: 10 }, (_, i) => Math.sin(i)),
    [2, 5],
  );
  const packed = packSequence([one]);
  const gradientsOf = (gradients: (output: typeof packed) => { output: typeof packed }) => {
    const { output, pullback } = layer.vjp(packed);
    return pullback(gradients(output)).input;
  };
  const calls: Readonly<Record<string, () => unknown>> = {
    'options of create': () => GRU.createSync(revoked()),
    'options of create, an array': () => GRU.createSync(revoked([])),
    'an input': () => layer.forward(revoked()),
    'the shape of an input': () => layer.forward({ data: x.data, shape: revoked([]) }),
    'the data of an input': () => layer.forward({ data: revoked([]), shape: [1] }),
    'a state': () => layer.forward(x, revoked()),
    'the states of an LSTM': () => LSTM.createSync(sizes).forward(x, revoked([])),
    'a packed input': () => layer.forward({ ...packed, data: revoked() }),
    'batch sizes': () => layer.forward({ ...packed, batchSizes: revoked([]) }),
    'a dict': () => layer.loadStateDict(revoked()),
    'a tensor of a dict': () => layer.loadStateDict({ ...layer.stateDict(), bias_ih_l0: revoked() }),
    'options of loadStateDict': () => layer.loadStateDict({}, revoked()),
    'a dict of fromStateDict': () => GRU.fromStateDictSync(revoked()),
    'options of stream': () => layer.stream(revoked()),
    'a state of a stream': () => layer.stream({ h0: revoked() }),
    'an input of a cell': () => GRUCell.createSync(sizes).forward(revoked()),
    lengths: () => packPaddedSequence(x, revoked([])),
    sequences: () => padSequence(revoked([])),
    'a sequence': () => packSequence([revoked()]),
    'what is packed': () => padPackedSequence(revoked()),
    'a totalLength': () => padPackedSequence(packed, { totalLength: revoked() }),
    gradients: () => layer.vjp(x).pullback(revoked()),
    'indices of a packed gradient': () =>
      layer
        .vjp(packed)
        .pullback({ output: { ...layer.forward(packed).output, batchSizes: [2n, revoked([])] as never } }),
    'a gradient': () => layer.vjp(x).pullback({ output: revoked() }),
    numbers: () => tensor(revoked([])),
    'nested numbers': () => tensor([revoked([])]),
    'a shape': () => tensor([1], revoked([])),
    'tensors to write': () => writeSafetensors(revoked()),
    'a tensor to write': () => writeSafetensors({ a: revoked() }),
    'metadata to write': () => writeSafetensors({}, revoked()),
  };
  test.each(Object.entries(calls))('%s: an error with a code', async (_, call) => {
    const error = await Promise.resolve()
      .then(call)
      .then(
        () => undefined,
        (caught) => caught,
      );
    expect(error).toMatchObject({ name: 'CongruentError', code: expect.stringMatching(/^(CONGRUENT|SAFETENSORS)_/) });
  });

  test('an option is read once', () => {
    let reads = 0;
    const options = {
      ...sizes,
      get numLayers() {
        return ++reads === 1 ? 2 : -1;
      },
    };
    expect(GRU.createSync(options as GRUOptions).options.numLayers).toBe(2);
    expect(reads).toBe(1);
  });

  /** What throws when one of its properties, or of what is in them, is read a second time. */
  const once = <T extends object>(of: T): T => {
    const read = new Set<PropertyKey>();
    return new Proxy(of, {
      get(target, key) {
        if (read.has(key)) throw new Error(`${String(key)} is read again`);
        read.add(key);
        const value: unknown = Reflect.get(target, key);
        return Object.getPrototypeOf(value ?? 0) === Object.prototype ? once(value as object) : value;
      },
    });
  };

  test.each([
    ['a packed input', () => layer.forward(once(packed)), 'forward'],
    ['a packed gradient', () => gradientsOf((given) => once({ output: given })), 'pullback'],
    ['sequences', () => packSequence([once(one)], once({ enforceSorted: false })), 'packSequence'],
    ['what is padded', () => padPackedSequence(once(packed)), 'padPackedSequence'],
  ])('%s is read once, and the result is the same', (_, call, name) => {
    const expected = {
      forward: () => layer.forward(packed),
      pullback: () => gradientsOf((output) => ({ output })),
      packSequence: () => packSequence([one], { enforceSorted: false }),
      padPackedSequence: () => padPackedSequence(packed),
    }[name];
    expect(JSON.stringify(call())).toBe(JSON.stringify(expected!()));
  });

  test('options of loadStateDict and the gradient of a state are read once', () => {
    const dict = layer.stateDict();
    const prefixed = Object.fromEntries(Object.entries(dict).map(([name, value]) => [`rnn.${name}`, value]));
    layer.loadStateDict(prefixed, once({ strict: true, prefix: 'rnn.' }));
    const { hn, pullback } = layer.vjp(x);
    expect(pullback({ hn: once(hn) }).input).toEqual(pullback({ hn }).input);
  });

  test.each(['data', 'batchSizes', 'sortedIndices', 'unsortedIndices'])(
    '%s of an input that throws: it is named',
    (name) => {
      const get = (): never => {
        throw new Error('read');
      };
      const input = Object.defineProperty({ ...packed }, name, { enumerable: true, get });
      return expectCode(
        () => layer.forward(input),
        'CONGRUENT_SHAPE',
        'GRU.forward: input must be a tensor { data, shape }, got an unreadable object.',
      );
    },
  );

  test('initial states of a stream, gradients and a totalLength are read once', () => {
    layer.stream(once({ batchSize: 1, h0: tensor(new Float32Array(3), [1, 1, 3]) }));
    const { output, pullback } = layer.vjp(x);
    pullback(once({ output }));
    padPackedSequence(packed, once({ totalLength: 4 }));
  });

  test('an input is read once', () => {
    let reads = 0;
    const input = {
      data: x.data,
      get shape() {
        return reads++ === 0 ? [3, 2, 5] : [300, 200, 5];
      },
    };
    expect(layer.forward(input).output.shape).toEqual([3, 2, 3]);
  });

  const disposing = (made: { dispose(): void }, of: Tensor): Tensor => ({
    get data() {
      made.dispose();
      return of.data;
    },
    shape: of.shape,
  });

  test('a getter that disposes of the layer meanwhile: CONGRUENT_DISPOSED', async () => {
    const made = () => GRU.createSync(sizes);
    const [one, two, three, four] = [made(), made(), made(), made()];
    await expectCode(() => one.forward(disposing(one, x)), 'CONGRUENT_DISPOSED');
    await expectCode(() => two.vjp(disposing(two, x)), 'CONGRUENT_DISPOSED');
    const h0 = disposing(three, tensor(new Float32Array(3), [1, 1, 3]));
    await expectCode(() => three.stream({ h0 }), 'CONGRUENT_DISPOSED');
    const dict = four.stateDict();
    await expectCode(
      () => four.loadStateDict({ ...dict, bias_ih_l0: disposing(four, dict['bias_ih_l0']!) }),
      'CONGRUENT_DISPOSED',
    );
    const cell = GRUCell.createSync(sizes);
    await expectCode(() => cell.forward(disposing(cell, tensor(new Float32Array(5)))), 'CONGRUENT_DISPOSED');
  });

  test('a getter that disposes of the pullback meanwhile: CONGRUENT_DISPOSED', async () => {
    const { output, pullback } = layer.vjp(x);
    await expectCode(() => pullback({ output: disposing(pullback, output) }), 'CONGRUENT_DISPOSED');
    const cell = GRUCell.createSync(sizes).vjp(tensor(new Float32Array(5)));
    await expectCode(() => cell.pullback(disposing(cell.pullback, cell.output)), 'CONGRUENT_DISPOSED');
  });
});
