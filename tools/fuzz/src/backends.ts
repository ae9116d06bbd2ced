import { existsSync, readdirSync } from 'node:fs';
import { ifAvailable } from '@congruent/conformance';
import { workspace } from './workspace.ts';

/** A function as callers in JavaScript have it, whom no types stop. */
export type Method = (...args: readonly unknown[]) => unknown;

/** A layer, a cell, a stream, or a class of them. */
export type Thing = Readonly<Record<string, Method>>;

/** A backend that is on this machine. */
export interface Backend {
  readonly name: string;
  /** The classes GRU, LSTM, RNN and those of single steps. */
  readonly classes: Readonly<Record<string, Thing>>;
  /** What `create` is given beside sizes: of several devices the one that every machine has. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether it answers at once. Those that do not are slow to begin with, as they compile what they run. */
  readonly sync: boolean;
}

interface Module {
  readonly backend: {
    readonly supports: { readonly sync: boolean };
    readonly devices?: Readonly<Record<string, unknown>>;
  };
}

/** The packages that have an emitter. */
export const backendNames: readonly string[] = readdirSync(new URL('packages', workspace)).filter((name) =>
  existsSync(new URL(`packages/${name}/codegen`, workspace)),
);

/**
 * Those that can be had here; in continuous integration all of them.
 *
 * @param names  default: all there are
 */
export async function availableBackends(names: readonly string[] = backendNames): Promise<readonly Backend[]> {
  const found = await Promise.all(
    names.map(async (name): Promise<Backend[]> => {
      const answer = await ifAvailable<Module & Record<string, unknown>>(() => import(`@congruent/${name}`));
      if ('unavailable' in answer) return [];
      const { backend } = answer.module;
      const options = backend.devices && 'cpu' in backend.devices ? { device: 'cpu' } : {};
      const classes = answer.module as unknown as Backend['classes'];
      return [{ name, classes, options, sync: backend.supports.sync }];
    }),
  );
  return found.flat();
}
