import { gru } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { resetBefore, unusual } from '../../../tools/testing/cells.ts';
import {
  type AdjointSchedule,
  adjointRules,
  compile,
  type Definition,
  type ElementwiseStage,
  type Expression,
  reference,
  type TransposedStage,
  verifyAdjoint,
} from '../src/index.ts';

const schedule = compile(gru).adjoint;
const { adjoint } = schedule;
const [gates, product, state] = schedule.step as readonly [ElementwiseStage, TransposedStage, ElementwiseStage];
const ofFunction = compile(unusual.find(({ name }) => name === 'function_of_a_parameter_inside')!).adjoint;
const ofParameters = compile(unusual.find(({ name }) => name === 'product_of_parameters')!).adjoint;

const withValue = (definitions: readonly Definition[], name: string, value: Expression): readonly Definition[] =>
  definitions.map((definition) => (definition.name === name ? { ...definition, value } : definition));

const withStep = (name: string, value: Expression): AdjointSchedule => ({
  ...schedule,
  step: [{ ...gates, definitions: withValue(gates.definitions, name, value) }, product, state],
});

const withDefinition = (name: string, value: Expression): AdjointSchedule => ({
  ...schedule,
  adjoint: { ...adjoint, definitions: withValue(adjoint.definitions, name, value) },
});

const h = reference('h', ['H']);
const r = reference('r', ['H']);
const x = reference('x', ['I']);

interface Breakage {
  readonly rule: string;
  readonly title: string;
  readonly broken: AdjointSchedule;
  readonly says: string;
}

