import { defineCell } from '@congruent/spec';
import { expect, test } from 'vitest';
import {
  compile,
  planFor,
  printAdjoint,
  printAdjointLatex,
  printCell,
  printLatex,
  printPlan,
  printSchedule,
} from '../src/index.ts';

/** Deepest nesting that the parser takes. */
const LEVELS = 250;

const negations = (levels: number): string => `${'-('.repeat(levels >> 1)}h${')'.repeat(levels >> 1)}`;

const nestings: Readonly<Record<string, string>> = {
  'a chain of sums': `h${' + x'.repeat(LEVELS - 3)}`,
  'a chain of products': `h${' * x'.repeat(LEVELS - 3)}`,
  'a chain of quotients': `h${' / x'.repeat(LEVELS - 3)}`,
  'sums in brackets': `${'(x + '.repeat(LEVELS / 2 - 3)}h${')'.repeat(LEVELS / 2 - 3)}`,
  'products of matrices': `${'W @ ('.repeat(LEVELS / 2 - 3)}h${')'.repeat(LEVELS / 2 - 3)}`,
  calls: `${'tanh('.repeat(LEVELS - 4)}h + x${')'.repeat(LEVELS - 4)}`,
  negations: `${negations(LEVELS - 4)} * x`,
};

/** All that is done with a cell; how much it prints. */
function everything(source: string): number {
  const program = compile(defineCell(source));
  const plans = planFor(program, { reserved: new Set(['h']) }, 'float32');
  const printed = [
    printCell(program.ir),
    printSchedule(program.forward),
    printAdjoint(program),
    printLatex(program.ir),
    printAdjointLatex(program.adjoint),
    printPlan(plans.forward),
    printPlan(plans.backward),
  ];
  return Math.min(...printed.map(({ length }) => length));
}

const descend = (levels: number, work: () => number): number => (levels === 0 ? work() : descend(levels - 1, work) + 1);

/** Calls from so deep that only half of the stack is left. */
function withHalfTheStack(work: () => number): number {
  let deepest = 0;
  const dive = (): number => {
    deepest++;
    return dive() + 1;
  };
  expect(dive).toThrow(RangeError);
  const levels = deepest >> 1;
  return descend(levels, work) - levels;
}

test.each(Object.entries(nestings))(
  '%s, as deep as the parser takes them, need less than half the stack',
  (_, text) => {
    const layout = text.includes('W') ? 'layout plain\nW = [W]' : '';
    const source = `deep(x[H], h[H]) -> h'\nh' = ${text}${text.includes('x') ? '' : ' + x'}\n${layout}`;
    expect(withHalfTheStack(() => everything(source))).toBeGreaterThan(100);
  },
);
