import { unsafeError } from '../errors.ts';
import { Machine, type Persistent } from './machine.ts';
import { dict, sequence, type Value } from './values.ts';

/** A checkpoint of a large model has some hundred thousand; each makes at most one small object. */
const MAX_STEPS = 4_000_000;

/**
 * Reads one pickle as data. Nothing is imported, called or executed: what would be, is an object with a name, and only of
 * names that are allowed.
 *
 * @param place  where the pickle is in its file, for messages
 * @param start  its first byte
 * @returns its value, and the byte behind it
 * @throws MODEL_UNSAFE where it names a global that is not allowed; MODEL_FORMAT
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  place: string,
  persistent: Persistent,
): { readonly value: Value; readonly end: number } {
  const machine = new Machine(bytes, start, place, persistent);
  for (let step = 0; step < MAX_STEPS; step++) {
    const code = machine.byte();
    if (code === STOP) return { value: machine.pop(), end: machine.at };
    const execute = OPCODES[code] ?? machine.fail(`the opcode 0x${code.toString(16)} is none that torch.save writes`);
    execute(machine);
  }
  throw unsafeError(
    'PyTorch',
    place,
    `the pickle has more than ${MAX_STEPS} opcodes, more than any state dict`,
    'Save the weights alone: torch.save(model.state_dict(), path)',
  );
}

/** Little-endian, two's complement; a number where it holds it. */
function integer(bytes: Uint8Array): number | bigint {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).reverse();
  const value = bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex.join('')}`));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** An int of Python 2 as digits; 00 and 01 are False and True. */
function digits(machine: Machine): Value {
  const text = machine.line();
  if (text === '00' || text === '01') return text === '01';
  if (!/^-?\d{1,20}L?$/.test(text)) machine.fail('an int is not written in digits');
  return Number(text.replace('L', ''));
}

const STOP = 0x2e;

/** What torch.save writes in the protocols 2 to 5, in Python 2 and 3, and what Python has for cyclic tuples. */
const OPCODES: Readonly<Record<number, (machine: Machine) => void>> = {
  128: (m) => m.byte(), // PROTO
  149: (m) => m.uint64(), // FRAME
  40: (m) => m.mark(), // MARK
  48: (m) => m.pop(), // POP
  49: (m) => m.sinceMark(), // POP_MARK
  78: (m) => m.push(null), // NONE
  136: (m) => m.push(true), // NEWTRUE
  137: (m) => m.push(false), // NEWFALSE
  73: (m) => m.push(digits(m)), // INT
  76: (m) => m.push(digits(m)), // LONG
  75: (m) => m.push(m.byte()), // BININT1
  77: (m) => m.push(m.uint16()), // BININT2
  74: (m) => m.push(m.int32()), // BININT
  138: (m) => m.push(integer(m.take(m.byte()))), // LONG1
  71: (m) => m.push(m.float()), // BINFLOAT
  84: (m) => m.push(m.latin(m.uint32())), // BINSTRING
  85: (m) => m.push(m.latin(m.byte())), // SHORT_BINSTRING
  140: (m) => m.push(m.text(m.byte())), // SHORT_BINUNICODE
  88: (m) => m.push(m.text(m.uint32())), // BINUNICODE
  141: (m) => m.push(m.text(m.uint64())), // BINUNICODE8
  67: (m) => m.push(m.take(m.byte())), // SHORT_BINBYTES
  66: (m) => m.push(m.take(m.uint32())), // BINBYTES
  142: (m) => m.push(m.take(m.uint64())), // BINBYTES8
  150: (m) => m.push(m.take(m.uint64())), // BYTEARRAY8
  41: (m) => m.push(sequence()), // EMPTY_TUPLE
  93: (m) => m.push(sequence()), // EMPTY_LIST
  143: (m) => m.push(sequence()), // EMPTY_SET
  125: (m) => m.push(dict()), // EMPTY_DICT
  116: (m) => m.push(sequence(m.sinceMark())), // TUPLE
  108: (m) => m.push(sequence(m.sinceMark())), // LIST
  145: (m) => m.push(sequence(m.sinceMark())), // FROZENSET
  133: (m) => m.push(sequence([m.pop()])), // TUPLE1
  134: (m) => m.push(sequence([m.pop(), m.pop()].reverse())), // TUPLE2
  135: (m) => m.push(sequence([m.pop(), m.pop(), m.pop()].reverse())), // TUPLE3
  97: (m) => m.append([m.pop()]), // APPEND
  101: (m) => m.append(m.sinceMark()), // APPENDS
  144: (m) => m.append(m.sinceMark()), // ADDITEMS
  115: (m) => m.setItems([m.pop(), m.pop()].reverse()), // SETITEM
  117: (m) => m.setItems(m.sinceMark()), // SETITEMS
  113: (m) => m.memoize(m.byte()), // BINPUT
  114: (m) => m.memoize(m.uint32()), // LONG_BINPUT
  148: (m) => m.memoize(m.memo.size), // MEMOIZE
  104: (m) => m.recall(m.byte()), // BINGET
  106: (m) => m.recall(m.uint32()), // LONG_BINGET
  99: (m) => m.global(m.line(), m.line()), // GLOBAL
  147: (m) => m.global(...([m.pop(), m.pop()].reverse() as [Value, Value])), // STACK_GLOBAL
  82: (m) => m.call(), // REDUCE
  129: (m) => m.call(), // NEWOBJ
  98: (m) => m.build(), // BUILD
  81: (m) => m.push(m.persistent(m.pop())), // BINPERSID
};
