import { type Cell, gru } from '@congruent/spec';
import { cells, linearRecurrence, minGru, stacked } from '@congruent/spec/catalogue';
import { describe, expect, test } from 'vitest';
import {
  add,
  type CellIr,
  type ContractStage,
  cellRules,
  compile,
  type Definition,
  type Expression,
  type MapStage,
  type Phase,
  type Reference,
  reference,
  type Schedule,
  type Stage,
  scheduleRules,
  type Value,
  verifyCell,
  verifySchedule,
} from '../src/index.ts';

const { ir, forward, backward } = compile(gru);

/** The GRU's IR with one definition's value replaced. */
const withValue = (name: string, value: Expression): CellIr => ({
  ...ir,
  definitions: ir.definitions.map((definition) => (definition.name === name ? { ...definition, value } : definition)),
});

const withDefinitions = (
  change: (definitions: readonly Definition<Expression>[]) => readonly Definition<Expression>[],
): CellIr => ({ ...ir, definitions: change(ir.definitions) });

/** A schedule with each stage of one kind of phase changed; undefined: taken out. */
const withStages = (
  schedule: Schedule,
  kind: Phase['kind'],
  change: (stage: Stage, index: number) => Stage | undefined,
): Schedule => ({
  ...schedule,
  phases: schedule.phases.map((phase) =>
    phase.kind === kind ? { ...phase, stages: phase.stages.flatMap((stage, at) => change(stage, at) ?? []) } : phase,
  ),
});

/** A schedule with the value of one definition replaced where it stands. */
const withOther = (schedule: Schedule, name: string, value: Value): Schedule => {
  const change = (stage: Stage): Stage =>
    ({
      ...stage,
      definitions: stage.definitions.map((each) => (each.name === name ? { ...each, value } : each)),
    }) as Stage;
  return { ...schedule, phases: schedule.phases.map((phase) => ({ ...phase, stages: phase.stages.map(change) })) };
};

const withMaps = (schedule: Schedule, kind: Phase['kind'], change: (stage: MapStage) => MapStage): Schedule =>
  withStages(schedule, kind, (stage) => (stage.kind === 'map' ? change(stage) : stage));

const without = (names: readonly string[], out: string): readonly string[] => names.filter((name) => name !== out);

const vector = (name: string): Reference => reference(name, ['H']);
const h = vector('h');
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
    rule: 'every state gets a next value of its shape, and every output is computed',
    title: 'a state without a next value',
    broken: withDefinitions((definitions) => definitions.slice(0, -1)),
    says: "h' is not defined with shape [H]",
  },
  {
    rule: 'every state gets a next value of its shape, and every output is computed',
    title: 'a next value of another shape',
    broken: withValue("h'", x),
    says: "h' is not defined with shape [H]",
  },
  {
    rule: 'every state gets a next value of its shape, and every output is computed',
    title: 'an output that nothing computes',
    broken: { ...ir, outputs: [reference('y', ['O'])] },
    says: 'y is not defined with shape [O]',
  },
];

const [once, rows, steps] = forward.phases as readonly [Phase, Phase, Extract<Phase, { kind: 'steps' }>];
const [product, gates] = steps.stages as readonly [ContractStage, MapStage];
const recurrence = compile(linearRecurrence);
const copied = compile(cells.find(({ name }) => name === 'input_kept_for_one_step')!);
const ofParameters = compile(cells.find(({ name }) => name === 'function_of_a_parameter_inside')!);

const ONCE = 'what is computed once reads what is known once, and sums are read only then';
const SUMMED = 'what is summed over the rows has a value for each';
const STORED = 'a phase reads of a loop over time what that has stored for each row';
const HANDED = 'a loop over time computes the next value of what it hands on, and every carry that is read has one';
const TOGETHER =
  'contractions are computed as one where they share what they multiply; sums stand in a reduction or once';
const MAP = 'a map stores what is read outside it, and only what it has at hand';
const RECORDED = 'every residual is recorded once, forwards, in the phase that has it, and nothing else is recorded';

