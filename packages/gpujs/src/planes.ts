/** Rows of numbers in the memory of the host, row-major. */
export interface HostPlane {
  readonly data: Float32Array;
  /** Elements of each row. */
  readonly width: number;
}

/** Arrays one after the other. */
export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  stack(all, parts);
  return all;
}

/** Writes arrays one after the other into another one. */
export function stack(into: Float32Array, parts: readonly Float32Array[]): void {
  let at = 0;
  for (const part of parts) {
    into.set(part, at);
    at += part.length;
  }
}
