import {
  type CellLayouts,
  type CellSignature,
  CongruentError,
  type DType,
  type EngineOptions,
} from '@congruent/runtime';
import { decode } from './compile.ts';
import { webAssembly } from './webassembly.ts';

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
const provided = new WeakMap<CellSignature, Readonly<Record<string, string>>>();

/** Makes the bytes of a cell's modules known. */
export function provide(signature: CellSignature, variant: Variant, inference: string, training: string): void {
  provided.set(signature, {
    ...provided.get(signature),
    [`inference${variant}`]: inference,
    [`training${variant}`]: training,
  });
}

/** The bytes of a module, or how they are loaded. */
const find = <U extends Use>(cell: Cell<U>, use: U, variant: Variant): string | Loader =>
  provided.get(cell.signature)?.[use + variant] ?? cell[use][variant];

/** The bytes of a module. */
export async function load<U extends Use>(cell: Cell<U>, use: U, variant: Variant): Promise<string> {
  const found = find(cell, use, variant);
  if (typeof found !== 'string') cell[use][variant] = (await found()).bytes;
  return loadSync(cell, use, variant);
}

/** The bytes of a module, which must be at hand. */
export function loadSync<U extends Use>(cell: Cell<U>, use: U, variant: Variant): string {
  const found = find(cell, use, variant);
  if (typeof found === 'string') return found;
  const name = `${cell.signature.name}.${variant}`;
  throw new CongruentError(
    'CONGRUENT_UNSUPPORTED',
    `createSync: the module ${name} is not loaded. Use await create(options), or import ` +
      `'@congruent/wasm/sync/${name}' beforehand, of a cell of your own kernels/${name}.sync.js.`,
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
export function variantFor({ dtype, math = 'exact' }: EngineOptions): Variant {
  if (math === 'exact') return dtype;
  if (math !== 'relaxed') {
    throw new CongruentError(
      'CONGRUENT_OPTION',
      `create: Option math must be 'exact' or 'relaxed', got ${String(math)}.`,
    );
  }
  if (hasRelaxed()) return `${dtype}.relaxed`;
  throw new CongruentError(
    'CONGRUENT_UNSUPPORTED',
    "create: math: 'relaxed': this engine has no relaxed SIMD in WebAssembly (backend.supports.relaxed is false). " +
      'Leave the option out, or use a newer engine (Chrome 114, Firefox 145, Node 22).',
  );
}
