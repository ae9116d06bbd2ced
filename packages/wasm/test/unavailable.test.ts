import { afterEach, expect, test, vi } from 'vitest';

class CompileError extends Error {}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The package as it loads in an engine with this WebAssembly. */
async function loadedWith(api: unknown): Promise<typeof import('../src/index.ts')> {
  vi.resetModules();
  vi.stubGlobal('WebAssembly', api);
  return import('../src/index.ts');
}

const options = { inputSize: 2, hiddenSize: 3 };

const ENGINES = [
  ['without WebAssembly', undefined, /no WebAssembly/],
  [
    'without SIMD',
    {
      validate: () => false,
      compile: () => Promise.reject(new CompileError('invalid opcode')),
      Module: class {
        constructor() {
          throw new CompileError('invalid opcode');
        }
      },
    },
    /no 128-bit SIMD/,
  ],
  [
    'in a page whose Content-Security-Policy forbids WebAssembly',
    {
      validate: () => true,
      compile: () => Promise.reject(new CompileError("'unsafe-eval' is not an allowed source of script")),
      Module: class {
        constructor() {
          throw new CompileError("'unsafe-eval' is not an allowed source of script");
        }
      },
    },
    /Add 'wasm-unsafe-eval' to script-src/,
  ],
] as const;

for (const [where, api, message] of ENGINES) {
  test(`${where}, create and createSync say so with WASM_UNAVAILABLE, and importing works`, async () => {
    const { GRU, backend } = await loadedWith(api);
    expect(backend.supports.relaxed).toBe(api?.validate() ?? false);
    await expect(GRU.create(options)).rejects.toMatchObject({
      code: 'WASM_UNAVAILABLE',
      message: expect.stringMatching(message),
    });
    expect(() => GRU.createSync(options)).toThrow(expect.objectContaining({ code: 'WASM_UNAVAILABLE' }));
  });
}

/** WebAssembly that makes no instance, for this reason. */
const withoutInstances = (reason: Error) => ({
  validate: () => true,
  compile: () => Promise.resolve({}),
  instantiate: () => Promise.reject(reason),
  Module: class {},
  Instance: class {
    constructor() {
      throw reason;
    }
  },
});

const refusal = new RangeError('WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger');

test('where the main thread may not compile, createSync says to await create, with WASM_UNAVAILABLE', async () => {
  const { GRU } = await loadedWith({
    validate: () => true,
    Module: class {
      constructor() {
        throw refusal;
      }
    },
  });
  expect(() => GRU.createSync(options)).toThrow(
    expect.objectContaining({
      code: 'WASM_UNAVAILABLE',
      message: expect.stringMatching(/disallowed on the main thread.*Use await create\(options\)/),
      cause: refusal,
    }),
  );
});

test('where the main thread may not make instances, create gives a GRU that trains too; createSync says to await it', async () => {
  const tooLarge = new RangeError(
    'WebAssembly.Instance is disallowed on the main thread, if the buffer size is larger',
  );
  const { compile, instantiate, validate } = WebAssembly;
  const { GRU, tensor } = await loadedWith({
    ...{ compile, instantiate, validate },
    ...{ Module: WebAssembly.Module, Instance: withoutInstances(tooLarge).Instance },
  });
  const gru = await GRU.create(options);
  const { output, pullback } = gru.vjp(tensor(new Float32Array([1, 2]), [1, 1, 2]));
  expect(pullback({ output }).input.shape).toEqual([1, 1, 2]);
  expect(() => GRU.createSync(options)).toThrow(
    expect.objectContaining({
      code: 'WASM_UNAVAILABLE',
      message: expect.stringMatching(/disallowed on the main thread.*Use await create\(options\)/),
      cause: tooLarge,
    }),
  );
});

test('no memory to compile in, or for an instance, is said with WASM_MEMORY', async () => {
  const full = new RangeError('Out of memory');
  const said = {
    code: 'WASM_MEMORY',
    message: expect.stringMatching(/^WASM_MEMORY: no memory for another instance.*\(Out of memory\)/),
    cause: full,
  };
  const compiling = await loadedWith({
    validate: () => true,
    compile: () => Promise.reject(full),
    Module: class {
      constructor() {
        throw full;
      }
    },
  });
  await expect(compiling.GRU.create(options)).rejects.toMatchObject(said);
  expect(() => compiling.GRU.createSync(options)).toThrow(expect.objectContaining(said));
  const { GRU } = await loadedWith(withoutInstances(full));
  await expect(GRU.create(options)).rejects.toMatchObject(said);
  expect(() => GRU.createSync(options)).toThrow(expect.objectContaining(said));
});

test('an instance that fails for any other reason fails with that', async () => {
  const mistake = new Error('LinkError');
  const { GRU } = await loadedWith(withoutInstances(mistake));
  await expect(GRU.create(options)).rejects.toBe(mistake);
  expect(() => GRU.createSync(options)).toThrow(mistake);
});

test('createSync of a module that is not loaded says how to load it', async () => {
  const { GRU } = await import('../src/index.ts');
  expect(() => GRU.createSync({ ...options, dtype: 'float64' })).toThrow(
    /import '@congruent\/wasm\/sync\/gru\.float64' beforehand/,
  );
  await GRU.create({ ...options, dtype: 'float64' });
  expect(GRU.createSync({ ...options, dtype: 'float64' }).options.dtype).toBe('float64');
});

test('an unknown math is refused with CONGRUENT_OPTION', async () => {
  const { GRU } = await import('../src/index.ts');
  await expect(GRU.create({ ...options, math: 'fast' as 'exact' })).rejects.toMatchObject({ code: 'CONGRUENT_OPTION' });
});
