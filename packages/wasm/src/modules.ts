import {
  type CellLayouts,
  type CellSignature,
  CongruentError,
  type DType,
  type EngineOptions,
} from '@congruent/runtime';
import { decode, type Source } from './compile.ts';
import { type WebAssemblyModule, webAssembly } from './webassembly.ts';

/** Which of a cell's modules: element type and kind of arithmetic. */
export type Variant = DType | `${DType}.relaxed`;

/** The modules of a cell for one use: their bytes, or how these are loaded, until they are. */
export type Modules = Record<Variant, string | Loader>;

type Loader = () => Promise<{ readonly bytes: string }>;

export type Use = 'inference' | 'training';

/** What is generated of a cell. `U`: what its modules are there for. */
export type Cell<U extends Use = Use> = { readonly signature: CellSignature } & { readonly [use in U]: Modules };

/** All that is generated of a cell. */
export type Generated = Cell & { readonly layouts: CellLayouts };

/** The bytes that were imported beforehand, by use and variant. */
const provided = new WeakMap<CellSignature, Readonly<Record<string, string | undefined>>>();

/** Makes the bytes of a cell's modules known; where there are no gradients, of the first alone. */
export function provide(signature: CellSignature, variant: Variant, inference: string, training?: string): void {
  provided.set(signature, {
    ...provided.get(signature),
    [`inference${variant}`]: inference,
    [`training${variant}`]: training,
  });
}

/** Compiled modules, by what they are for. */
export type CompiledModules = { readonly [use in Use]?: WebAssemblyModule | undefined };

/** The module for these options: the one that was given with them, or its bytes, or how these are loaded. */
function find<U extends Use>(cell: Cell<U>, use: U, options: EngineOptions): Source | Loader {
  const variant = variantFor(options);
  const given = (options['modules'] as CompiledModules | undefined)?.[use];
  if (given === undefined) return provided.get(cell.signature)?.[use + variant] ?? cell[use][variant];
  // Modules of all cells export the same names, so each published file says in a custom section which it is.
  const name = `${nameOf(cell, variant)}.${use}`;
  try {
    if (webAssembly()!.Module.customSections(given, name)[0]) return given;
  } catch {} // no module
  throw new CongruentError(
    'CONGRUENT_OPTION',
    `create: Option modules.${use} must be @congruent/wasm/modules/${name}.wasm, compiled.`,
  );
}

const nameOf = ({ signature }: Pick<Cell, 'signature'>, variant: Variant): string => `${signature.name}.${variant}`;

/** A module, compiled or as bytes. */
export async function load<U extends Use>(cell: Cell<U>, use: U, options: EngineOptions): Promise<Source> {
  const found = find(cell, use, options);
  if (typeof found !== 'function') return found;
  const { bytes } = await found().catch((cause) => {
    throw notLoaded(cell, options, `cannot be loaded (${cause.message}):`, cause);
  });
  cell[use][variantFor(options)] = bytes;
  return bytes;
}

/** The same without a promise: bytes must be at hand. */
export function loadSync<U extends Use>(cell: Cell<U>, use: U, options: EngineOptions): Source {
  const found = find(cell, use, options);
  if (typeof found !== 'function') return found;
  throw notLoaded(cell, options, 'is not loaded. Use await create(options), or');
}

/** `what`: is wrong, and the ways around it but the last one. */
function notLoaded(cell: Cell<never>, options: EngineOptions, what: string, cause?: unknown): CongruentError {
  const name = nameOf(cell, variantFor(options));
  return new CongruentError(
    'CONGRUENT_UNSUPPORTED',
    `the module ${name} ${what} import '@congruent/wasm/sync/${name}' beforehand, of a cell of your own kernels/${name}.sync.js.`,
    { cause },
  );
}

/**
 * The bytes of `(module (func unreachable f32x4.relaxed_madd drop))`, as text, see `decode`: what follows `unreachable` needs
 * no operands.
 */
const RELAXED_PROBE = 'o!X!F!Lnooonkn!Yoolmnoefnhoor!4mUd';

/** Whether the engine has relaxed SIMD: a module of one such instruction is valid. */
export const hasRelaxed = (): boolean => webAssembly()?.validate(decode(RELAXED_PROBE)) ?? false;

/** The module for these options. */
function variantFor({ dtype, math }: EngineOptions): Variant {
  if (math !== 'relaxed') return dtype;
  if (hasRelaxed()) return `${dtype}.relaxed`;
  throw new CongruentError(
    'CONGRUENT_UNSUPPORTED',
    "create: Option math: this engine has no 'relaxed' SIMD. Use a newer engine, or 'exact'.",
  );
}
