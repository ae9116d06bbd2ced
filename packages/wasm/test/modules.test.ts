import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { GRU, GRUCell, LSTM, tensor } from '../src/index.ts';

/** A published module, compiled. */
const published = (name: string): WebAssembly.Module =>
  new WebAssembly.Module(readFileSync(new URL(`../dist/modules/${name}.wasm`, import.meta.url)));

/** Both modules of a cell. */
const both = (name: string) => ({ inference: published(`${name}.inference`), training: published(`${name}.training`) });

const options = { inputSize: 2, hiddenSize: 5, seed: 3 };

function bitsOf(gru: GRU): Uint8Array[] {
  const data = [0.1, 0.2, 0.3, 0.4];
  const input = tensor(gru.options.dtype === 'float64' ? Float64Array.from(data) : data, [2, 1, 2]);
  const { output, pullback } = gru.vjp(input);
  const { input: gradient, parameters } = pullback({ output });
  return [output, gradient, ...Object.values(parameters)].map((each) => new Uint8Array(each.data.buffer));
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** An entry as it loads in an engine that compiles no bytes. */
async function whereBytesAreRefused<T>(load: () => Promise<T>): Promise<T> {
  const { instantiate, validate, Instance } = WebAssembly;
  const refusal = new WebAssembly.CompileError('Wasm code generation disallowed by embedder');
  const Module = class {
    static customSections = WebAssembly.Module.customSections;
    constructor() {
      throw refusal;
    }
  };
  vi.resetModules();
  vi.stubGlobal('WebAssembly', { instantiate, validate, Instance, Module, compile: () => Promise.reject(refusal) });
  return await load();
}

test.each([
  ['gru.float32', {}],
  ['gru.float64', { dtype: 'float64' }],
  ['gru_reset_before.float32', { resetAfter: false }],
] as const)('layers of the compiled modules of %s have the bits of those from bytes', async (name, more) => {
  const given = { ...options, ...more, modules: both(name) };
  const wanted = bitsOf(await GRU.create({ ...options, ...more }));
  const there = await whereBytesAreRefused(() => import('../src/index.ts'));
  expect(bitsOf(await there.GRU.create(given))).toEqual(wanted);
  expect(bitsOf(there.GRU.createSync(given))).toEqual(wanted);
});

test('inference needs the module for inference alone', async () => {
  const modules = { inference: published('gru.float32.inference') };
  const input = tensor([0.1, 0.2], [1, 1, 2]);
  const wanted = (await GRU.create(options)).forward(input);
  const there = await whereBytesAreRefused(() => import('../src/inference.ts'));
  expect((await there.GRU.create({ ...options, modules })).forward(input)).toEqual(wanted);
});

test('an engine that compiles no bytes is said with WASM_UNAVAILABLE, and that modules are the remedy', async () => {
  const modules = { inference: published('gru.float32.inference') };
  const there = await whereBytesAreRefused(() => import('../src/index.ts'));
  const said = { code: 'WASM_UNAVAILABLE', message: expect.stringMatching(/Give the option modules, or use/) };
  const input = tensor([0.1, 0.2], [1, 1, 2]);
  await expect(there.GRU.create(options)).rejects.toMatchObject(said);
  expect(() => there.GRU.createSync(options)).toThrow(expect.objectContaining(said));
  // Without a promise the module for gradients is compiled where it is needed.
  await expect(there.GRU.create({ ...options, modules })).rejects.toMatchObject(said);
  expect(() => there.GRU.createSync({ ...options, modules }).vjp(input)).toThrow(expect.objectContaining(said));
});

test.each([
  ['a module of another cell', 'lstm.float32.inference'],
  ['a module of another element type', 'gru.float64.inference'],
  ['a module for gradients', 'gru.float32.training'],
])('%s is refused with CONGRUENT_OPTION', async (_, name) => {
  const modules = { inference: published(name) };
  const said = {
    code: 'CONGRUENT_OPTION',
    message: expect.stringContaining(
      'modules.inference must be @congruent/wasm/modules/gru.float32.inference.wasm, compiled',
    ),
  };
  await expect(GRU.create({ ...options, modules })).rejects.toMatchObject(said);
  expect(() => GRUCell.createSync({ ...options, modules })).toThrow(expect.objectContaining(said));
});

test.each([null, 1, {}, new Uint8Array(8)])('what is no module is refused with CONGRUENT_OPTION: %o', async (given) => {
  const modules = { inference: published('lstm.float32.inference'), training: given as WebAssembly.Module };
  await expect(LSTM.create({ ...options, modules })).rejects.toMatchObject({ code: 'CONGRUENT_OPTION' });
});