const brokenSchedules: readonly Breakage<Schedule>[] = [
  {
    rule: ONCE,
    title: 'a product of the input among what needs only the parameters',
    broken: { ...forward, phases: [{ kind: 'once', stages: [...once.stages, ...rows.stages] }, steps] },
    says: 'x in x_r = W_ir @ x + b_r',
  },
  {
    rule: ONCE,
    title: 'a value of a row once the rows are summed',
    broken: withOther(ofParameters.backward, 'db', vector('x')),
    says: 'x in db = x',
  },
  {
    rule: ONCE,
    title: 'a sum that is read for a row',
    broken: withOther(backward, 'da_z', vector('db_r')),
    says: 'db_r in da_z = db_r',
  },
  {
    rule: SUMMED,
    title: 'a parameter that is summed over the rows',
    broken: withOther(backward, 'db_r', { kind: 'sum', left: vector('b_hr'), right: undefined, shape: ['H'] }),
    says: 'b_hr in db_r = b_hr',
  },
  {
    rule: STORED,
    title: 'a state that another loop reads and no map stores',
    broken: withMaps(copied.forward, 'steps', (stage) => ({ ...stage, stores: without(stage.stores, 'd') })),
    says: "d in h' = tanh(u * d + h)",
  },
  {
    rule: STORED,
    title: 'what comes from the step after, which the next step overwrites',
    broken: withOther(backward, 'db_r', { kind: 'sum', left: vector("dh'"), right: undefined, shape: ['H'] }),
    says: "dh' in db_r = dh'",
  },
  {
    rule: STORED,
    title: 'a next state of a loop that a product of all rows reads',
    broken: withMaps(recurrence.forward, 'steps', (stage) => ({ ...stage, stores: [] })),
    says: "h' in h_next_y = C @ h'",
  },
  {
    rule: HANDED,
    title: 'a loop without the next value of its state',
    broken: withMaps(forward, 'steps', (stage) => ({
      ...stage,
      definitions: stage.definitions.filter(({ name }) => name !== "h'"),
    })),
    says: "h'",
  },
  {
    rule: HANDED,
    title: 'a state that is read and that no loop hands on',
    broken: { ...forward, phases: [once, rows, { kind: 'rows', stages: steps.stages }] },
    says: 'h',
  },
  {
    rule: 'a map has one shape',
    title: 'a map of another shape than its definitions',
    broken: withMaps(forward, 'steps', (stage) => ({ ...stage, shape: ['I'] })),
    says: 'r = sigmoid(x_r + h_r)',
  },
  {
    rule: TOGETHER,
    title: 'products of two vectors in one stage',
    broken: withOther(forward, 'h_z', {
      kind: 'product',
      matrix: reference('W_hz', ['H', 'H']),
      vector: vector('b_hn'),
      bias: undefined,
      shape: ['H'],
    }),
    says: 'h_z = W_hz @ b_hn',
  },
  {
    rule: TOGETHER,
    title: 'a product with an addend among products without',
    broken: withOther(forward, 'h_z', {
      kind: 'product',
      matrix: reference('W_hz', ['H', 'H']),
      vector: h,
      bias: vector('b_hn'),
      shape: ['H'],
    }),
    says: 'h_z = W_hz @ h + b_hn',
  },
  {
    rule: TOGETHER,
    title: 'a product that adds one of its own stage',
    broken: withOther(forward, 'x_z', {
      kind: 'product',
      matrix: reference('W_iz', ['H', 'I']),
      vector: x,
      bias: vector('x_r'),
      shape: ['H'],
    }),
    says: 'x_z = W_iz @ x + x_r',
  },
  {
    rule: TOGETHER,
    title: 'a sum over rows at a step',
    broken: withStages(backward, 'steps', (stage) =>
      stage.kind === 'map'
        ? stage
        : { ...stage, definitions: [{ name: 'p_h', value: { kind: 'sum', left: h, right: undefined, shape: ['H'] } }] },
    ),
    says: 'p_h = h',
  },
  {
    rule: TOGETHER,
    title: 'a map in a reduction',
    broken: withStages(backward, 'reduce', (_, at): Stage | undefined =>
      at === 0 ? { ...gates, definitions: [{ name: 'db_r', value: h }] } : undefined,
    ),
    says: 'db_r = h',
  },
  {
    rule: MAP,
    title: 'a next state that is not stored',
    broken: withMaps(forward, 'steps', (stage) => ({ ...stage, stores: [] })),
    says: "h'",
  },
  {
    rule: MAP,
    title: 'a folded bias that is not stored',
    broken: withMaps(forward, 'once', (stage) => ({ ...stage, stores: ['b_r'] })),
    says: 'b_z',
  },
  {
    rule: MAP,
    title: 'an adjoint that a later product reads',
    broken: withMaps(backward, 'steps', (stage) => ({ ...stage, stores: without(stage.stores, 'da_r') })),
    says: 'da_r',
  },
  {
    rule: MAP,
    title: 'the adjoint that goes to the step before',
    broken: withMaps(backward, 'steps', (stage) => ({ ...stage, stores: without(stage.stores, 'dh') })),
    says: 'dh',
  },
  {
    rule: MAP,
    title: 'a value of parameters alone that the last definitions read',
    broken: withMaps(ofParameters.backward, 'once', (stage) => ({
      ...stage,
      stores: without(stage.stores, 'tanh_b_h'),
    })),
    says: 'tanh_b_h',
  },
  {
    rule: MAP,
    title: 'a value of another map',
    broken: withMaps(forward, 'steps', (stage) => ({ ...stage, stores: [...stage.stores, 'x_r'] })),
    says: 'x_r',
  },
  {
    rule: RECORDED,
    title: 'a residual that no stage records',
    broken: withMaps(forward, 'steps', (stage) => ({ ...stage, records: without(stage.records, 'u_n') })),
    says: 'u_n',
  },
  {
    rule: RECORDED,
    title: 'a residual that is recorded twice',
    broken: withMaps(forward, 'steps', (stage) => ({ ...stage, records: [...stage.records, 'z'] })),
    says: 'z',
  },
  {
    rule: RECORDED,
    title: 'a residual that is recorded before its loop has it',
    broken: withMaps(
      withMaps(compile(minGru).forward, 'steps', (stage) => ({ ...stage, records: [] })),
      'rows',
      (stage) => ({ ...stage, records: [...stage.records, 'h'] }),
    ),
    says: 'h',
  },
  {
    rule: RECORDED,
    title: 'a value that the backward pass does not read',
    broken: withMaps(forward, 'steps', (stage) => ({ ...stage, records: [...stage.records, "h'"] })),
    says: "h'",
  },
  {
    rule: RECORDED,
    title: 'anything backwards',
    broken: withMaps(backward, 'steps', (stage) => ({ ...stage, records: ['da_r'] })),
    says: 'da_r',
  },
  {
    rule: 'a parameter has a gradient of its shape',
    title: "a vector's that is a matrix",
    broken: { ...backward, gradients: new Map([...backward.gradients, ['b_hn', 'dW_hn']]) },
    says: 'dW_hn is not the gradient of b_hn[H]',
  },
  {
    rule: 'a parameter has a gradient of its shape',
    title: 'a parameter that is not in the table',
    broken: { ...backward, gradients: new Map([...backward.gradients].filter(([name]) => name !== 'b_hn')) },
    says: 'nothing is not the gradient of b_hn[H]',
  },
  {
    rule: 'a parameter has a gradient of its shape',
    title: 'a gradient that nothing computes',
    broken: { ...backward, phases: backward.phases.filter(({ kind }) => kind !== 'reduce') },
    says: 'dW_ir is not the gradient of W_ir[H,I]',
  },
];

