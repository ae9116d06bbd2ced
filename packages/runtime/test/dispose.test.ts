import { describe, expect, test } from 'vitest';
import { disposable } from '../src/disposable.ts';
import { tensor } from '../src/index.ts';
import { defined } from './defined.ts';
import { expectCode } from './expect-code.ts';
import { linearBackend } from './linear-backend.ts';

const { backend, probe } = linearBackend('sync');
const { GRU, GRUCell } = defined(backend);
const options = { inputSize: 2, hiddenSize: 3 };

test('dispose releases the engine once, however often it is called', () => {
  const engines = probe.engines;
  const gru = GRU.createSync(options);
  expect(probe.engines).toBe(engines + 1);
  gru.dispose();
  gru.dispose();
  expect(probe.engines).toBe(engines);
});

test('disposing of a GRU disposes of its open streams', async () => {
  const gru = GRU.createSync({ ...options, numLayers: 2 });
  const [one, two] = [gru.stream(), gru.stream()];
  expect(probe.streams).toBe(4);
  one.dispose();
  gru.dispose();
  expect(probe.streams).toBe(0);
  expect(probe.log.at(-1)).toBe('dispose');
  await expectCode(() => two.step(Float32Array.of(1, 2)), 'CONGRUENT_DISPOSED');
});

describe('after dispose, CONGRUENT_DISPOSED:', () => {
  const gru = GRU.createSync(options);
  const dict = gru.stateDict();
  gru.dispose();
  const cell = GRUCell.createSync(options);
  const cellDict = cell.stateDict();
  cell.dispose();
  const uses: Record<string, () => unknown> = {
    'GRU.forward': () => gru.forward(tensor([1, 2], [1, 2])),
    'GRU.stateDict': () => gru.stateDict(),
    'GRU.loadStateDict': () => gru.loadStateDict(dict),
    'GRU.stream': () => gru.stream(),
    'GRU.train': () => gru.train(),
    'GRU.eval': () => gru.eval(),
    'GRUCell.forward': () => cell.forward(tensor([1, 2])),
    'GRUCell.stateDict': () => cell.stateDict(),
    'GRUCell.loadStateDict': () => cell.loadStateDict(cellDict),
  };
  for (const [name, use] of Object.entries(uses)) {
    test(name, () => expectCode(use, 'CONGRUENT_DISPOSED', `${name}: used after dispose()`));
  }
});

test('Symbol.dispose disposes of a GRU, a GRUCell and a stream', async () => {
  const gru = GRU.createSync(options);
  const stream = gru.stream();
  const cell = GRUCell.createSync(options);
  for (const one of [stream, gru, cell]) one[Symbol.dispose]();
  await expectCode(() => stream.reset(), 'CONGRUENT_DISPOSED');
  await expectCode(() => gru.stateDict(), 'CONGRUENT_DISPOSED');
  await expectCode(() => cell.stateDict(), 'CONGRUENT_DISPOSED');
});

test('an engine without Symbol.dispose loads the classes all the same', () => {
  const original = Object.getOwnPropertyDescriptor(Symbol, 'dispose');
  // vitest's own transform may have put a polyfill there, which is writable; Node's is not.
  if (original?.configurable !== true && original?.writable !== true) return;
  const symbols = Symbol as { dispose: unknown };
  const before = symbols.dispose;
  symbols.dispose = undefined;
  const prototype = { dispose: () => {} };
  disposable(prototype);
  symbols.dispose = before;
  expect(Reflect.ownKeys(prototype)).toEqual(['dispose']);
});