const breakages: readonly Breakage[] = [
  {
    rule: 'every name is defined once, before it is read',
    title: 'a forward value that is neither kept nor computed again',
    broken: { ...schedule, adjoint: { ...adjoint, kept: adjoint.kept.filter(({ name }) => name !== 'u_n') } },
    says: 'dr reads u_n before it is defined',
  },
  {
    rule: 'shapes agree',
    title: 'a product by the matrix that is not transposed',
    broken: withDefinition('dx', {
      kind: 'vecmat',
      vectors: [x],
      matrices: [reference('W_ir', ['H', 'I'])],
      shape: ['H'],
    }),
    says: 'dx = x @ W_ir',
  },
  {
    rule: 'shapes agree',
    title: 'an outer product the other way round',
    broken: {
      ...schedule,
      adjoint: {
        ...adjoint,
        sums: withValue(adjoint.sums, 'dW_ir', {
          kind: 'outer',
          left: x,
          right: reference('da_r', ['H']),
          shape: ['H', 'I'],
        }),
      },
    },
    says: 'dW_ir = outer(x, da_r)',
  },
  {
    rule: 'a name has the shape of its definition',
    title: 'an adjoint read in another shape',
    broken: withDefinition('dr', reference('da_n', ['I'])),
    says: 'dr reads da_n as [I], it is [H]',
  },
  {
    rule: 'what is kept is stored once while the forward pass runs',
    title: 'a kept value that no stage stores',
    broken: { ...schedule, forward: { ...schedule.forward, step: compile(gru).schedule.step } },
    says: 'h',
  },
  {
    rule: 'what is kept is stored once while the forward pass runs',
    title: 'a kept value that two stages store',
    broken: {
      ...schedule,
      forward: {
        ...schedule.forward,
        step: [{ ...gates, definitions: [], stores: [], keeps: ['h'] }, ...schedule.forward.step],
      },
    },
    says: 'h',
  },
  {
    rule: 'the steps read what is given to them',
    title: 'a value of the forward pass that is not kept',
    broken: withStep('dr', reference('h_n', ['H'])),
    says: 'h_n in dr = h_n',
  },
  {
    rule: 'the steps read what is given to them',
    title: 'a product that is computed only after the loop',
    broken: {
      ...schedule,
      step: schedule.step.filter((stage) => stage !== product),
      after: [...schedule.after, product],
    },
    says: 'p_h in dh = g_h * z + p_h',
  },
  {
    rule: 'what follows the loop reads what is given or carried for each row',
    title: 'an adjoint that is not carried out of the loop',
    broken: { ...schedule, carried: schedule.carried.filter(({ name }) => name !== 'da_z') },
    says: 'da_z in dx = [da_r; da_z; da_n] @ [W_ir; W_iz; W_in]',
  },
  {
    rule: 'what follows the loop reads what is given or carried for each row',
    title: 'what comes from the step after, which the next step overwrites',
    broken: {
      ...schedule,
      adjoint: { ...adjoint, sums: withValue(adjoint.sums, 'db_r', reference("dh'", ['H'])) },
    },
    says: "dh' in db_r = dh'",
  },
  {
    rule: 'once the rows are summed, only sums are read',
    title: 'a row among the sums',
    broken: { ...schedule, finish: [{ name: 'db_extra', value: reference('da_r', ['H']) }] },
    says: 'da_r in db_extra = da_r',
  },
  {
    rule: 'no product reads what comes from the step after',
    title: 'a product of the incoming adjoint',
    broken: {
      ...schedule,
      step: [gates, { ...product, vectors: [reference("dh'", ['H']), ...product.vectors.slice(1)] }, state],
    },
    says: "p_h = [dh'; da_z; dh_n] @ [W_hr; W_hz; W_hn]",
  },
  {
    rule: 'a product stands only in a product stage',
    title: 'a product in an element-wise stage',
    broken: withStep('dr', { kind: 'vecmat', vectors: [h], matrices: [reference('W_hr', ['H', 'H'])], shape: ['H'] }),
    says: 'dr = h @ W_hr',
  },
  {
    rule: 'an element-wise stage has one shape',
    title: 'a definition of another shape than its stage',
    broken: withStep('dr', x),
    says: 'dr = x',
  },
  {
    rule: 'a stage keeps what is read outside it',
    title: 'an adjoint that a later product reads',
    broken: { ...schedule, step: [{ ...gates, stores: ['g_h', 'da_n', 'dh_n', 'da_z'] }, product, state] },
    says: 'da_r',
  },
  {
    rule: 'a stage keeps what is read outside it',
    title: 'the adjoint that goes to the step before',
    broken: { ...schedule, step: [gates, product, { ...state, stores: [] }] },
    says: 'dh',
  },
  {
    rule: 'the sums are those of the adjoint, each once',
    title: 'a sum that is left out',
    broken: { ...schedule, sums: schedule.sums.slice(1) },
    says: 'db_r of da_r',
  },
  {
    rule: 'the sums are those of the adjoint, each once',
    title: 'a sum over another operand',
    broken: {
      ...schedule,
      sums: schedule.sums.map((sum) => (sum.operand?.name === 'h' ? { ...sum, operand: r } : sum)),
    },
    says: 'dW_hr of da_r,h',
  },
  {
    rule: 'the sums are those of the adjoint, each once',
    title: 'a sum that is taken twice',
    broken: { ...schedule, sums: [...schedule.sums, schedule.sums[0]!] },
    says: 'db_r of da_r',
  },
  {
    rule: 'the steps compute what goes to the step before, for every state',
    title: 'a state whose adjoint is not passed on',
    broken: { ...schedule, step: [gates, product] },
    says: 'dh',
  },
  {
    rule: 'a gradient has the shape of what it is the gradient of',
    title: "a vector's that is a matrix",
    broken: { ...schedule, adjoint: { ...adjoint, gradients: new Map([...adjoint.gradients, ['b_hn', 'dW_hn']]) } },
    says: 'dW_hn is [H,H], b_hn is [H]',
  },
  {
    rule: 'a stage keeps what is read outside it',
    title: 'a value of parameters alone that the last definitions read',
    broken: { ...ofFunction, prepare: ofFunction.prepare.map((stage) => ({ ...stage, stores: [] })) },
    says: 'tanh_b_h',
  },
  {
    rule: 'every input and parameter has a gradient',
    title: 'an input without one',
    broken: { ...schedule, after: [] },
    says: 'dx',
  },
  {
    rule: 'every input and parameter has a gradient',
    title: 'a parameter that is not in the table',
    broken: {
      ...schedule,
      adjoint: { ...adjoint, gradients: new Map([...adjoint.gradients].filter(([name]) => name !== 'b_hn')) },
    },
    says: 'none for b_hn',
  },
  {
    rule: 'every input and parameter has a gradient',
    title: 'a parameter behind a value of parameters alone',
    broken: { ...ofParameters, finish: ofParameters.finish.filter(({ name }) => name !== 'dW') },
    says: 'dW',
  },
];

describe.each(adjointRules)('$name', ({ name, broken: findBroken }) => {
  const own = breakages.filter(({ rule }) => rule === name);

  test('holds for cells, and has a test', () => {
    for (const cell of [gru, resetBefore, ...unusual]) expect(findBroken(compile(cell).adjoint)).toEqual([]);
    expect(own).not.toEqual([]);
  });

  test.each(own)('$title is found, with the pass and the place', ({ broken, says }) => {
    expect(findBroken(broken)).toContain(says);
    expect(() => verifyAdjoint(broken)).toThrow(/^after differentiation, the IR is not well formed:\n/);
  });
});

test('what is well formed comes back as it is', () => {
  expect(verifyAdjoint(schedule)).toBe(schedule);
});

test('a forward pass that is not well formed is found too', () => {
  const broken = { ...schedule, forward: { ...schedule.forward, carried: [] } };
  expect(() => verifyAdjoint(broken)).toThrow('the steps are given the rows they read: x_r');
});
