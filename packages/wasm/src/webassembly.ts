/** The part of the WebAssembly JavaScript interface that is used here; the platform's own types differ by environment. */
export interface WebAssemblyInterface {
  readonly Module: {
    new (bytes: Uint8Array): WebAssemblyModule;
    customSections(module: WebAssemblyModule, name: string): ArrayBuffer[];
  };
  readonly Instance: new (module: WebAssemblyModule, imports?: WebAssemblyImports) => WebAssemblyInstance;
  compile(bytes: Uint8Array): Promise<WebAssemblyModule>;
  instantiate(module: WebAssemblyModule, imports?: WebAssemblyImports): Promise<WebAssemblyInstance>;
  validate(bytes: Uint8Array): boolean;
}

/** What a module imports, by the names of module and item. */
export type WebAssemblyImports = Readonly<Record<string, Readonly<Record<string, WebAssemblyMemory>>>>;

/** A compiled module, opaque. */
export interface WebAssemblyModule {
  readonly [Symbol.toStringTag]?: 'WebAssembly.Module';
}

export interface WebAssemblyInstance {
  readonly exports: unknown;
}

export interface WebAssemblyMemory {
  /** A new object after each growth; views on the old one then have length 0. */
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB. */
  grow(pages: number): number;
}

/** What the engine offers; undefined where it has no WebAssembly or it is switched off. */
export const webAssembly = (): WebAssemblyInterface | undefined =>
  (globalThis as { readonly WebAssembly?: WebAssemblyInterface }).WebAssembly;
