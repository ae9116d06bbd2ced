import { readModule } from './module.ts';
import { readExpression } from './reader.ts';
import { sectionsOf } from './sections.ts';

/** `\0asm`, and the version of the format. */
const HEAD = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/**
 * The bytes of a WebAssembly module in the text form that the emitter and the exporter of @congruent/wasm write: each byte
 * is binaryen's, which parses the same text and does nothing else to it. Whether the module is valid the engine will say.
 *
 * @throws Error that names what it does not know
 */
export const assemble = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([...HEAD, ...sectionsOf(readModule(readExpression(text)))]);
