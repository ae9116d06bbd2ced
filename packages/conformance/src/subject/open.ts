import { expect } from '../expect/expect.ts';
import { changesOf } from './modes.ts';
import type { BackendModule, Subject } from './subject.ts';

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
    device: undefined,
    random,
    createGRU: (given) => GRU.create({ ...given, ...options }),
    createCell: (given) => GRUCell.create({ ...given, ...options }),
  };
}

/**
 * The same backend with what it promises on the device that runs it and with the options that are given.
 *
 * @throws where that is another device than the options ask for
 */
export async function inMode(subject: Subject): Promise<Subject> {
  const found = await onDevice(subject);
  const { supports } = found.backend;
  return { ...found, backend: { ...found.backend, supports: { ...supports, ...changesOf(supports, found.options) } } };
}

async function onDevice(subject: Subject): Promise<Subject> {
  const { backend, options } = subject;
  if (backend.devices === undefined) return subject;
  using gru = await subject.createGRU({ inputSize: 1, hiddenSize: 1 });
  const { device } = gru;
  const supports = backend.devices[device ?? ''];
  expect(supports !== undefined, `gru.device is '${device}', which is none of ${Object.keys(backend.devices)}`);
  const asked = options['device'] ?? 'auto';
  expect(asked === 'auto' || asked === device, `device '${asked}' was asked for, but gru.device is '${device}'`);
  return { ...subject, device, backend: { ...backend, supports } };
}
