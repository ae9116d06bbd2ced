import binaryen from 'binaryen';

/**
 * What names in the text cost bytes: values that are read once need no local, and locals that are never alive together are
 * one. Operations and their order stay, so results have the same bits; the GRU's module is a sixth smaller after gzip.
 */
const LOCALS = ['simplify-locals', 'coalesce-locals', 'vacuum'];

/**
 * The bytes of a WebAssembly module in text form, checked.
 *
 * @throws where the text is no module, or the module is not valid
 */
export function assemble(text: string): Uint8Array {
  const module = parse(text);
  try {
    module.setFeatures(
      binaryen.Features.SIMD128 |
        binaryen.Features.RelaxedSIMD |
        binaryen.Features.BulkMemory |
        binaryen.Features.BulkMemoryOpt,
    );
    if (!module.validate()) throw new Error('the module is not valid; what is wrong is printed above');
    module.runPasses(LOCALS);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** What binaryen throws is no Error. */
function parse(text: string): binaryen.Module {
  try {
    return binaryen.parseText(text);
  } catch (error) {
    throw new Error(`the module does not parse: ${(error as { readonly message?: string }).message ?? error}`);
  }
}

/** A module of TypeScript that exports the bytes as text. */
export const bytesText = (name: string, bytes: Uint8Array): string =>
  `/** The bytes of the module ${name}, ${bytes.length}, as text that gzip makes smaller than hexadecimal. */\n` +
  `export const bytes: string =\n  '${encode(bytes).replaceAll(/['\\]/g, '\\$&')}';\n`;

/** Characters that all are one byte of UTF-8: from $ to ~ as digits, and two before them. */
const [DIGITS, FIRST] = [91, 36];
const PREFIXES = ['', ' ', '!'];

/**
 * Bytes as text. The 91 that modules have most are a character each, the others two: 75 less a byte, modulo 256, is
 * 91 times the index of a prefix, plus that of a digit.
 */
export function encode(bytes: Uint8Array): string {
  const texts = Array.from(bytes, (byte) => {
    const value = (75 - byte) & 255;
    return PREFIXES[Math.floor(value / DIGITS)]! + String.fromCharCode(FIRST + (value % DIGITS));
  });
  return texts.join('');
}
