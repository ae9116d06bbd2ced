import { regionsOf } from './dependence.ts';
import { type CellIr, type Definition, type Expression, namesIn, operandsOf } from './ir.ts';
import { printDefinition } from './print.ts';
import type { Schedule } from './schedule.ts';
import { definitionsOf, type ElementwiseStage, readBy, type Stage, type TransposedStage } from './stages.ts';

/** A property that must hold after every pass; `broken` lists where it does not. */
export interface Rule<T> {
  readonly name: string;
  broken(subject: T): readonly string[];
}

/** Rules of every list of definitions. */
export const definitionRules: readonly Rule<CellIr>[] = [
  {
    name: 'every name is defined once, before it is read',
    broken: (cell) => {
      const known = new Set([...cell.inputs, ...cell.states, ...cell.parameters].map(({ name }) => name));
      return cell.definitions.flatMap(({ name, value }) => {
        const unknown = namesIn(value).filter((operand) => !known.has(operand));
        const twice = known.has(name) ? [`${name} is defined twice`] : [];
        known.add(name);
        return [...unknown.map((operand) => `${name} reads ${operand} before it is defined`), ...twice];
      });
    },
  },
  {
    name: 'shapes agree',
    broken: ({ definitions }) =>
      definitions.filter(({ value }) => !shapesAgree(value)).map((definition) => printDefinition(definition)),
  },
  {
    name: 'a name has the shape of its definition',
    broken: (cell) => {
      const shapes = new Map(
        [...cell.inputs, ...cell.states, ...cell.parameters].map(({ name, shape }) => [name, `${shape}`]),
      );
      for (const { name, value } of cell.definitions) shapes.set(name, `${value.shape}`);
      return cell.definitions.flatMap(({ name, value }) =>
        references(value)
          .filter((operand) => shapes.has(operand.name) && shapes.get(operand.name) !== `${operand.shape}`)
          .map((operand) => `${name} reads ${operand.name} as [${operand.shape}], it is [${shapes.get(operand.name)}]`),
      );
    },
  },
];

/** Rules of a cell. */
export const cellRules: readonly Rule<CellIr>[] = [
  ...definitionRules,
  {
    name: 'every state gets a next value of its shape',
    broken: ({ states, definitions }) =>
      states
        .filter(
          ({ name, shape }) =>
            !definitions.some((next) => next.name === `${name}'` && `${next.value.shape}` === `${shape}`),
        )
        .map(({ name }) => `${name} has no next value of its shape`),
  },
];

/** Rules of a schedule, beside those of its definitions in scheduled order. */
export const scheduleRules: readonly Rule<Schedule>[] = [
  {
    name: 'a product stands only in a product stage',
    broken: (schedule) => productsInLoops(stagesIn(schedule)),
  },
  {
    name: 'only the steps read a state, only they and the stages before them an input',
    broken: ({ cell, prepare, before, step }) => {
      const regionOf = regionsOf(cell, definitionsOf([...prepare, ...before, ...step]));
      const late = (definitions: readonly Definition[], ...regions: string[]) =>
        definitions
          .filter(({ value }) => regions.includes(regionOf(value)))
          .map((definition) => printDefinition(definition));
      return [...late(definitionsOf(prepare), 'input', 'state'), ...late(definitionsOf(before), 'state')];
    },
  },
  {
    name: 'the steps compute the next value of every state',
    broken: ({ cell, step }) => {
      const computed = new Set(definitionsOf(step).map(({ name }) => name));
      return cell.states.map(({ name }) => `${name}'`).filter((name) => !computed.has(name));
    },
  },
  {
    name: 'an element-wise stage has one shape',
    broken: (schedule) => ofAnotherShape(stagesIn(schedule)),
  },
  {
    name: 'a stage keeps what is read outside it',
    broken: (schedule) =>
      notStored(
        stagesIn(schedule),
        schedule.cell.states.map(({ name }) => `${name}'`),
      ),
  },
  {
    name: 'the steps are given the rows they read',
    broken: ({ cell, before, step, carried }) => {
      const given = new Set(carried.map(({ name }) => name));
      const rows = new Set([...cell.inputs, ...definitionsOf(before)].map(({ name }) => name));
      return definitionsOf(step).flatMap(({ value }) =>
        namesIn(value).filter((name) => rows.has(name) && !given.has(name)),
      );
    },
  },
];

