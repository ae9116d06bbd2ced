import type { ExportedModel, Plan } from '@congruent/codegen';
import { initialName, type Layout, pagesUpTo } from './export-layout.ts';
import { linked, prepareFunction } from './modules.ts';
import type { Target } from './stages.ts';
import { print, type Wat } from './wat.ts';

/** The part of the engine's interface that is used here, which Node and pages have. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

interface Prepare {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly prepare: (...addresses: readonly number[]) => void;
}

/** A model's weights as its steps read them: packed by the same code that packs them in a backend, run here. */
export function packedWeights(
  { tensors }: ExportedModel,
  plan: Plan,
  { weights: { at, end } }: Layout,
  target: Target,
  assemble: (text: string) => Uint8Array,
): Uint8Array {
  let top = end;
  const addresses = [...tensors.values()].map(({ byteLength }) => {
    const address = top;
    top += byteLength;
    return address;
  });
  const code = linked(prepareFunction('prepare', plan, target), target.lanes);
  const module: Wat = ['module', ['memory', ['export', '"memory"'], `${pagesUpTo(top)}`], ...code];
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Engine };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(assemble(print(module))));
  const { memory, prepare } = instance.exports as Prepare;
  for (const [index, data] of [...tensors.values()].entries()) {
    new Float32Array(memory.buffer, addresses[index], data.length).set(data);
  }
  prepare(at, ...addresses);
  return new Uint8Array(memory.buffer, at, end - at);
}

/** Weights with the states before the first step behind them. */
export function withStates(
  packed: Uint8Array,
  { initialStates = [] }: ExportedModel,
  { carries }: Plan,
  { weights, initial, addresses }: Layout,
): Uint8Array {
  const bytes = new Uint8Array(packed.length + initial.end - initial.at);
  bytes.set(packed);
  // Regions follow each other without a gap where their ends are aligned, as those of weights are.
  for (const [index, state] of initialStates.entries()) {
    const at = addresses.get(initialName(carries[index]!.name))! - weights.at;
    bytes.set(new Uint8Array(Float32Array.from(state).buffer), at);
  }
  return bytes;
}

/** The section of a module that says what its memory holds at the beginning. */
const DATA_SECTION = 11;

/** A module with bytes in its memory from an address on. Text would be three times as long, and a section stands last. */
export function withData(module: Uint8Array, at: number, bytes: Uint8Array): Uint8Array {
  const i32Const = [0x41, ...signed(at), 0x0b];
  const head = [1, 0, ...i32Const, ...unsigned(bytes.length)];
  const section = [DATA_SECTION, ...unsigned(head.length + bytes.length), ...head];
  const whole = new Uint8Array(module.length + section.length + bytes.length);
  whole.set(module);
  whole.set(section, module.length);
  whole.set(bytes, module.length + section.length);
  return whole;
}

/** A number in groups of seven bits, the lowest first. */
function unsigned(value: number): number[] {
  const low = value % 128;
  return value < 128 ? [low] : [low + 128, ...unsigned(Math.floor(value / 128))];
}

/** A number that is not negative, so that the highest bit of its last group, its sign, is 0. */
const signed = (value: number): number[] =>
  value < 64 ? [value] : [(value % 128) + 128, ...signed(Math.floor(value / 128))];
