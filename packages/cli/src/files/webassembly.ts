import { encodeBytes } from '@congruent/codegen';
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
  `export const bytes: string =\n  '${encodeBytes(bytes).replaceAll(/['\\]/g, '\\$&')}';\n`;
