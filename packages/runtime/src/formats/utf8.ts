/** Strict, and by the language alone: an AudioWorklet has no TextDecoder. Throws URIError on what is not UTF-8. */
export function decodeUTF8(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    let end = Math.min(at + 8192, bytes.length);
    // Not in the middle of a character, which has at most three more bytes.
    for (const most = end + 3; end < most && ((bytes[end] ?? 0) & 0xc0) === 0x80; ) end++;
    const escaped = Array.from(bytes.subarray(at, end), (byte) => `%${byte.toString(16).padStart(2, '0')}`);
    parts.push(decodeURIComponent(escaped.join('')));
    at = end;
  }
  return parts.join('');
}
