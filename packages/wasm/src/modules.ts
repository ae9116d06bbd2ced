import { CongruentError, type DType, type EngineOptions } from '@congruent/runtime';
import { decode } from './compile.ts';
import { bytes as float32 } from './generated/gru.float32.ts';
import { relaxedProbe } from './generated/gru.ts';
import { webAssembly } from './webassembly.ts';

/** A generated module: element type and kind of arithmetic. */
export type Variant = DType | `${DType}.relaxed`;

/** The bytes at hand. Most pages need one module, so only that one is part of the main entry. */
const atHand = new Map<Variant, string>([['float32', float32]]);

const loaders: Readonly<Record<Exclude<Variant, 'float32'>, () => Promise<{ readonly bytes: string }>>> = {
  float64: () => import('./generated/gru.float64.ts'),
  'float32.relaxed': () => import('./generated/gru.float32.relaxed.ts'),
  'float64.relaxed': () => import('./generated/gru.float64.relaxed.ts'),
};

/** Makes a module's bytes known. */
export function provide(variant: Variant, bytes: string): void {
  atHand.set(variant, bytes);
}

/** The bytes for these options. */
export async function load(options: EngineOptions): Promise<string> {
  const variant = variantFor(options);
  if (variant !== 'float32' && !atHand.has(variant)) provide(variant, (await loaders[variant]()).bytes);
  return atHand.get(variant)!;
}

/** The bytes for these options, where they are at hand. */
export function loadSync(options: EngineOptions): string {
  const variant = variantFor(options);
  const bytes = atHand.get(variant);
  if (bytes !== undefined) return bytes;
  const [what, entry] = variant === 'float64' ? ["dtype: 'float64'", 'float64'] : ["math: 'relaxed'", 'relaxed'];
  throw new CongruentError(
    'GRU_UNSUPPORTED',
    `GRU.createSync: the module for ${what} is not loaded. Either await GRU.create(options), which loads it, or ` +
      `import '@congruent/wasm/${entry}' beforehand.`,
  );
}

/** Whether the engine has relaxed SIMD: a module of one such instruction is valid. */
export const hasRelaxed = (): boolean => webAssembly()?.validate(decode(relaxedProbe)) ?? false;

function variantFor({ dtype, math = 'exact' }: EngineOptions): Variant {
  if (math === 'exact') return dtype;
  if (math !== 'relaxed') {
    throw new CongruentError(
      'GRU_OPTION',
      `GRU.create: option math must be 'exact' or 'relaxed', got ${String(math)}.`,
    );
  }
  if (hasRelaxed()) return `${dtype}.relaxed`;
  throw new CongruentError(
    'GRU_UNSUPPORTED',
    "GRU.create: math: 'relaxed' needs relaxed SIMD, which this engine does not have (backend.supports.relaxed is " +
      'false). Leave the option out, or use a newer engine (Chrome 114, Firefox 145, Node 22).',
  );
}
