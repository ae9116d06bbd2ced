/** Samples of a chunk. */
export const CHUNK = 512;

/** Samples of a second. */
export const RATE = 16_000;

/** A file that is not what it should be. */
export class AudioError extends Error {}

/**
 * The samples of a .wav file of one channel, 16 kHz and 16 bits, from −1 to 1.
 *
 * @param name  as messages call it
 * @throws AudioError where it is anything else
 */
export function samplesOf(name: string, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = chunkOf(view, 'fmt ');
  const data = chunkOf(view, 'data');
  if (textAt(view, 0) !== 'RIFF' || textAt(view, 8) !== 'WAVE' || !format || format.byteLength < 16 || !data) {
    throw refusal(name, 'no .wav file');
  }
  const [coding, channels, rate, bits] = [
    format.getUint16(0, true),
    format.getUint16(2, true),
    format.getUint32(4, true),
    format.getUint16(14, true),
  ];
  if (coding !== 1 || channels !== 1 || rate !== RATE || bits !== 16) {
    throw refusal(name, `${channels} channels, ${rate} Hz, ${bits} bits${coding === 1 ? '' : `, coding ${coding}`}`);
  }
  return Float32Array.from({ length: data.byteLength >> 1 }, (_, at) => data.getInt16(2 * at, true) / 2 ** 15);
}

const refusal = (name: string, found: string): AudioError =>
  new AudioError(
    `${name} is ${found}; one channel of PCM, ${RATE} Hz and 16 bits are read. ` +
      `Convert it: ffmpeg -i ${JSON.stringify(name)} -ac 1 -ar ${RATE} -c:a pcm_s16le speech.wav`,
  );

/** What a chunk of a RIFF file holds; it may be cut off where the file is. */
function chunkOf(view: DataView, name: string): DataView | undefined {
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const length = view.getUint32(at + 4, true);
    if (textAt(view, at) === name) {
      return new DataView(view.buffer, view.byteOffset + at + 8, Math.min(length, view.byteLength - at - 8));
    }
    at += 8 + length + (length & 1); // chunks begin at even addresses
  }
  return undefined;
}

const textAt = (view: DataView, at: number): string =>
  at + 4 <= view.byteLength ? String.fromCharCode(...[0, 1, 2, 3].map((k) => view.getUint8(at + k))) : '';

/** The whole chunks of a recording; what remains is less than one. */
export const chunksOf = (samples: Float32Array): readonly Float32Array[] =>
  Array.from({ length: Math.floor(samples.length / CHUNK) }, (_, at) => samples.slice(at * CHUNK, (at + 1) * CHUNK));
