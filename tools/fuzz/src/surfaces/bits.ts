interface Elements {
  readonly data: ArrayBufferView;
  readonly shape: readonly number[];
}

/** Whether two records of tensors have the same names, shapes and bits. */
export function sameBits(a: Readonly<Record<string, Elements>>, b: Readonly<Record<string, Elements>>): boolean {
  return bitsOf(a) === bitsOf(b);
}

/** The names, shapes and bits of tensors, as a text that is equal where they are. */
const bitsOf = (tensors: Readonly<Record<string, Elements>>): string =>
  Object.keys(tensors)
    .sort()
    .map((name) => `${JSON.stringify(name)} ${tensorBits(tensors[name]!)}`)
    .join('\n');

const tensorBits = ({ data, shape }: Elements): string => `${shape.join()} ${arrayBits(data)}`;

export const arrayBits = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');
