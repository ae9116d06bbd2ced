import { arrayBits } from './bits.ts';

/** Everything in what a call gave as a text, to the bit: tensors, records and lists of them, the parameters of layers. */
export function textOf(value: unknown): string {
  if (ArrayBuffer.isView(value)) return arrayBits(value);
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${Array.from(value, textOf).join()}]`;
  const { stateDict, state } = value as { stateDict?: () => unknown; state?: unknown };
  if (stateDict) return textOf(stateDict.call(value));
  const entries = Object.entries(state === undefined ? value : { state });
  return `{${entries.map(([name, each]) => `${name}: ${textOf(each)}`).join()}}`;
}

/** @throws where a tensor in what a call gave has not as many elements as its shape says */
export function expectWellFormed(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  const { data, shape } = value as { data?: unknown; shape?: unknown };
  if (ArrayBuffer.isView(data) && Array.isArray(shape)) {
    const { length } = data as Float32Array;
    const size = shape.reduce((product, each) => product * each, 1);
    if (length !== size) throw new Error(`a result of shape [${shape}] with ${length} elements`);
    return;
  }
  if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) {
    for (const each of Object.values(value)) expectWellFormed(each);
  }
}
