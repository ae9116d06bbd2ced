import { CongruentError } from '@congruent/runtime';
import type { Kernel } from './kernel.ts';
import {
  type WebAssemblyImports,
  type WebAssemblyInterface,
  type WebAssemblyModule,
  webAssembly,
} from './webassembly.ts';

/** A module: compiled, or its bytes as text. */
export type Source = string | WebAssemblyModule;

/** Compiled modules by the text of their bytes: each is compiled once, and every layer object makes an instance of its own. */
const compiled = new Map<string, WebAssemblyModule>();

/** Modules that are being compiled. */
const pending = new Map<string, Promise<WebAssemblyModule>>();

/** A module, where it is compiled. */
const compiledOf = (source: Source): WebAssemblyModule | undefined =>
  typeof source === 'string' ? compiled.get(source) : source;

/**
 * A new instance of a module, compiled off the thread where the engine does that; some engines make instances of modules
 * of this size on the main thread in no other way. `K`: what the module exports.
 */
export async function instantiate<K = Kernel>(source: Source, imports: WebAssemblyImports = {}): Promise<K> {
  await compileAhead(source);
  try {
    return (await available().instantiate(compiledOf(source)!, imports)).exports as K;
  } catch (error) {
    throw failure(error as Error, source);
  }
}

/** Compiles a module, off the thread where the engine does that, for instances to be made later. */
export async function compileAhead(source: Source): Promise<void> {
  if (compiledOf(source)) return;
  const text = source as string;
  const api = available();
  try {
    const compiling = pending.get(text) ?? api.compile(decode(text));
    pending.set(text, compiling);
    compiled.set(text, await compiling);
  } catch (error) {
    throw failure(error as Error, source);
  } finally {
    pending.delete(text);
  }
}

/** `instantiate` without a promise. */
export function instantiateSync<K = Kernel>(source: Source, imports: WebAssemblyImports = {}): K {
  const api = available();
  try {
    if (!compiledOf(source)) compiled.set(source as string, new api.Module(decode(source as string)));
    return new api.Instance(compiledOf(source)!, imports).exports as K;
  } catch (error) {
    throw failure(error as Error, source);
  }
}

function available(): WebAssemblyInterface {
  const api = webAssembly();
  if (api !== undefined) return api;
  throw unavailable('this engine has no WebAssembly, or it is switched off. Use');
}

/** What the engine threw, in words where it refused; a RangeError is about its time on the main thread, or memory. */
function failure(cause: Error, source: Source): Error {
  const why = `(${cause.message})`;
  if (cause instanceof RangeError) {
    return why.includes('main thread')
      ? unavailable(`this engine cannot start without a promise here ${why}. Use await create(options), or`, cause)
      : new CongruentError('WASM_MEMORY', `no memory for another instance ${why}. Dispose of unused layers.`, {
          cause,
        });
  }
  return compiledOf(source) ? cause : unavailable(obstacle(why, source as string), cause);
}

/** Why the bytes of a module were not compiled, and the ways around it but the last one. */
function obstacle(why: string, text: string): string {
  if (!available().validate(decode(text))) {
    return 'this engine has no 128-bit SIMD in WebAssembly. Use a newer engine, or';
  }
  // V8's word where it is not a page but the program around the engine that forbids it.
  return why.includes('embedder')
    ? `this engine compiles no bytes ${why}. Give the option modules, or use`
    : `this page forbids WebAssembly ${why}. Add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy, or use`;
}

/** `what`: what is in the way, and the ways around it but the last one. */
const unavailable = (what: string, cause?: Error): CongruentError =>
  new CongruentError('WASM_UNAVAILABLE', `${what} @congruent/scalar, which gives the same bits.`, { cause });

/**
 * Bytes from the text that `encodeBytes` of @congruent/codegen makes of them: 75 less a byte is 91 times the index of its prefix
 * (none, space, !) plus that of its digit, a character from $ to ~.
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
