import type { GRUOptions } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';

interface Made {
  readonly options: object;
  dispose(): void;
}

interface Backend {
  readonly GRU: { create(options: GRUOptions): Promise<Made> };
  readonly GRUCell: { create(options: GRUOptions): Promise<Made> };
}

const sizes = { inputSize: 2, hiddenSize: 3 };
const ofCell = { ...sizes, bias: true, dtype: 'float32', seed: 0, resetAfter: true };
const ofLayer = { ...ofCell, numLayers: 1, batchFirst: false, dropout: 0, bidirectional: false };

/** What no option of a backend is. */
const OTHER_VALUES: readonly unknown[] = [null, 3n, Object.create(null), Symbol('s'), false];

/**
 * Registers the tests.
 *
 * @param defaults  the backend's own options, with what stands for those left out
 * @param given     other values of some of them, which run everywhere
 */
export function ownOptionsAreKept({ GRU, GRUCell }: Backend, defaults: object, given: object = {}): void {
  const made = async (of: Backend['GRU'], options: object): Promise<object> => {
    const it = await of.create({ ...sizes, ...options });
    it.dispose();
    return it.options;
  };

  test('options has every option, with defaults', async () => {
    expect(await made(GRU, {})).toEqual({ ...ofLayer, ...defaults });
    expect(await made(GRUCell, {})).toEqual({ ...ofCell, ...defaults });
  });

  test('options has what was given, and makes the same again', async () => {
    const options = await made(GRU, given);
    expect(options).toEqual({ ...ofLayer, ...defaults, ...given });
    expect(await made(GRU, options)).toEqual(options);
  });

  describe.each(Object.entries(defaults))('option %s', (name, fallback) => {
    // An object without anything is an object.
    const others = OTHER_VALUES.filter((value) => value === null || typeof value !== typeof fallback);
    test.each(others.map((value) => ({ value })))('is refused where it is $value', async ({ value }) => {
      await expect(made(GRU, { [name]: value })).rejects.toMatchObject({
        code: 'CONGRUENT_OPTION',
        message: expect.stringContaining(`Option ${name} must be `),
      });
    });
  });
}
