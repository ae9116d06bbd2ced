import {
  type Backend,
  CongruentError,
  type Engine,
  type EngineOptions,
  MATH,
  type Rule,
  THREADS,
} from '@congruent/runtime';
import type { WasmOptions } from '@congruent/wasm';

/** What `create` and `createSync` take beside torch's options; a backend gets those that it knows. */
export interface CongruentOptions extends WasmOptions {
  /**
   * Threads that share the rows of a batch and the directions of a layer, 1 to 256, where the backend has threads. Results
   * have the same bits with any number. Default: 1.
   */
  readonly threads?: number | undefined;
}

/** The module that is asked for says whether it is one, where WebAssembly runs the layer. */
const MODULES: Rule = { fallback: {}, accepts: (value) => Object(value) === value, expected: 'an object' };

/** What this package says of itself, where a backend of these capabilities runs its layers. */
export const about = ({ supports }: Pick<Backend, 'supports'>): Pick<Backend, 'name' | 'supports'> => ({
  name: 'congruent',
  supports: { ...supports, relaxed: supports.relaxed ?? false },
});

/** Whether an error says that a backend cannot run in this place, or is not installed. */
export function saysUnavailable(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && (code.endsWith('_UNAVAILABLE') || code === 'ERR_MODULE_NOT_FOUND');
}

/** The cells of a class on the first of two backends, or where that cannot run on the other, which is loaded then. */
export const firstAvailable = <C extends object>(first: C, loadOther?: () => Promise<C>): C =>
  Object.fromEntries(
    Object.entries(first).map(([name, cell]) => {
      const loadCell = async () => (await loadOther!())[name as keyof C] as Backend<'sync'>;
      return [name, firstBackend(cell, loadOther && loadCell)];
    }),
  ) as C;

/**
 * The same of one cell. Both give the same bits and are made of the same runtime, so whatever the runtime asks of a
 * `Backend` is answered by the first.
 */
function firstBackend(first: Backend<'sync'>, loadOther?: () => Promise<Backend<'sync'>>): Backend<'sync'> {
  let other: Backend<'sync'> | undefined;
  const { supports } = about(first);
  return {
    ...first,
    ...about(first),
    options: { math: MATH, modules: MODULES, threads: THREADS },
    async open(options) {
      check(options, supports);
      try {
        return named(first, await first.open(known(first, options)));
      } catch (error) {
        if (loadOther === undefined || !saysUnavailable(error)) throw error;
        other = await loadOther().catch(() => {
          throw error; // where nothing can be loaded the first says what would let it run
        });
        return named(other, await other.open(known(other, options)));
      }
    },
    openSync(options) {
      check(options, supports);
      try {
        return named(first, first.openSync!(known(first, options)));
      } catch (error) {
        // The other is there once the first was unavailable, which may then also lack what it would have to load.
        const { code } = error as { readonly code?: unknown };
        if (other === undefined || !(saysUnavailable(error) || code === 'CONGRUENT_UNSUPPORTED')) throw error;
        return named(other, other.openSync!(known(other, options)));
      }
    },
  };
}

/** An engine that says whose it is; those of host backends are plain objects. */
const named = ({ name }: Backend, engine: Engine<'sync', unknown>): Engine<'sync', unknown> => ({
  ...engine,
  backend: name,
});

/** Objects to what not every backend looks at. */
function check({ math }: EngineOptions, { relaxed }: Backend['supports']): void {
  if (math !== 'relaxed' || relaxed) return;
  throw new CongruentError(
    'CONGRUENT_UNSUPPORTED',
    "create: math: 'relaxed': what runs here is exact (backend.supports.relaxed is false). Leave it out.",
  );
}

/** The options that a backend knows. */
const known = ({ options: names }: Backend, options: EngineOptions): EngineOptions => ({
  ...Object.fromEntries(Object.entries(options).filter(([name]) => name in names)),
  dtype: options.dtype,
});
