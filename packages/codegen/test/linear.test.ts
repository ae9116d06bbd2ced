import { type Cell, defineCell } from '@congruent/spec';
import { expect, test } from 'vitest';
import { compile, planFor, type Target } from '../src/index.ts';

const upTo = (count: number): readonly number[] => [...new Array<number>(count).keys()];

/** Products, functions, squares and sums in a chain, each reading the one before and some what came earlier. */
function chain(equations: number): string {
  const lines: readonly ((i: number, last: string) => string)[] = [
    (i, last) => `W${i} @ ${last} + b${i}`,
    (_, last) => `tanh(${last} + h)`,
    (i, last) => `${last} * ${last} - e${i - 2}`,
    (i, last) => `W${i} @ ${last} + sigmoid(${last})`,
    (i, last) => `(${last} + e${i - 1}) / 2`,
  ];
  const all = upTo(equations - 1);
  const nameBefore = (i: number): string => (i === 0 ? 'x' : `e${i - 1}`);
  const stack = (letter: string, rests: readonly number[]): string =>
    `[${all
      .filter((i) => rests.includes(i % 5))
      .map((i) => `${letter}${i}`)
      .join('; ')}]`;
  return [
    "chain(x[H], h[H]) -> h'",
    ...all.map((i) => `e${i} = ${lines[i % 5]!(i, nameBefore(i))}`),
    `h' = tanh(e${equations - 2})`,
    `layout plain\nW = ${stack('W', [0, 3])}\nb = ${stack('b', [0])}`,
  ].join('\n');
}

/** As many loops over time, each after the one before. */
function loops(equations: number): string {
  const all = upTo(equations);
  return [
    `loops(x[H], ${all.map((i) => `h${i}[H]`).join(', ')}) -> ${all.map((i) => `h${i}'`).join(', ')}`,
    ...all.map((i) => `h${i}' = tanh(h${i} + ${i === 0 ? 'x' : `h${i - 1}'`})`),
  ].join('\n');
}

/** One loop that hands on as many states, since each waits for the next. */
const circle = (equations: number): string =>
  loops(equations).replace(/^h0' = .*$/m, `h0' = tanh(h0 + x + h${equations - 1})`);

/** As many outputs of one loop, all products of one state. */
function outputs(equations: number): string {
  const all = upTo(equations - 1);
  return [
    `outputs(x[H], h[H]) -> ${all.map((i) => `y${i}`).join(', ')}, h'`,
    "h' = tanh(h + x)",
    ...all.map((i) => `y${i} = W${i} @ h' + x`),
    `layout plain\nW = [${all.map((i) => `W${i}`).join('; ')}]`,
  ].join('\n');
}

const PLAIN: Target = { reserved: new Set() };
const VECTORS: Target = {
  reserved: new Set(['h']),
  lanes: 4,
  packed: (rows) => ({ kind: 'up', of: rows, to: 8 }),
  stageByStage: true,
};

/** Compiles and plans a cell. */
function everything(cell: Cell): void {
  const program = compile(cell);
  for (const target of [PLAIN, VECTORS]) planFor(program, target, 'float32');
}

/** Processor time in milliseconds, the least of some runs: other work on the machine, and collections, only add to it. */
function time(work: () => void, runs: number): number {
  return upTo(runs).reduce((least) => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return Math.min(least, (user + system) / 1000);
  }, Number.POSITIVE_INFINITY);
}

test('1,000 equations are compiled within a second of processor time', () => {
  const cell = defineCell(chain(1000));
  expect(cell.equations).toHaveLength(1000);
  expect(time(() => compile(cell), 5)).toBeLessThan(1000);
});

test.each([
  ['a chain of equations', chain],
  ['loops one after the other', loops],
  ['states of one loop', circle],
  ['outputs', outputs],
] as const)(
  '%s: compiling and planning eight times as many takes about eight times as long, not sixty-four',
  (_, write) => {
    const [few, many] = [defineCell(write(200)), defineCell(write(1600))];
    time(() => everything(few), 2); // until it runs as machine code
    expect(time(() => everything(many), 2)).toBeLessThan(20 * time(() => everything(few), 3));
  },
);
