import { CongruentError, type DType, type EngineOptions } from '@congruent/runtime';
import { decode } from './compile.ts';
import { bytes as float32 } from './generated/gru.float32.ts';
import { webAssembly } from './webassembly.ts';

/** A generated module: element type and kind of arithmetic. */
export type Variant = DType | `${DType}.relaxed`;

/** `training`: what gradients need beside the module for inference. */
export type ModuleName = Variant | `${Variant}.training`;

/** How the modules that are not at hand are loaded. */
export type Loaders = Readonly<Partial<Record<ModuleName, () => Promise<{ readonly bytes: string }>>>>;

/** The bytes at hand. Most pages need one module, so only that one is part of every entry. */
const atHand = new Map<ModuleName, string>([['float32', float32]]);

export const inference: Loaders = {
  float64: () => import('./generated/gru.float64.ts'),
  'float32.relaxed': () => import('./generated/gru.float32.relaxed.ts'),
  'float64.relaxed': () => import('./generated/gru.float64.relaxed.ts'),
};

/** Makes a module's bytes known. */
export function provide(name: ModuleName, bytes: string): void {
  atHand.set(name, bytes);
}

/** The bytes of a module. */
export async function load(name: ModuleName, loaders: Loaders): Promise<string> {
  if (!atHand.has(name)) provide(name, (await loaders[name]!()).bytes);
  return atHand.get(name)!;
}

/** The bytes of a module, where they are at hand. */
export function loadSync(name: ModuleName): string {
  const bytes = atHand.get(name);
  if (bytes !== undefined) return bytes;
  const [what, entry] =
    name.startsWith('float64') && !name.includes('relaxed')
      ? ["dtype: 'float64'", 'float64']
      : ["math: 'relaxed'", 'relaxed'];
  throw new CongruentError(
    'CONGRUENT_UNSUPPORTED',
    `GRU.createSync: the module for ${what} is not loaded. Either await GRU.create(options), which loads it, or ` +
      `import '@congruent/wasm/${entry}' beforehand.`,
  );
}

/**
 * The bytes of `(module (func (param v128) (result v128) (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0))))`:
 * header, type, function and code, which is 20 00, three times, and fd 85 02.
 */
const RELAXED_PROBE = '0061736d0100000001060160017b017b030201000a0d010b00200020002000fd85020b';

/** Whether the engine has relaxed SIMD: a module of one such instruction is valid. */
export const hasRelaxed = (): boolean => webAssembly()?.validate(decode(RELAXED_PROBE)) ?? false;

/** The module for these options. */
export function variantFor({ dtype, math = 'exact' }: EngineOptions): Variant {
  if (math === 'exact') return dtype;
  if (math !== 'relaxed') {
    throw new CongruentError(
      'CONGRUENT_OPTION',
      `GRU.create: option math must be 'exact' or 'relaxed', got ${String(math)}.`,
    );
  }
  if (hasRelaxed()) return `${dtype}.relaxed`;
  throw new CongruentError(
    'CONGRUENT_UNSUPPORTED',
    "GRU.create: math: 'relaxed' needs relaxed SIMD, which this engine does not have (backend.supports.relaxed is " +
      'false). Leave the option out, or use a newer engine (Chrome 114, Firefox 145, Node 22).',
  );
}
