import { gru } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { elementwise } from '../../../tools/testing/cells.ts';
import {
  add,
  type CellIr,
  cellRules,
  compile,
  type Definition,
  type ElementwiseStage,
  type Expression,
  type ProductStage,
  reference,
  type Schedule,
  scheduleRules,
  verifyCell,
  verifySchedule,
} from '../src/index.ts';

const { ir, schedule } = compile(gru);

/** The GRU's IR with one definition's value replaced. */
const withValue = (name: string, value: Expression): CellIr => ({
  ...ir,
  definitions: ir.definitions.map((definition) => (definition.name === name ? { ...definition, value } : definition)),
});

const withDefinitions = (change: (definitions: readonly Definition[]) => readonly Definition[]): CellIr => ({
  ...ir,
  definitions: change(ir.definitions),
});

const h = reference('h', ['H']);
const x = reference('x', ['I']);

interface Breakage<T> {
  readonly rule: string;
  readonly title: string;
  readonly broken: T;
  readonly says: string;
}

const brokenCells: readonly Breakage<CellIr>[] = [
  {
    rule: 'every name is defined once, before it is read',
    title: 'a definition that is missing',
    broken: withDefinitions((definitions) => definitions.slice(1)),
    says: 'n reads r before it is defined',
  },
  {
    rule: 'every name is defined once, before it is read',
    title: 'definitions in the wrong order',
    broken: withDefinitions((definitions) => [...definitions].reverse()),
    says: "h' reads z before it is defined",
  },
  {
    rule: 'every name is defined once, before it is read',
    title: 'a name that is defined twice',
    broken: withDefinitions((definitions) => [definitions[0]!, ...definitions]),
    says: 'r is defined twice',
  },
  {
    rule: 'every name is defined once, before it is read',
    title: 'a definition with the name of a state',
    broken: withDefinitions((definitions) => [{ name: 'h', value: h }, ...definitions]),
    says: 'h is defined twice',
  },
  {
    rule: 'shapes agree',
    title: 'a sum of different lengths',
    broken: withValue('z', add(h, x)),
    says: 'z = h + x',
  },
  {
    rule: 'shapes agree',
    title: 'a matrix that does not fit its vector',
    broken: withValue('z', { kind: 'matvec', matrix: reference('W_iz', ['H', 'I']), vector: h, shape: ['H'] }),
    says: 'z = W_iz @ h',
  },
  {
    rule: 'shapes agree',
    title: 'an operation of another shape than its operand',
    broken: withValue('z', { kind: 'call', function: 'tanh', operand: h, shape: ['I'] }),
    says: 'z = tanh(h)',
  },
  {
    rule: 'a name has the shape of its definition',
    title: 'a name read in another shape',
    broken: withValue('z', reference('h', ['I'])),
    says: 'z reads h as [I], it is [H]',
  },
  {
    rule: 'every state gets a next value of its shape',
    title: 'a state without a next value',
    broken: withDefinitions((definitions) => definitions.slice(0, -1)),
    says: 'h has no next value of its shape',
  },
  {
    rule: 'every state gets a next value of its shape',
    title: 'a next value of another shape',
    broken: withValue("h'", x),
    says: 'h has no next value of its shape',
  },
];

const [product, fused] = schedule.step as readonly [ProductStage, ElementwiseStage];

const brokenSchedules: readonly Breakage<Schedule>[] = [
  {
    rule: 'a product stands only in a product stage',
    title: 'a product in an element-wise stage',
    broken: { ...schedule, step: [{ ...fused, definitions: [...ir.definitions] }] },
    says: 'r = sigmoid(W_ir @ x + b_ir + W_hr @ h + b_hr)',
  },
  {
    rule: 'only the steps read a state, only they and the stages before them an input',
    title: 'a product of the state before the steps',
    broken: { ...schedule, before: [...schedule.before, product], step: [fused] },
    says: 'h_r = W_hr @ h',
  },
  {
    rule: 'only the steps read a state, only they and the stages before them an input',
    title: 'a product of the input among what needs only the parameters',
    broken: { ...schedule, prepare: [...schedule.prepare, ...schedule.before], before: [] },
    says: 'x_r = W_ir @ x + b_r',
  },
  {
    rule: 'the steps compute the next value of every state',
    title: 'a next state before the steps',
    broken: { ...schedule, before: [...schedule.before, product, fused], step: [] },
    says: "h'",
  },
  {
    rule: 'an element-wise stage has one shape',
    title: 'a stage of another shape than its definitions',
    broken: { ...schedule, step: [product, { ...fused, shape: ['I'] }] },
    says: 'r = sigmoid(x_r + h_r)',
  },
  {
    rule: 'a stage keeps what is read outside it',
    title: 'a next state that is not kept',
    broken: { ...schedule, step: [product, { ...fused, stores: [] }] },
    says: "h'",
  },
  {
    rule: 'a stage keeps what is read outside it',
    title: 'a folded bias that is not kept',
    broken: { ...schedule, prepare: schedule.prepare.map((stage) => ({ ...stage, stores: ['b_r'] })) },
    says: 'b_z',
  },
  {
    rule: 'the steps are given the rows they read',
    title: 'a hoisted product that is not carried',
    broken: { ...schedule, carried: schedule.carried.slice(1) },
    says: 'x_r',
  },
  {
    rule: 'the steps are given the rows they read',
    title: 'an input read element by element that is not carried',
    broken: { ...compile(elementwise).schedule, carried: [] },
    says: 'x',
  },
];

describe.each(cellRules)('$name', ({ name, broken: findBroken }) => {
  const own = brokenCells.filter(({ rule }) => rule === name);

  test('holds for the GRU, and has a test', () => {
    expect(findBroken(ir)).toEqual([]);
    expect(own).not.toEqual([]);
  });

  test.each(own)('$title is found, with the pass and the place', ({ broken, says }) => {
    expect(findBroken(broken)).not.toEqual([]);
    expect(() => verifyCell(broken, 'some pass')).toThrow(
      new RegExp(`^after some pass, the IR is not well formed:\\n[^]*  ${name}: ${escaped(says)}`),
    );
  });
});

describe.each(scheduleRules)('$name', ({ name, broken: findBroken }) => {
  const own = brokenSchedules.filter(({ rule }) => rule === name);

  test('holds for the GRU, and has a test', () => {
    expect(findBroken(schedule)).toEqual([]);
    expect(own).not.toEqual([]);
  });

  test.each(own)('$title is found', ({ broken, says }) => {
    expect(findBroken(broken).join('\n')).toContain(says);
    expect(() => verifySchedule(broken, 'scheduling')).toThrow(/^after scheduling, the IR is not well formed:\n/);
  });
});

test('what is well formed comes back as it is', () => {
  expect(verifyCell(ir, 'lowering')).toBe(ir);
  expect(verifySchedule(schedule, 'scheduling')).toBe(schedule);
});

test('a schedule that reads before it defines is found by the rules of its definitions', () => {
  expect(() => verifySchedule({ ...schedule, step: [fused, product] }, 'scheduling')).toThrow(
    'r reads h_r before it is defined',
  );
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
