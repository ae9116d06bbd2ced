/** What is used of TextDecoder. */
type Decoder = new (label: string, options: object) => { decode(bytes: Uint8Array): string };

/** Strict. Throws URIError on what is not UTF-8. */
export function decodeUTF8(bytes: Uint8Array): string {
  const { TextDecoder: Decoder } = globalThis as { readonly TextDecoder?: Decoder };
  if (!Decoder) return decodeByLanguage(bytes);
  try {
    // A copy, as some decoders refuse memory that is shared.
    return new Decoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.slice());
  } catch {
    throw new URIError('the bytes are not UTF-8');
  }
}

/** By the language alone, some ten times slower: an AudioWorklet has no TextDecoder. */
export function decodeByLanguage(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    let end = Math.min(at + 8192, bytes.length);
    // Not in the middle of a character, which has at most three more bytes.
    for (const most = end + 3; end < most && ((bytes[end] ?? 0) & 0xc0) === 0x80; ) end++;
    const chunk = bytes.subarray(at, end);
    parts.push(chunk.every((byte) => byte < 0x80) ? String.fromCharCode(...chunk) : decoded(chunk));
    at = end;
  }
  return parts.join('');
}

const decoded = (chunk: Uint8Array): string =>
  decodeURIComponent(Array.from(chunk, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
