// What the engine's surroundings may forbid: a Content-Security-Policy of the page, or a worker's platform.

/** Whether functions are made of text, which gpu.js does for `cpu`. */
export const makesFunctions = (): boolean => succeeds(() => new Function());

/** The least module: a header. */
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Whether WebAssembly is compiled, which gpu.js does for `webasm`. */
export const compilesWebAssembly = (): boolean =>
  succeeds(() => new (globalThis as unknown as Compiler).WebAssembly.Module(EMPTY));

interface Compiler {
  readonly WebAssembly: { readonly Module: new (bytes: Uint8Array) => unknown };
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
