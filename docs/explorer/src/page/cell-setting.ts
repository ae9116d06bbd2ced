import type { Catalogue } from './catalogue.ts';

/** What stands before the text of a cell that is not of the catalogue; no cell's name has it. */
const TEXT = '~';

/** Characters of a text at most, so that no link can fill the memory. */
const LONGEST = 100_000;

/** The cell as the address has it: its name where it is one of the catalogue, otherwise its text, compressed. */
export async function cellSetting(text: string, catalogue: Catalogue): Promise<string> {
  return catalogue.nameOf(text) ?? `${TEXT}${await compressed(text)}`;
}

/** The text of a cell as the address has it, or nothing where the address is damaged. */
export async function textOfSetting(setting: string, catalogue: Catalogue): Promise<string | undefined> {
  if (!setting.startsWith(TEXT)) return catalogue.sourceOf(setting);
  try {
    return await decompressed(setting.slice(TEXT.length));
  } catch {
    return undefined;
  }
}

async function compressed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

async function decompressed(base64: string): Promise<string | undefined> {
  const binary = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  let text = '';
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    text += read.value;
    if (text.length > LONGEST) {
      await reader.cancel();
      return undefined;
    }
  }
  return text;
}
