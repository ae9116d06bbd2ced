import type { Backend } from '@congruent/runtime';
import * as scalar from '@congruent/scalar';
import { afterEach, expect, test, vi } from 'vitest';
import { firstAvailable } from '../src/first-available.ts';
import { tensor } from '../src/index.ts';

const options = { inputSize: 2, hiddenSize: 3, seed: 3 };
const input = tensor([0.1, 0.2, 0.3, 0.4], [2, 1, 2]);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The package as it loads in an engine without WebAssembly. */
async function withoutWebAssembly<T>(load: () => Promise<T>): Promise<T> {
  vi.stubGlobal('WebAssembly', undefined);
  return await load();
}

test('every class runs on scalar where there is no WebAssembly, and then createSync does, too', async () => {
  const { GRU, LSTM, RNN } = await withoutWebAssembly(() => import('../src/index.ts'));
  for (const [made, more] of [
    [GRU, {}],
    [GRU, { resetAfter: false }],
    [LSTM, {}],
    [LSTM, { projSize: 2 }],
    [RNN, {}],
    [RNN, { nonlinearity: 'relu' }],
  ] as const) {
    const given = { ...options, ...more };
    const layer = await made.create({ ...given, math: 'exact', threads: 2 });
    expect(layer.backend).toBe('scalar');
    expect(layer).toBeInstanceOf(made);
    expect(made.createSync(given).backend).toBe('scalar');
  }
});

test('createSync, which can load nothing, says what is missing, or else to await create', async () => {
  const { GRU } = await withoutWebAssembly(() => import('../src/index.ts'));
  expect(() => GRU.createSync(options)).toThrow(expect.objectContaining({ code: 'WASM_UNAVAILABLE' }));
  expect(() => GRU.createSync({ ...options, dtype: 'float64' })).toThrow(/Use await create\(options\)/);
  await GRU.create(options);
  expect(GRU.createSync({ ...options, dtype: 'float64' }).backend).toBe('scalar');
});

test.each([
  ['in a page', () => import('../src/index.ts')],
  ['in Node', () => import('../src/node.ts')],
])('the bits are those of scalar, forwards and backwards, %s', async (_, load) => {
  const { GRU } = await load();
  const [ours, theirs] = [await GRU.create(options), await scalar.GRU.create(options)];
  const bitsOf = (gru: scalar.GRU) => {
    const { output, pullback } = gru.vjp(input);
    return [output, pullback({ output }).input].map(({ data }) => new Uint32Array(data.buffer));
  };
  expect(bitsOf(ours)).toEqual(bitsOf(theirs));
});

test('in Node without WebAssembly scalar is loaded from the start', async () => {
  const { GRU, backend } = await withoutWebAssembly(() => import('../src/node.ts'));
  const { backend: name } = GRU.createSync(options);
  expect(['native', 'scalar']).toContain(name);
  expect(backend.backends).toContain(name);
});

test('what is wrong with the options is said, and no other backend is tried', async () => {
  const { GRU } = await withoutWebAssembly(() => import('../src/index.ts'));
  const refused = [{ math: 'quick' as 'exact' }, { threads: 0 }, { threads: 1.5 }, { device: 'gpu' } as object];
  for (const given of refused) {
    await expect(GRU.create({ ...options, ...given })).rejects.toMatchObject({ code: 'CONGRUENT_OPTION' });
    expect(() => GRU.createSync({ ...options, ...given })).toThrow(
      expect.objectContaining({ code: 'CONGRUENT_OPTION' }),
    );
  }
});

test('any other failure of a backend is its own: it does not hide behind another one', async () => {
  const mistake = Object.assign(new Error('full'), { code: 'WASM_MEMORY' });
  const fail = (): never => {
    throw mistake;
  };
  const failing = { options: {}, supports: {}, open: async () => fail(), openSync: fail } as unknown as Backend<'sync'>;
  const loadOther = vi.fn(async () => ({ cell: failing }));
  const { cell } = firstAvailable({ cell: failing }, loadOther);
  await expect(cell.open({ dtype: 'float32' })).rejects.toBe(mistake);
  expect(() => cell.openSync!({ dtype: 'float32' })).toThrow(mistake);
  expect(loadOther).not.toHaveBeenCalled();
});

test('where the other backend cannot be loaded, the first says what would let it run', async () => {
  const unavailable = Object.assign(new Error("Add 'wasm-unsafe-eval'"), { code: 'WASM_UNAVAILABLE' });
  const open = async () => Promise.reject(unavailable);
  const failing = { options: {}, supports: {}, open } as unknown as Backend<'sync'>;
  const loadOther = async () => Promise.reject(new TypeError('import() is disallowed'));
  const { cell } = firstAvailable({ cell: failing }, loadOther);
  await expect(cell.open({ dtype: 'float32' })).rejects.toBe(unavailable);
});
