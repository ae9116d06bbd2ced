import { type Buffer, evaluate, type Plan } from '@congruent/codegen';
import type { Lanes } from './lanes.ts';
import { SLACK_BYTES, scratchPieces, weightPieces } from './memory.ts';

const PAGE = 65536;

/** Every region begins so that a vector lies in one cache line; nothing lies at 0, which stands for no bias. */
const ALIGNMENT = 16;
const START = 64;

/** From an address up to another. */
export interface Region {
  readonly at: number;
  readonly end: number;
}

/** Where everything lies in the memory of an exported model, in bytes. */
export interface Layout {
  /** The address of each buffer of the plan. */
  readonly addresses: ReadonlyMap<string, number>;
  readonly weights: Region;
  /** The states before the first step, laid out as `states`, behind the weights; empty where they are zeros. */
  readonly initial: Region;
  /** The inputs of a step one after the other; so with the outputs. */
  readonly input: Region;
  readonly output: Region;
  readonly states: Region;
  /** Where a caller's own memory may begin. */
  readonly end: number;
}

/** Pages of memory up to an address, and what vector loads may touch behind it. */
export const pagesUpTo = (end: number): number => Math.ceil((end + SLACK_BYTES) / PAGE);

/**
 * Addresses for a plan for steps of one row, whose sizes are all numbers.
 *
 * @param hasInitial  whether the states before the first step are others than zeros
 */
export function layoutOf(plan: Plan, lanes: Lanes, hasInitial: boolean): Layout {
  const addresses = new Map<string, number>();
  let top = START;
  /** Pieces one after the other. */
  const region = (pieces: readonly { readonly name: string; readonly bytes: number }[], align: boolean): Region => {
    top = aligned(top);
    const at = top;
    for (const { name, bytes } of pieces) {
      addresses.set(name, top);
      top = align ? aligned(top + bytes) : top + bytes;
    }
    return { at, end: top };
  };
  const sized = (pieces: ReturnType<typeof weightPieces>) =>
    pieces.map(({ name, bytes }) => ({ name, bytes: evaluate(bytes, { batch: 1 }) }));
  const rows = (buffers: readonly Buffer[]) =>
    buffers.map(({ name, width }) => ({ name, bytes: evaluate(width, {}) * lanes.bytes }));
  const weights = region(sized(weightPieces(plan, lanes)), true);
  const initialOf = ({ name, bytes }: { readonly name: string; readonly bytes: number }) => ({
    name: initialName(name),
    bytes,
  });
  const initial = region(hasInitial ? rows(plan.carries).map(initialOf) : [], true);
  const input = region(rows(plan.inputs), false);
  const output = region(rows(plan.outputs), false);
  const states = region(rows(plan.carries), true);
  const { end } = region(sized(scratchPieces(plan, lanes, 1, 1)), true);
  return { addresses, weights, initial, input, output, states, end: aligned(end) };
}

/** The name under which a state before the first step has its address. */
export const initialName = (carry: string): string => `initial ${carry}`;

const aligned = (address: number): number => Math.ceil(address / ALIGNMENT) * ALIGNMENT;
