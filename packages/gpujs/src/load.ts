import { CongruentError } from '@congruent/runtime';

/**
 * What a dynamic import gives.
 *
 * @param what  is imported, for the message
 * @throws CONGRUENT_UNSUPPORTED where it cannot be: service workers and AudioWorklets have none
 */
export const loaded = async <T>(what: string, imported: Promise<T>): Promise<T> =>
  imported.catch((cause) => {
    throw new CongruentError(
      'CONGRUENT_UNSUPPORTED',
      `create: ${what} cannot be loaded (${cause.message}). Use @congruent/wasm where import() is not allowed.`,
      { cause },
    );
  });
