/// <reference lib="dom" />
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that are in use, each kind by its name. */
export type Memory = Readonly<Record<'heap' | 'arrays' | 'wasm' | 'process', number>>;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const memories = new Set<WeakRef<WebAssembly.Memory>>();

// WebAssembly's memory is no array that Node counts. Before anything is instantiated.
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    super(module, imports);
    for (const each of Object.values(this.exports)) {
      if (each instanceof WebAssembly.Memory) memories.add(new WeakRef(each));
    }
  }
};

function wasmBytes(): number {
  let bytes = 0;
  for (const each of memories) {
    const memory = each.deref();
    if (memory) bytes += memory.buffer.byteLength;
    else memories.delete(each);
  }
  return bytes;
}

/** What is alive. Dead arrays are freed beside the program, and all of them before the next collection. */
export function memoryInUse(): Memory {
  collect();
  collect();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed, arrays: arrayBuffers, wasm: wasmBytes(), process: rss };
}
