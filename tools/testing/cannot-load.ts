import type { Backend } from '@congruent/runtime';
import { expect, test } from 'vitest';

/** As an engine says it that has no dynamic import, such as that of a service worker. */
const disallowed = async (): Promise<never> => {
  throw new TypeError('import() is disallowed on ServiceWorkerGlobalScope by the HTML specification.');
};

/**
 * Registers the test, of a backend that loads what it runs.
 *
 * @param backendOf  the backend of a cell that is loaded so
 * @param remedy     of the message
 */
export const saysThatItCannotLoad = (
  backendOf: (load: () => Promise<never>) => Pick<Backend, 'open'>,
  remedy: string,
): void =>
  test('what cannot be loaded is CONGRUENT_UNSUPPORTED, with the remedy', async () => {
    await expect(backendOf(disallowed).open({ dtype: 'float32' })).rejects.toMatchObject({
      name: 'CongruentError',
      code: 'CONGRUENT_UNSUPPORTED',
      message: expect.stringMatching(new RegExp(`cannot be loaded \\(import\\(\\) is disallowed.*${remedy}`)),
      cause: expect.any(TypeError),
    });
  });
