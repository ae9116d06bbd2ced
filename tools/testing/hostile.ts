import type { FloatArray, GRUOptions, StateDict, Tensor } from '@congruent/runtime';
import { tensor } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';

type Awaitable<T> = T | Promise<T>;

/** What is used of a GRU of any backend. */
interface Made extends Disposable {
  readonly options: object;
  forward(input: Tensor, h0?: Tensor): Awaitable<{ readonly output: Tensor }>;
  vjp(input: Tensor): Awaitable<{ readonly output: Tensor; pullback(gradients: object): Awaitable<object> }>;
  stream(options?: object): {
    step(x: Float32Array): Awaitable<FloatArray>;
    readonly state: Awaitable<Tensor>;
    reset(state?: Tensor): void;
  };
  stateDict(options?: object): StateDict;
  loadStateDict(dict: StateDict, options?: object): unknown;
  train(mode?: boolean): unknown;
}

interface Backend {
  readonly GRU: {
    create(options: GRUOptions): Promise<Made>;
    fromStateDict(dict: StateDict, options?: object): Promise<Made>;
  };
}

const sizes = { inputSize: 2, hiddenSize: 3 } as const;
const x = tensor([0.1, 0.2, 0.3, 0.4], [2, 1, 2]);

/** What throws whatever is done to it. */
export function revoked(target: object = {}): never {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy as never;
}

/** An object whose every property throws when it is read. */
export const throwing = (target: object = {}): never =>
  new Proxy(target, {
    get() {
      throw new Error('read');
    },
  }) as never;

/** An array that says that it is of another class. */
const forged = (array: object, tag = 'Float32Array'): never =>
  Object.defineProperty(array, Symbol.toStringTag, { value: tag }) as never;

/** An array without its memory. */
function detached(length: number): Float32Array {
  const array = new Float32Array(length);
  structuredClone(array, { transfer: [array.buffer] });
  return array;
}

/** An array whose elements throw when they are read as a length or a buffer. */
const spoofed = (length: number): Float32Array =>
  Object.defineProperties(new Float32Array(1), {
    length: { value: length },
    buffer: { value: new ArrayBuffer(4 * length) },
  });

/** Tensors and packed sequences, of which one property throws when it is read. */
const withGetter = (of: object, name: string): never =>
  Object.defineProperty({ ...of }, name, {
    enumerable: true,
    get() {
      throw new Error('read');
    },
  }) as never;

const packed = { data: tensor([0.1, 0.2], [1, 2]), batchSizes: [1], sortedIndices: null, unsortedIndices: null };

/** An array that says that it is longer than it is. */
export class Longer extends Float32Array {
  override get length(): number {
    return 2 ** 31;
  }
}

const NOTHING = Object.create(null) as never;

/** Values that stand for no tensor, by name. */
const NO_TENSORS: Readonly<Record<string, () => never>> = {
  'a revoked proxy': () => revoked(),
  'a revoked array': () => revoked([]),
  'an object that throws': () => throwing(),
  'an object without a prototype': () => NOTHING,
  'a tensor of a forged class': () => ({ data: forged(new Int8Array(4)), shape: [2, 1, 2] }) as never,
  'a tensor of a forged view': () => ({ data: forged(new DataView(new ArrayBuffer(16))), shape: [2, 1, 2] }) as never,
  'a tensor of a forged BigInt array': () => ({ data: forged(new BigInt64Array(4)), shape: [2, 1, 2] }) as never,
  'a tensor of a revoked array': () => ({ data: revoked(new Float32Array(4)), shape: [2, 1, 2] }) as never,
  'a detached tensor': () => ({ data: detached(4), shape: [2, 1, 2] }) as never,
  'a tensor of another length than it says': () => ({ data: spoofed(4), shape: [2, 1, 2] }) as never,
  'a tensor of a revoked shape': () => ({ data: new Float32Array(4), shape: revoked([]) }) as never,
  'a tensor whose lengths throw': () => ({ data: new Float32Array(4), shape: [2, 1, throwing()] }) as never,
  'a tensor whose data throws': () => withGetter(x, 'data'),
  'a tensor whose shape throws': () => withGetter(x, 'shape'),
  'a packed sequence whose data throws': () => withGetter(packed, 'data'),
  'a packed sequence whose batch sizes throw': () => withGetter(packed, 'batchSizes'),
  'a packed sequence whose order throws': () => withGetter(packed, 'sortedIndices'),
  'a tensor longer than it is': () => ({ data: new Longer(4), shape: [2, 1, 2] }) as never,
  'a tensor of lengths of 2³²': () => ({ data: new Float32Array(4), shape: [2 ** 32, 2 ** 32, 2] }) as never,
  'a tensor of a symbol': () => ({ data: new Float32Array(4), shape: [Symbol('2'), 1, 2] }) as never,
  'a tensor of big integers': () => ({ data: new Float32Array(4), shape: [2n, 1n, 2n] }) as never,
};

