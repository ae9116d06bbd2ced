import { float, signed, unsigned } from './bytes.ts';
import { type Immediate, OPCODES } from './opcodes.ts';
import { isName, listOf, type Node, show } from './reader.ts';

/** The index of what instructions name, by its name. */
export interface Places {
  readonly locals: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
  readonly globals: ReadonlyMap<string, number>;
}

const [BLOCK, LOOP, IF, ELSE, END, BR, BR_IF] = [0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0d];

/** The type of a block that leaves nothing on the stack. */
const NO_RESULT = 0x40;

/** The code of instructions one after the other, and the end of their sequence. */
export const codeOf = (nodes: readonly Node[], places: Places): readonly number[] =>
  new Encoder(places).sequence(nodes);

class Encoder {
  private readonly places: Places;
  private readonly bytes: number[] = [];
  /** The labels of the blocks around an instruction, the innermost last. */
  private readonly labels: (string | undefined)[] = [];

  constructor(places: Places) {
    this.places = places;
  }

  sequence(nodes: readonly Node[]): readonly number[] {
    this.all(nodes);
    this.bytes.push(END);
    return this.bytes;
  }

  private all(nodes: readonly Node[]): void {
    for (const node of nodes) this.instruction(node);
  }

  private instruction(node: Node | undefined): void {
    const [keyword, ...rest] = listOf(node);
    switch (keyword) {
      case 'block':
        this.block(BLOCK, rest);
        break;
      case 'loop':
        this.block(LOOP, rest);
        break;
      case 'if':
        this.conditional(rest);
        break;
      case 'br':
      case 'br_if': {
        const [label, ...operands] = rest;
        this.all(operands);
        this.bytes.push(keyword === 'br' ? BR : BR_IF, ...unsigned(this.depth(label)));
        break;
      }
      default:
        this.plain(keyword, rest);
        break;
    }
  }

  private block(opcode: number, [first, ...rest]: readonly Node[]): void {
    this.bytes.push(opcode, NO_RESULT);
    if (!isName(first)) throw new Error(`assemble: expected a label, got ${show(first)}`);
    this.labels.push(first);
    this.all(rest);
    this.labels.pop();
    this.bytes.push(END);
  }

  private conditional([condition, then, otherwise, ...more]: readonly Node[]): void {
    if (then?.[0] !== 'then' || (otherwise && otherwise[0] !== 'else') || more.length > 0) {
      throw new Error(`assemble: expected (if condition (then …) (else …)), got ${show(then)} ${show(otherwise)}`);
    }
    this.instruction(condition);
    this.bytes.push(IF, NO_RESULT);
    this.labels.push(undefined);
    this.all(then.slice(1) as readonly Node[]);
    if (otherwise) {
      this.bytes.push(ELSE);
      this.all(otherwise.slice(1) as readonly Node[]);
    }
    this.labels.pop();
    this.bytes.push(END);
  }

  /** How many blocks lie between a branch and where it goes. */
  private depth(label: Node | undefined): number {
    const at = isName(label) ? this.labels.lastIndexOf(label) : -1;
    if (at < 0) throw new Error(`assemble: no block around the branch has the label ${show(label)}`);
    return this.labels.length - 1 - at;
  }

  /** Operands first, then the instruction. */
  private plain(keyword: string, rest: readonly Node[]): void {
    const opcode = OPCODES.get(keyword);
    if (opcode === undefined) throw new Error(`assemble: unknown instruction ${keyword}`);
    const split = rest.findIndex((node) => typeof node !== 'string');
    const words = rest.slice(0, split < 0 ? rest.length : split) as string[];
    this.all(rest.slice(words.length));
    this.bytes.push(...opcode.code, ...this.immediate(keyword, opcode.immediate, words));
  }

  private immediate(keyword: string, immediate: Immediate, words: readonly string[]): readonly number[] {
    switch (immediate.kind) {
      case 'i32':
        return signed(integer(keyword, words, -(2 ** 31), 2 ** 32 - 1) | 0);
      case 'f32':
        return float(number(keyword, words, Math.fround), 4);
      case 'f64':
        return float(number(keyword, words, Number), 8);
      case 'local':
        return indexOf(this.places.locals, keyword, words);
      case 'function':
        return indexOf(this.places.functions, keyword, words);
      case 'global':
        return indexOf(this.places.globals, keyword, words);
      case 'lanes':
        if (words.length !== 16) throw wrong(keyword, words);
        return words.map((word) => integer(keyword, [word], 0, 31));
      case 'memory':
        return memoryPlace(keyword, immediate, words);
      case 'bytes':
        if (words.length > 0) throw wrong(keyword, words);
        return immediate.bytes;
      default:
        return immediate satisfies never;
    }
  }
}

const wrong = (keyword: string, words: readonly string[]): Error =>
  new Error(`assemble: ${keyword} cannot have ${words.length > 0 ? words.join(' ') : 'nothing'} after it`);

function integer(keyword: string, words: readonly string[], least: number, most: number): number {
  const [word] = words;
  const value = Number(word);
  if (words.length === 1 && /^-?\d+$/.test(word!) && value >= least && value <= most) return value;
  throw wrong(keyword, words);
}

/** A number that the type has; one that would be rounded is refused, as it could be rounded twice. */
function number(keyword: string, words: readonly string[], round: (value: number) => number): number {
  const value = Number(words[0]);
  if (words.length === 1 && Number.isFinite(value) && round(value) === value) return value;
  throw wrong(keyword, words);
}

/** The alignment, the distance from the address, and the lane. */
function memoryPlace(keyword: string, { align, lane }: { align: number; lane: boolean }, words: readonly string[]) {
  const offset = /^offset=(.*)$/.exec(words[0] ?? '')?.[1];
  const rest = offset === undefined ? words : words.slice(1);
  if (!lane && rest.length > 0) throw wrong(keyword, words);
  const distance = unsigned(integer(keyword, [offset ?? '0'], 0, 2 ** 32 - 1));
  return [align, ...distance, ...(lane ? [integer(keyword, rest, 0, 15)] : [])];
}

function indexOf(places: ReadonlyMap<string, number>, keyword: string, words: readonly string[]): number[] {
  const index = words.length === 1 ? places.get(words[0]!) : undefined;
  if (index === undefined) throw wrong(keyword, words);
  return unsigned(index);
}