/** Rules of definitions, broken in a schedule. */
const brokenDefinitions: readonly Breakage<Schedule>[] = [
  {
    rule: 'every name is defined once, before it is read',
    title: 'stages in the wrong order',
    broken: { ...forward, phases: [once, rows, { ...steps, stages: [gates, product] }] },
    says: 'r reads h_r before it is defined',
  },
  {
    rule: 'every name is defined once, before it is read',
    title: 'a product that is computed only after the loop',
    broken: withStages(backward, 'steps', (stage) => (stage.kind === 'contract' ? undefined : stage)),
    says: 'dh reads p_h before it is defined',
  },
  {
    rule: 'every name is defined once, before it is read',
    title: 'a value of the forward pass that is no residual',
    broken: { ...backward, residuals: backward.residuals.filter(({ name }) => name !== 'u_n') },
    says: 'dr reads u_n before it is defined',
  },
  {
    rule: 'shapes agree',
    title: 'a product by the matrix that is not transposed',
    broken: withOther(backward, 'dx', {
      kind: 'transposed',
      vectors: [x],
      matrices: [reference('W_ir', ['H', 'I'])],
      shape: ['H'],
    }),
    says: 'dx = x @ W_ir',
  },
  {
    rule: 'shapes agree',
    title: 'an outer product the other way round',
    broken: withOther(backward, 'dW_ir', { kind: 'sum', left: x, right: vector('da_r'), shape: ['H', 'I'] }),
    says: 'dW_ir = outer(x, da_r)',
  },
  {
    rule: 'shapes agree',
    title: 'a sum of elements that is no number',
    broken: withOther(backward, 'dx', { kind: 'total', operand: vector('da_r'), shape: ['I'] }),
    says: 'dx = total(da_r)',
  },
  {
    rule: 'shapes agree',
    title: 'fewer matrices than vectors',
    broken: withOther(backward, 'dx', {
      kind: 'transposed',
      vectors: [vector('da_r'), vector('da_z')],
      matrices: [reference('W_ir', ['H', 'I'])],
      shape: ['I'],
    }),
    says: 'dx = [da_r; da_z] @ W_ir',
  },
  {
    rule: 'a name has the shape of its definition',
    title: 'an adjoint read in another shape',
    broken: withOther(backward, 'dr', reference('da_n', ['I'])),
    says: 'dr reads da_n as [I], it is [H]',
  },
  {
    rule: 'every state gets a next value of its shape, and every output is computed',
    title: 'an input without a gradient',
    broken: { ...backward, phases: backward.phases.filter(({ kind }) => kind !== 'rows') },
    says: 'dx is not defined with shape [I]',
  },
  {
    rule: 'every state gets a next value of its shape, and every output is computed',
    title: 'a state whose adjoint is not passed on',
    broken: withStages(backward, 'steps', (stage, at) => (at === 2 ? undefined : stage)),
    says: 'dh is not defined with shape [H]',
  },
];