/** Calls that take a value in the place of a tensor, by name. */
const WITH_TENSOR: Readonly<Record<string, (gru: Made, value: never, GRU: Backend['GRU']) => Awaitable<unknown>>> = {
  forward: (gru, value) => gru.forward(value),
  'forward, a state': (gru, value) => gru.forward(x, value ?? 0),
  vjp: (gru, value) => gru.vjp(value),
  pullback: async (gru, value) => (await gru.vjp(x)).pullback({ output: value }),
  'stream, a state': (gru, value) => gru.stream({ h0: value }),
  reset: (gru, value) => gru.stream().reset(value),
  loadStateDict: (gru, value) => gru.loadStateDict({ ...gru.stateDict(), weight_hh_l0: value }),
  fromStateDict: (gru, value, GRU) => GRU.fromStateDict({ ...gru.stateDict(), weight_hh_l0: value }),
};

/** Other calls. */
const CALLS: Readonly<Record<string, (gru: Made, GRU: Backend['GRU']) => Awaitable<unknown>>> = {
  'create, revoked': (_, GRU) => GRU.create(revoked()),
  'create, throwing': (_, GRU) => GRU.create(throwing({ ...sizes })),
  'create, 2³² layers': (_, GRU) => GRU.create({ ...sizes, numLayers: 2 ** 32 }),
  'create, 2²⁰ layers': (_, GRU) => GRU.create({ ...sizes, numLayers: 2 ** 20 }),
  'create, a size that is an object': (_, GRU) => GRU.create({ inputSize: NOTHING, hiddenSize: 3 }),
  'create, a size that is revoked': (_, GRU) => GRU.create({ inputSize: revoked(), hiddenSize: 3 }),
  'create, a symbol': (_, GRU) => GRU.create({ ...sizes, dtype: Symbol('float32') as never }),
  'create, big integers': (_, GRU) => GRU.create({ inputSize: 2n as never, hiddenSize: 3n as never }),
  'fromStateDict, revoked': (_, GRU) => GRU.fromStateDict(revoked()),
  'fromStateDict, throwing': (_, GRU) => GRU.fromStateDict(throwing({ a: 1 })),
  'fromStateDict, options': (gru, GRU) => GRU.fromStateDict(gru.stateDict(), revoked()),
  'fromStateDict, options that throw': (gru, GRU) => GRU.fromStateDict(gru.stateDict(), throwing({ prefix: '' })),
  'fromStateDict, a prefix': (gru, GRU) => GRU.fromStateDict(gru.stateDict(), { prefix: NOTHING }),
  'loadStateDict, revoked': (gru) => gru.loadStateDict(revoked()),
  'loadStateDict, options': (gru) => gru.loadStateDict(gru.stateDict(), revoked()),
  'loadStateDict, options that throw': (gru) => gru.loadStateDict(gru.stateDict(), throwing({ strict: true })),
  'stateDict, options': (gru) => gru.stateDict(revoked()),
  'stateDict, a layout': (gru) => gru.stateDict({ layout: NOTHING }),
  'stream, options': (gru) => gru.stream(revoked()),
  'stream, options that throw': (gru) => gru.stream(throwing({ batchSize: 1 })),
  'stream of 2³¹ rows': (gru) => gru.stream({ batchSize: 2 ** 31 }),
  'stream of 2⁵³ − 1 rows': (gru) => gru.stream({ batchSize: 2 ** 53 - 1 }),
  'step, revoked': (gru) => gru.stream().step(revoked()),
  'step, a revoked array': (gru) => gru.stream().step(revoked(new Float32Array(2))),
  'step, longer than it is': (gru) => gru.stream().step(new Longer(2)),
  'step, throwing': (gru) => gru.stream().step(throwing(new Float32Array(2))),
  'step, a forged class': (gru) => gru.stream().step(forged(new Int8Array(2))),
  'step, a forged view': (gru) => gru.stream().step(forged(new DataView(new ArrayBuffer(8)))),
  'step, detached': (gru) => gru.stream().step(detached(2)),
  'step, of a class of its own': (gru) => gru.stream().step(Object.create(Float32Array.prototype)),
  'pullback, revoked': async (gru) => (await gru.vjp(x)).pullback(revoked()),
  'pullback, throwing': async (gru) => (await gru.vjp(x)).pullback(throwing({ output: 1 })),
  'train, an object': (gru) => gru.train(NOTHING),
};

/** Registers the tests: whatever a caller gives, errors are ours, and what was there before works as before. */
export function refusesWhatIsHostile({ GRU }: Backend, options: object = {}): void {
  const calls = [
    ...Object.entries(CALLS).map(([name, call]) => [name, (gru: Made) => call(gru, GRU)] as const),
    ...Object.entries(WITH_TENSOR).flatMap(([name, call]) =>
      Object.entries(NO_TENSORS).map(
        ([what, make]) => [`${name}: ${what}`, (gru: Made) => call(gru, make(), GRU)] as const,
      ),
    ),
  ];

  describe('what cannot be read or is none', () => {
    test.each(calls)('%s: an error with a code, and nothing has changed', async (_, call) => {
      using gru = await GRU.create({ ...sizes, ...options });
      const before = (await gru.forward(x)).output.data.slice();
      const error = await Promise.resolve(gru)
        .then(call)
        .then(
          () => 'no error',
          (caught) => caught,
        );
      expect(error).toMatchObject({ name: 'CongruentError', code: expect.stringMatching(/^[A-Z]+_[A-Z_]+$/) });
      expect((await gru.forward(x)).output.data).toEqual(before);
    });
  });
}
