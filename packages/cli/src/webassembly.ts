import binaryen from 'binaryen';

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
  `/** The bytes of ${name}.wat in hexadecimal, which gzip makes smaller than base64: ${bytes.length} bytes. */\n` +
  `export const bytes: string =\n  '${Buffer.from(bytes).toString('hex')}';\n`;
