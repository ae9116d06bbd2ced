/** A backend's module, or why this machine cannot have it. */
export type Available<T> = { readonly module: T } | { readonly unavailable: string };

/**
 * Imports a backend that this machine may be unable to run. One that cannot be imported for such a reason throws an error
 * whose code ends in `_UNAVAILABLE`: then it is left out, with a word about it, and whatever else is to be done goes on.
 *
 * @param load  imports the module
 * @throws what the import throws where that has no such code, and where the environment says `CI=true`: there every backend
 *         must be available
 * @example
 * const found = await ifAvailable(() => import('@congruent/native'));
 * if ('unavailable' in found) console.log(found.unavailable);
 */
export async function ifAvailable<T>(load: () => Promise<T>): Promise<Available<T>> {
  try {
    return { module: await load() };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: string };
    if (isCI() || !String(code).endsWith('_UNAVAILABLE')) throw error;
    return { unavailable: message ?? String(code) };
  }
}

const isCI = (): boolean =>
  (globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } }).process?.env?.['CI'] === 'true';
