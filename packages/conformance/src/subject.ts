import type { BackendModule, Subject } from './check.ts';
import { expect } from './expect.ts';

const EXPORTS = [
  'GRU',
  'GRUCell',
  'tensor',
  'packPaddedSequence',
  'padPackedSequence',
  'packSequence',
  'padSequence',
  'CongruentError',
] as const;

/** What is missing for a module to be a backend; empty where it is one. */
export function missingExports(module: unknown): string[] {
  const given = (module ?? {}) as Readonly<Record<string, unknown>>;
  const missing: string[] = EXPORTS.filter((name) => typeof given[name] !== 'function');
  const backend = given['backend'] as { name?: unknown; supports?: unknown } | undefined;
  if (typeof backend?.name !== 'string' || typeof backend.supports !== 'object') missing.push('backend');
  return missing;
}

/** The backend under test from its module and its own options. */
export function subjectOf(
  module: BackendModule,
  options: Readonly<Record<string, unknown>>,
  random: Subject['random'],
): Subject {
  const missing = missingExports(module);
  expect(missing.length === 0, `not a congruent backend: the module does not export ${missing.join(', ')}`);
  const { GRU, GRUCell, backend, tensor, packPaddedSequence, padPackedSequence, packSequence, padSequence } = module;
  return {
    GRU,
    GRUCell,
    backend,
    tensor,
    packPaddedSequence,
    padPackedSequence,
    packSequence,
    padSequence,
    CongruentError: module.CongruentError,
    options,
    random,
    createGRU: (given) => GRU.create({ ...given, ...options }),
    createCell: (given) => GRUCell.create({ ...given, ...options }),
  };
}