const wellFormed = (cell: Cell): readonly Schedule[] => {
  const { forward: there, backward: back } = compile(cell);
  return [there, back];
};

describe.each(cellRules)('$name', ({ name, broken: findBroken }) => {
  const own = brokenCells.filter(({ rule }) => rule === name);

  test('holds for the GRU, and has a test', () => {
    expect(findBroken(ir)).toEqual([]);
    expect(own).not.toEqual([]);
  });

  test.each(own)('$title is found, with the pass and the place', ({ broken, says }) => {
    expect(findBroken(broken).join('\n')).toContain(says);
    expect(() => verifyCell(broken, 'some pass')).toThrow(`  ${name}: `);
    expect(() => verifyCell(broken, 'some pass')).toThrow(/^after some pass, the IR is not well formed:\n/);
  });

  test.each(brokenDefinitions.filter(({ rule }) => rule === name))(
    'in a schedule, $title is found',
    ({ broken, says }) => {
      expect(() => verifySchedule(broken, 'scheduling')).toThrow(`  ${name}: ${says}`);
    },
  );
});

describe.each(scheduleRules)('$name', ({ name, broken: findBroken }) => {
  const own = brokenSchedules.filter(({ rule }) => rule === name);

  test('holds for every cell of the catalogue, and has a test', () => {
    expect(cells.flatMap(wellFormed).flatMap((schedule) => findBroken(schedule))).toEqual([]);
    expect(own).not.toEqual([]);
  });

  test.each(own)('$title is found, with the pass and the place', ({ broken, says }) => {
    expect(findBroken(broken)).toContain(says);
    expect(() => verifySchedule(broken, 'scheduling')).toThrow(/^after scheduling, the IR is not well formed:\n/);
  });
});

test('every broken schedule breaks a rule that there is', () => {
  const names = new Set([...cellRules, ...scheduleRules].map(({ name }) => name));
  const broken = [...brokenCells, ...brokenSchedules, ...brokenDefinitions];
  expect(broken.filter(({ rule }) => !names.has(rule))).toEqual([]);
});

test('what is well formed comes back as it is', () => {
  expect(verifyCell(ir, 'lowering')).toBe(ir);
  for (const schedule of wellFormed(stacked)) expect(verifySchedule(schedule, 'scheduling')).toBe(schedule);
});
