import { stacked } from '@congruent/spec/catalogue';
import { expect, test } from 'vitest';
import { compile } from '../src/compile.ts';
import { planFor } from '../src/plan/build.ts';
import type { ContractPlan, MapPlan, Plan, PlanStage } from '../src/plan/plan.ts';
import { planRules, verifyPlan } from '../src/plan/verify.ts';

const { forward, backward } = planFor(compile(stacked), { reserved: new Set() }, 'float32');

/** The plan with its stages changed; a stage for which nothing is given is left out. */
const withStages = (plan: Plan, change: (stage: PlanStage) => readonly PlanStage[]): Plan => ({
  ...plan,
  prepare: plan.prepare.flatMap(change),
  phases: plan.phases.map((phase) => ({ ...phase, stages: phase.stages.flatMap(change) })),
  finish: plan.finish.flatMap(change),
});

const maps = (plan: Plan, change: (stage: MapPlan) => MapPlan): Plan =>
  withStages(plan, (stage) => [stage.kind === 'map' ? change(stage) : stage]);

const contractions = (plan: Plan, change: (stage: ContractPlan) => ContractPlan): Plan =>
  withStages(plan, (stage) => [stage.kind === 'contract' ? change(stage) : stage]);

test('the plans as they are break no rule', () => {
  expect(verifyPlan(forward)).toBe(forward);
  expect(verifyPlan(backward)).toBe(backward);
});

const broken: readonly (readonly [rule: string, how: string, plan: Plan])[] = [
  [
    'every buffer has a name of its own',
    'two buffers of one name',
    { ...forward, scratch: forward.scratch.map((buffer) => ({ ...buffer, name: 'same' })) },
  ],
  ['a stage works on buffers of the plan', 'scratch that is not listed', { ...forward, scratch: [] }],
  [
    'a value lies within a row of its buffer',
    'an offset beyond the end',
    maps(forward, (stage) => ({
      ...stage,
      stores: stage.stores.map(({ name, to }) => ({ name, to: { ...to, offset: 'I' } })),
    })),
  ],
  [
    'a map loads what it reads, stores what it has, and all in one shape',
    'a load left out',
    maps(forward, (stage) => ({ ...stage, loads: stage.loads.slice(1) })),
  ],
  [
    'a map loads what it reads, stores what it has, and all in one shape',
    'a store of a name that nothing defines',
    maps(forward, (stage) => ({ ...stage, stores: stage.stores.map(({ to }) => ({ name: 'nothing', to })) })),
  ],
  [
    'a map loads what it reads, stores what it has, and all in one shape',
    'another shape',
    maps(forward, (stage) => ({ ...stage, shape: ['I'] })),
  ],
  [
    'a matrix has room for its rows and columns',
    'more rows than were packed',
    contractions(forward, (stage) => ({ ...stage, rows: { kind: 'sum', of: [stage.rows, 1] } })),
  ],
  [
    'what is read was given or written before',
    'packing left out',
    withStages(forward, (stage) => (stage.kind === 'pack' ? [] : [stage])),
  ],
  [
    'what is read was given or written before',
    'stages in the wrong order',
    { ...forward, phases: forward.phases.toReversed() },
  ],
  [
    'what a phase reads of another has a row for each row of the sequence, or of a chunk',
    'one row for all steps',
    rowsChanged(forward),
  ],
  [
    'outputs, states and gradients are written whole',
    'a state that is not stored',
    maps(forward, (stage) => ({
      ...stage,
      stores: stage.stores.filter(({ to }) => to.buffer !== forward.carries[0]),
    })),
  ],
  ['outputs, states and gradients are written whole', 'sums left out', { ...backward, finish: [] }],
];

/** The plan with a single row in every scratch buffer. */
function rowsChanged(plan: Plan): Plan {
  const changed = new Map(plan.scratch.map((buffer) => [buffer, { ...buffer, rows: 'one' as const }]));
  const text = <T>(value: T): T => {
    if (changed.has(value as never)) return changed.get(value as never) as T;
    if (Array.isArray(value)) return value.map(text) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, text(of)])) as T;
  };
  return text(plan);
}

for (const [rule, how, plan] of broken) {
  test(`${how}: ${rule}`, () => {
    expect(() => verifyPlan(plan)).toThrow(rule);
  });
}

test('every rule is broken by a test', () => {
  expect(new Set(broken.map(([rule]) => rule))).toEqual(new Set(planRules.map(({ name }) => name)));
});
