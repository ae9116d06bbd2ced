/** One of the forms in which a cell is compiled; the addon chooses one at run time. */
export interface Variant {
  /** Part of the names of C that the form defines: -DCONGRUENT_VARIANT. */
  readonly name: string;
  readonly flags: readonly string[];
}

const AVX2 = ['-mavx2', '-mfma'];
const AVX512 = ['-mavx512f', '-mavx512vl', '-mavx512dq', '-mavx512bw', '-mfma'];

/** `math: 'relaxed'`: products may be fused with sums. */
const relaxed = (name: string, ...flags: readonly string[]): Variant => ({
  name: `${name}_relaxed`,
  flags: [...flags, '-DCONGRUENT_RELAXED=1'],
});

/** So that a square root is an instruction, rather than a call of the C library for its errno. */
const PLAIN = ['-fno-math-errno'];

/** And x87 would keep more digits than the spec says. */
const IA32 = [...PLAIN, '-msse2', '-mfpmath=sse'];

const VARIANTS: Readonly<Record<string, readonly Variant[]>> = {
  x64: [
    { name: 'sse2', flags: [] },
    { name: 'sse41', flags: ['-msse4.1'] },
    { name: 'avx2', flags: AVX2 },
    { name: 'avx512', flags: AVX512 },
    relaxed('avx2', ...AVX2),
    relaxed('avx512', ...AVX512),
  ],
  arm64: [{ name: 'neon', flags: [] }, relaxed('neon')],
  ia32: [{ name: 'plain', flags: IA32 }],
};

/** The variants for an architecture, by its name in Node (`process.arch`). */
export const variantsFor = (arch: string): readonly Variant[] => VARIANTS[arch] ?? [{ name: 'plain', flags: PLAIN }];
