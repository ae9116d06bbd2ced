import { type AdjointSchedule, givenRows } from './adjoint-schedule.ts';
import { type CellIr, type Definition, namesIn, type Reference } from './ir.ts';
import { printDefinition } from './print.ts';
import { definitionsOf, readBy } from './stages.ts';
import {
  definitionRules,
  notStored,
  ofAnotherShape,
  productsInLoops,
  type Rule,
  verify,
  verifySchedule,
} from './verify.ts';

/** Rules of the backward pass. */
export const adjointRules: readonly Rule<AdjointSchedule>[] = [
  ...definitionRules.map(
    ({ name, broken }): Rule<AdjointSchedule> => ({ name, broken: (schedule) => broken(backwardCell(schedule)) }),
  ),
  {
    name: 'what is kept is stored once while the forward pass runs',
    broken: ({ adjoint, forward }) => {
      const stored = [...forward.before, ...forward.step].flatMap((stage) =>
        stage.kind === 'elementwise' ? stage.keeps : [],
      );
      return adjoint.kept.map(({ name }) => name).filter((name) => stored.filter((one) => one === name).length !== 1);
    },
  },
  {
    name: 'the steps read what is given to them',
    broken: (schedule) => {
      const incoming = schedule.adjoint.states.map((state) => state.incoming);
      return unknownIn(definitionsOf(schedule.step), [...earlyOf(schedule), ...givenRows(schedule), ...incoming]);
    },
  },
  {
    name: 'what follows the loop reads what is given or carried for each row',
    broken: (schedule) => {
      const rows = [...earlyOf(schedule), ...givenRows(schedule), ...schedule.carried];
      return unknownIn([...definitionsOf(schedule.after), ...schedule.adjoint.sums], rows);
    },
  },
  {
    name: 'once the rows are summed, only sums are read',
    broken: (schedule) => unknownIn(schedule.finish, [...earlyOf(schedule), ...summedOf(schedule)]),
  },
  {
    name: 'no product reads what comes from the step after',
    broken: ({ adjoint, step, after }) => {
      const incoming = new Set(adjoint.states.map((state) => state.incoming.name));
      return definitionsOf([...step, ...after].filter(({ kind }) => kind === 'transposed'))
        .filter(({ value }) => namesIn(value).some((name) => incoming.has(name)))
        .map(printDefinition);
    },
  },
  {
    name: 'a product stands only in a product stage',
    broken: ({ step, after }) => productsInLoops([...step, ...after]),
  },
  {
    name: 'an element-wise stage has one shape',
    broken: ({ step, after }) => ofAnotherShape([...step, ...after]),
  },
  {
    name: 'a stage keeps what is read outside it',
    broken: ({ adjoint, prepare, step, after, sums, finish }) => {
      const outgoing = adjoint.states.map((state) => state.outgoing.name);
      const summed = sums.flatMap(({ operand, blocks }) => [operand, ...blocks.map((block) => block.adjoint)]);
      const read = summed.flatMap((name) => name?.name ?? []);
      const later = [...outgoing, ...read, ...readBy(finish), ...adjoint.gradients.values()];
      return notStored([...prepare, ...step, ...after], later);
    },
  },
  {
    name: 'the sums are those of the adjoint, each once',
    broken: ({ adjoint, sums }) => {
      const staged = sums.flatMap(({ operand, blocks }) =>
        blocks.map(
          (block) => `${block.name} of ${[block.adjoint, ...(operand ? [operand] : [])].map(({ name }) => name)}`,
        ),
      );
      const wanted = adjoint.sums.map(({ name, value }) => `${name} of ${namesIn(value)}`);
      return [...wanted, ...staged].filter((sum) => [staged, wanted].some((some) => count(some, sum) !== 1));
    },
  },
  {
    name: 'the steps compute what goes to the step before, for every state',
    broken: ({ adjoint, step }) =>
      missing(
        adjoint.states.map((state) => state.outgoing.name),
        definitionsOf(step),
      ),
  },
  {
    name: 'a gradient has the shape of what it is the gradient of',
    broken: ({ adjoint, forward }) => {
      const shapes = new Map([...adjoint.definitions, ...adjoint.sums, ...adjoint.finish].map(shapeIn));
      return [...forward.cell.inputs, ...forward.cell.parameters]
        .map(({ name, shape }) => ({ name, shape, gradient: adjoint.gradients.get(name) ?? '' }))
        .filter(({ shape, gradient }) => shapes.has(gradient) && shapes.get(gradient) !== `${shape}`)
        .map(({ name, shape, gradient }) => `${gradient} is [${shapes.get(gradient)}], ${name} is [${shape}]`);
    },
  },
  {
    name: 'every input and parameter has a gradient',
    broken: (schedule) => {
      const { adjoint, forward, step, after, finish } = schedule;
      const gradients = (variables: readonly Reference[]): readonly string[] =>
        variables.map(({ name }) => adjoint.gradients.get(name) ?? `none for ${name}`);
      return [
        ...missing(gradients(forward.cell.inputs), definitionsOf([...step, ...after])),
        ...missing(gradients(forward.cell.parameters), [...summedOf(schedule), ...finish]),
      ];
    },
  },
];

/** What is known before the first row: the parameters, and what is prepared of them. */
const earlyOf = ({ forward, prepare }: AdjointSchedule): readonly Named[] => [
  ...forward.cell.parameters,
  ...definitionsOf(prepare),
];

const shapeIn = ({ name, value }: Definition): [name: string, shape: string] => [name, `${value.shape}`];

const summedOf = ({ sums }: AdjointSchedule): readonly Named[] => sums.flatMap(({ blocks }) => blocks);

interface Named {
  readonly name: string;
}

/** Where definitions read a name that neither they, above, nor `known` have. */
function unknownIn(definitions: readonly Definition[], known: readonly Named[]): readonly string[] {
  const names = new Set(known.map(({ name }) => name));
  return definitions.flatMap((definition) => {
    const unknown = namesIn(definition.value).filter((name) => !names.has(name));
    names.add(definition.name);
    return unknown.map((name) => `${name} in ${printDefinition(definition)}`);
  });
}

const missing = (names: readonly string[], among: readonly Named[]): readonly string[] =>
  names.filter((name) => !among.some((other) => other.name === name));

const count = (values: readonly string[], wanted: string): number => values.filter((value) => value === wanted).length;

/** The definitions of the backward pass as a cell without states, so that the rules of definitions apply. */
function backwardCell(schedule: AdjointSchedule): CellIr {
  const { adjoint, forward, prepare } = schedule;
  return {
    name: `${forward.cell.name}, backwards`,
    inputs: [...givenRows(schedule), ...adjoint.states.map(({ incoming }) => incoming)],
    states: [],
    parameters: forward.cell.parameters,
    definitions: [...definitionsOf(prepare), ...adjoint.definitions, ...adjoint.sums, ...adjoint.finish],
  };
}

/** Throws with the rule and the place where a rule is broken; gives the schedule back otherwise. */
export function verifyAdjoint(schedule: AdjointSchedule): AdjointSchedule {
  verifySchedule(schedule.forward, 'differentiation');
  return verify(schedule, adjointRules, 'differentiation');
}
