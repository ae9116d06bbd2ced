import { expect } from '../expect/expect.ts';
import type { Kind } from '../kinds/kind.ts';
import { kinds } from '../kinds/kinds.ts';
import type { ClassOf, Layers, SingleStep } from './classes.ts';
import { CellUnderTest, LayersUnderTest } from './layers.ts';
import { changesOf } from './modes.ts';
import type { Backend, BackendModule, Subject } from './subject.ts';

const EXPORTS = [
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
  const classes = kinds.filter(({ layerClass }) => layerClass in given);
  if (classes.length === 0) missing.push([...new Set(kinds.map(({ layerClass }) => layerClass))].join(' or '));
  for (const { layerClass, cellClass } of classes) {
    if (cellClass && !(cellClass in given)) missing.push(`${cellClass} (beside ${layerClass})`);
  }
  return [...new Set(missing)];
}

/** Whether a backend has the classes of a kind. */
export const hasKind = (module: BackendModule, { layerClass }: Kind): boolean => module[layerClass] !== undefined;

/** The backend under test from its module and its own options. */
export function backendOf(
  module: BackendModule,
  options: Readonly<Record<string, unknown>>,
  random: Backend['random'],
): Backend {
  const missing = missingExports(module);
  expect(missing.length === 0, `not a congruent backend: the module does not export ${missing.join(', ')}`);
  const { backend, tensor, packPaddedSequence, padPackedSequence, packSequence, padSequence, CongruentError } = module;
  return {
    module,
    backend,
    tensor,
    packPaddedSequence,
    padPackedSequence,
    packSequence,
    padSequence,
    CongruentError,
    options,
    device: undefined,
    random,
  };
}

/** One kind of its layers. */
export function subjectOf(backend: Backend, kind: Kind): Subject {
  const { module, options } = backend;
  const layerClass = module[kind.layerClass] as unknown as ClassOf<Layers>;
  const cellClass = module[kind.cellClass ?? 'GRUCell'] as unknown as ClassOf<SingleStep>;
  return {
    ...backend,
    kind,
    layerClass,
    cellClass,
    createLayers: async (given) =>
      new LayersUnderTest(kind, await layerClass.create({ ...kind.options, ...given, ...options })),
    createCell: async (given) =>
      new CellUnderTest(kind, await cellClass.create({ ...kind.options, ...given, ...options })),
  };
}

/**
 * The same backend with what it promises on the device that runs it and with the options that are given.
 *
 * @throws where that is another device than the options ask for
 */
export async function inMode(backend: Backend): Promise<Backend> {
  const found = await onDevice(backend);
  const { supports } = found.backend;
  return { ...found, backend: { ...found.backend, supports: { ...supports, ...changesOf(supports, found.options) } } };
}

async function onDevice(tested: Backend): Promise<Backend> {
  const { backend, options, module } = tested;
  if (backend.devices === undefined) return tested;
  using made = await firstLayers(module, options);
  const { device } = made;
  const supports = backend.devices[device ?? ''];
  expect(supports !== undefined, `its layers are on '${device}', which is none of ${Object.keys(backend.devices)}`);
  const asked = options['device'] ?? 'auto';
  expect(asked === 'auto' || asked === device, `device '${asked}' was asked for, but the layers are on '${device}'`);
  return { ...tested, device, backend: { ...backend, supports } };
}

/** The smallest layers that a backend has. */
export function firstLayers(module: BackendModule, options: Readonly<Record<string, unknown>>): Promise<Layers> {
  const { layerClass } = kinds.find((kind) => hasKind(module, kind))!;
  return (module[layerClass] as unknown as ClassOf<Layers>).create({ inputSize: 1, hiddenSize: 1, ...options });
}
