import { CongruentError } from '@congruent/runtime';
import type { Kernel } from './kernel.ts';
import {
  type WebAssemblyImports,
  type WebAssemblyInterface,
  type WebAssemblyModule,
  webAssembly,
} from './webassembly.ts';

/** Compiled modules by their text: each is compiled once, and every GRU makes an instance of its own. */
const compiled = new Map<string, WebAssemblyModule>();

/** Modules that are being compiled. */
const pending = new Map<string, Promise<void>>();

/**
 * A new instance of the module with these bytes, in hexadecimal, compiled off the thread where the engine does that; some
 * engines make instances of modules of this size on the main thread in no other way. `K`: what the module exports.
 */
export async function instantiate<K = Kernel>(hex: string, imports: WebAssemblyImports = {}): Promise<K> {
  await compileAhead(hex);
  try {
    return (await available().instantiate(compiled.get(hex)!, imports)).exports as K;
  } catch (error) {
    throw instanceFailure(error);
  }
}

/** Compiles a module, off the thread where the engine does that, for instances to be made later. */
export async function compileAhead(hex: string): Promise<void> {
  if (compiled.has(hex)) return;
  if (!pending.has(hex))
    pending.set(
      hex,
      compile(hex).finally(() => pending.delete(hex)),
    );
  await pending.get(hex);
}

async function compile(hex: string): Promise<void> {
  const api = available();
  const bytes = decode(hex);
  try {
    compiled.set(hex, await api.compile(bytes));
  } catch (error) {
    throw compileFailure(error as Error, bytes);
  }
}

/** `instantiate` without a promise. */
export function instantiateSync<K = Kernel>(hex: string, imports: WebAssemblyImports = {}): K {
  const api = available();
  const module = compiled.get(hex) ?? compileSync(api, hex);
  try {
    return new api.Instance(module, imports).exports as K;
  } catch (error) {
    throw instanceFailure(error);
  }
}

function compileSync(api: WebAssemblyInterface, hex: string): WebAssemblyModule {
  const bytes = decode(hex);
  try {
    const module = new api.Module(bytes);
    compiled.set(hex, module);
    return module;
  } catch (error) {
    throw compileFailure(error as Error, bytes);
  }
}

function available(): WebAssemblyInterface {
  const api = webAssembly();
  if (api !== undefined) return api;
  throw new CongruentError(
    'WASM_UNAVAILABLE',
    'this engine has no WebAssembly, or it is switched off. Use @congruent/scalar, which gives the same bits.',
  );
}

const compileFailure = (error: Error, bytes: Uint8Array): Error =>
  error instanceof RangeError ? refusal(error) : unavailable(error, obstacle(error, bytes));

const instanceFailure = (error: unknown): unknown => (error instanceof RangeError ? refusal(error) : error);

/** An engine's refusal of what would need too much: of its time on the main thread, in some engines, or of memory. */
function refusal(cause: RangeError): CongruentError {
  if (cause.message.includes('main thread')) {
    const obstacle = `this engine does not make the module ready synchronously here (${cause.message}).`;
    return unavailable(cause, `${obstacle} Use await GRU.create(options), or`);
  }
  return new CongruentError(
    'WASM_MEMORY',
    `the engine gave no memory for another WebAssembly instance (${cause.message}). Dispose of GRUs that are not used ` +
      'any more.',
    { cause },
  );
}

/** `obstacle`: what is in the way, and the ways around it but the last one. */
const unavailable = (cause: Error, obstacle: string): CongruentError =>
  new CongruentError('WASM_UNAVAILABLE', `${obstacle} @congruent/scalar, which gives the same bits.`, { cause });

/** What keeps the engine from compiling a module that is not too large. */
function obstacle(cause: Error, bytes: Uint8Array): string {
  if (!webAssembly()?.validate(bytes))
    return 'this engine has no 128-bit SIMD in WebAssembly. Use a newer one (Chrome 91, Firefox 89, Safari 16.4, Node 16), or';
  return (
    `this page does not allow WebAssembly (${cause.message}). Add 'wasm-unsafe-eval' to script-src of its ` +
    'Content-Security-Policy, or use'
  );
}

/** Bytes from hexadecimal. AudioWorklets have no atob, and Uint8Array.fromHex is too new. */
export function decode(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}