const stagesIn = ({ prepare, before, step }: Schedule): readonly Stage[] => [...prepare, ...before, ...step];

type AnyStage = Stage | TransposedStage;

const elementwiseOf = (stages: readonly AnyStage[]): readonly ElementwiseStage[] =>
  stages.filter((stage) => stage.kind === 'elementwise');

/** Definitions of element-wise stages that are products. */
export const productsInLoops = (stages: readonly AnyStage[]): readonly string[] =>
  elementwiseOf(stages)
    .flatMap(({ definitions }) => definitions)
    .filter(({ value }) => hasProduct(value))
    .map(printDefinition);

/** Definitions that have not the shape of their element-wise stage. */
export const ofAnotherShape = (stages: readonly AnyStage[]): readonly string[] =>
  elementwiseOf(stages).flatMap(({ shape, definitions }) =>
    definitions.filter(({ value }) => `${value.shape}` !== `${shape}`).map(printDefinition),
  );

/** Names that an element-wise stage does not store although they are read outside it. */
export const notStored = (stages: readonly AnyStage[], readLater: readonly string[]): readonly string[] =>
  elementwiseOf(stages).flatMap((stage) => {
    const read = new Set([...readLater, ...readBy(definitionsOf(stages.filter((other) => other !== stage)))]);
    return stage.definitions.map(({ name }) => name).filter((name) => read.has(name) && !stage.stores.includes(name));
  });

/** Throws with the pass, the rule and the place where a rule is broken; gives the subject back otherwise. */
export function verifyCell(cell: CellIr, pass: string): CellIr {
  return verify(cell, cellRules, pass);
}

export function verifySchedule(schedule: Schedule, pass: string): Schedule {
  const { cell, prepare, before, step } = schedule;
  verifyCell({ ...cell, definitions: definitionsOf([...prepare, ...before, ...step]) }, pass);
  return verify(schedule, scheduleRules, pass);
}

export function verify<T>(subject: T, rules: readonly Rule<T>[], pass: string): T {
  const broken = rules.flatMap((rule) => rule.broken(subject).map((where) => `  ${rule.name}: ${where}`));
  if (broken.length > 0) throw new Error(`after ${pass}, the IR is not well formed:\n${broken.join('\n')}`);
  return subject;
}

const references = (expression: Expression): readonly Extract<Expression, { kind: 'reference' }>[] =>
  expression.kind === 'reference' ? [expression] : operandsOf(expression).flatMap(references);

const hasProduct = (expression: Expression): boolean =>
  ['matvec', 'vecmat', 'outer'].includes(expression.kind) || operandsOf(expression).some(hasProduct);

function shapesAgree(expression: Expression): boolean {
  if (!operandsOf(expression).every(shapesAgree)) return false;
  const { shape } = expression;
  switch (expression.kind) {
    case 'matvec': {
      const { matrix, vector } = expression;
      return `${matrix.shape}` === `${[...shape, ...vector.shape]}` && vector.shape.length === 1;
    }
    case 'vecmat': {
      const { vectors, matrices } = expression;
      return (
        vectors.length === matrices.length &&
        matrices.every((matrix, block) => `${matrix.shape}` === `${[...vectors[block]!.shape, ...shape]}`) &&
        vectors.every((vector) => vector.shape.length === 1)
      );
    }
    case 'outer':
      return `${shape}` === `${[...expression.left.shape, ...expression.right.shape]}` && shape.length === 2;
    case 'total':
      return shape.length === 0 && expression.operand.shape.length === 1;
    default:
      return operandsOf(expression).every((operand) => operand.shape.length === 0 || `${operand.shape}` === `${shape}`);
  }
}
