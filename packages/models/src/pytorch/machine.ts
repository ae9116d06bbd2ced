import { decodeUTF8 } from '@congruent/runtime';
import { formatError } from '../errors.ts';
import { build, call, globalOf } from './globals.ts';
import { isOf, setItems, type Value } from './values.ts';

/** What stands in for an object that a pickle says is stored elsewhere. */
export type Persistent = (id: Value) => Value;

/** Characters that are made at once: not so many that they overflow the stack, nor so few that each takes a string. */
const SOME = 4096;

/** What the opcodes of a pickle act on: its bytes, a stack of values with marks, and what is remembered of them. */
export class Machine {
  at: number;
  readonly persistent: Persistent;
  readonly memo: Map<number, Value> = new Map();
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #place: string;
  readonly #stack: Value[] = [];
  /** How long the stack was at each open mark. */
  readonly #marks: number[] = [];

  constructor(bytes: Uint8Array, at: number, place: string, persistent: Persistent) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
    this.#place = place;
    this.persistent = persistent;
  }

  fail(problem: string): never {
    const place = `${this.#place}, byte ${this.at}`;
    throw formatError('PyTorch', place, problem, 'Save it again: torch.save(model.state_dict(), path)');
  }

  /** The position of the next `length` bytes, which are read. */
  #skip(length: number): number {
    if (length > this.#bytes.length - this.at) {
      this.fail(`the pickle is cut off: ${length} bytes are to follow, ${this.#bytes.length - this.at} do`);
    }
    this.at += length;
    return this.at - length;
  }

  byte(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  float(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  uint64(): number {
    const low = this.uint32();
    return low + this.uint32() * 2 ** 32;
  }

  take(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(length: number): string {
    try {
      return decodeUTF8(this.take(length));
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      this.fail('a str is not UTF-8');
    }
  }

  /** Bytes of a str of Python 2, which have no encoding. */
  latin(length: number): string {
    const bytes = this.take(length);
    let text = '';
    for (let at = 0; at < length; at += SOME) text += String.fromCharCode(...bytes.subarray(at, at + SOME));
    return text;
  }

  /** Up to the end of the line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    if (end < 0 || end - this.at > 1024) this.fail('a line of the pickle does not end');
    const text = this.text(end - this.at);
    this.at++;
    return text;
  }

  push(value: Value): void {
    this.#stack.push(value);
  }

  pop(): Value {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) this.fail('a value is missing on the stack');
    return this.#stack.pop()!;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** What was pushed since the last mark. */
  sinceMark(): Value[] {
    const mark = this.#marks.pop();
    if (mark === undefined) this.fail('a mark is missing on the stack');
    return this.#stack.splice(mark);
  }

  memoize(index: number): void {
    const value = this.pop();
    this.memo.set(index, value);
    this.push(value);
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) this.fail(`nothing is remembered under ${index}`);
    this.push(value);
  }

  global(module: Value, name: Value): void {
    if (typeof module !== 'string' || typeof name !== 'string') this.fail('the name of a global is no str');
    this.push(globalOf(`${this.#place}, byte ${this.at}`, module, name));
  }

  call(): void {
    const given = this.pop();
    const of = this.pop();
    if (!isOf('sequence', given) || !isOf('global', of)) this.fail('what is to be made has no class or no arguments');
    this.push(call(of, given.items, (problem) => this.fail(problem)));
  }

  build(): void {
    const state = this.pop();
    const of = this.pop();
    build(of, state);
    this.push(of);
  }

  append(items: readonly Value[]): void {
    const list = this.pop();
    if (isOf('sequence', list)) for (const item of items) list.items.push(item);
    else if (!isOf('instance', list)) this.fail('values are appended to what is no list');
    this.push(list);
  }

  setItems(items: readonly Value[]): void {
    const to = this.pop();
    if (items.length % 2 !== 0) this.fail('a key has no value');
    if (isOf('dict', to)) setItems(to, items);
    else if (!isOf('instance', to)) this.fail('keys are set in what is no dict');
    this.push(to);
  }
}
