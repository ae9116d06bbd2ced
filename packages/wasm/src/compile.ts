import { CongruentError } from '@congruent/runtime';
import type { Kernel } from './kernel.ts';
import {
  type WebAssemblyImports,
  type WebAssemblyInterface,
  type WebAssemblyModule,
  webAssembly,
} from './webassembly.ts';

/** Compiled modules by the text of their bytes: each is compiled once, and every layer object makes an instance of its own. */
const compiled = new Map<string, WebAssemblyModule>();

/** Modules that are being compiled. */
const pending = new Map<string, Promise<void>>();

/**
 * A new instance of the module with these bytes, as text, compiled off the thread where the engine does that; some
 * engines make instances of modules of this size on the main thread in no other way. `K`: what the module exports.
 */
export async function instantiate<K = Kernel>(text: string, imports: WebAssemblyImports = {}): Promise<K> {
  await compileAhead(text);
  try {
    return (await available().instantiate(compiled.get(text)!, imports)).exports as K;
  } catch (error) {
    throw failure(error as Error, text);
  }
}

/** Compiles a module, off the thread where the engine does that, for instances to be made later. */
export async function compileAhead(text: string): Promise<void> {
  if (compiled.has(text)) return;
  if (!pending.has(text))
    pending.set(
      text,
      compile(text).finally(() => pending.delete(text)),
    );
  await pending.get(text);
}

async function compile(text: string): Promise<void> {
  const api = available();
  try {
    compiled.set(text, await api.compile(decode(text)));
  } catch (error) {
    throw failure(error as Error, text);
  }
}

/** `instantiate` without a promise. */
export function instantiateSync<K = Kernel>(text: string, imports: WebAssemblyImports = {}): K {
  const api = available();
  try {
    const module = compiled.get(text) ?? new api.Module(decode(text));
    compiled.set(text, module);
    return new api.Instance(module, imports).exports as K;
  } catch (error) {
    throw failure(error as Error, text);
  }
}

function available(): WebAssemblyInterface {
  const api = webAssembly();
  if (api !== undefined) return api;
  throw unavailable('this engine has no WebAssembly, or it is switched off. Use');
}

/** What the engine threw, in words where it refused; a RangeError is about its time on the main thread, or memory. */
function failure(cause: Error, text: string): Error {
  const { message } = cause;
  if (cause instanceof RangeError) {
    if (message.includes('main thread')) {
      const obstacle = `this engine cannot start without a promise here (${message})`;
      return unavailable(`${obstacle}. Use await create(options), or`, { cause });
    }
    return new CongruentError(
      'WASM_MEMORY',
      `the engine gave no memory for another WebAssembly instance (${message}). Dispose of layers that are not used.`,
      { cause },
    );
  }
  if (compiled.has(text)) return cause;
  return unavailable(
    available().validate(decode(text))
      ? `this page does not allow WebAssembly (${message}). Add 'wasm-unsafe-eval' to script-src of its ` +
          'Content-Security-Policy, or use'
      : 'this engine has no 128-bit SIMD in WebAssembly. Use a newer engine (Chrome 91, Firefox 89, Safari 16.4, Node 16), or',
    { cause },
  );
}

/** `obstacle`: what is in the way, and the ways around it but the last one. */
const unavailable = (obstacle: string, options?: ErrorOptions): CongruentError =>
  new CongruentError('WASM_UNAVAILABLE', `${obstacle} @congruent/scalar, which gives the same bits.`, options);

/**
 * Bytes from the text that `encode` of @congruent/cli makes of them: 75 less a byte is 91 times the index of its prefix (none,
 * space, !) plus that of its digit, a character from $ to ~.
 * AudioWorklets have no atob, and base64 has no byte where another has it, so that gzip finds little in it.
 */
export function decode(text: string): Uint8Array {
  const bytes: number[] = [];
  let prefix = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 36) prefix = code - 31;
    else {
      bytes.push(111 - 91 * prefix - code);
      prefix = 0;
    }
  }
  return Uint8Array.from(bytes);
}
