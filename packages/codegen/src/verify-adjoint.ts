import { type AdjointSchedule, givenRows } from './adjoint-schedule.ts';
import { type CellIr, type Definition, namesIn, type Reference } from './ir.ts';
import { printDefinition } from './print.ts';
import { definitionsOf } from './stages.ts';
import { cellRules, hasProduct, type Rule, verify, verifySchedule } from './verify.ts';

/** Rules of the backward pass, beside those of every list of definitions. */
export const adjointRules: readonly Rule<AdjointSchedule>[] = [
  ...cellRules.map(
    ({ name, broken }): Rule<AdjointSchedule> => ({ name, broken: (schedule) => broken(backwardCell(schedule)) }),
  ),
  {
    name: 'what is kept is stored once while the forward pass runs',
    broken: ({ adjoint, forward }) => {
      const keeps = [...forward.before, ...forward.step].flatMap((stage) =>
        stage.kind === 'elementwise' ? stage.keeps : [],
      );
      const kept = adjoint.kept.map(({ name }) => name);
      return [...kept.filter((name) => keeps.filter((keep) => keep === name).length !== 1)];
    },
  },
  {
    name: 'the backward pass reads only what is kept or given',
    broken: (schedule) => {
      const { adjoint, forward, prepare, step, after, sums, finish } = schedule;
      const early = [...forward.cell.parameters, ...definitionsOf(prepare)];
      const carries = adjoint.states.flatMap(({ incoming }) => incoming);
      const known = new Set([...early, ...givenRows(schedule), ...carries].map(({ name }) => name));
      const unknown = (definitions: readonly Definition[]): string[] =>
        definitions.flatMap((definition) => {
          const missing = namesIn(definition.value).filter((name) => !known.has(name));
          known.add(definition.name);
          return missing.map((name) => `${name} in ${printDefinition(definition)}`);
        });
      return [
        ...unknown(definitionsOf([...step, ...after])),
        ...sums.flatMap(({ operand, blocks }) =>
          [...(operand ? [operand] : []), ...blocks.map(({ adjoint }) => adjoint)]
            .filter(({ name }) => !known.has(name))
            .map(({ name }) => `${name} in a sum`),
        ),
        ...unknown([]),
        ...finish.flatMap(({ name }) => (known.has(name) ? [`${name} is a row`] : [])),
      ];
    },
  },
  {
    name: 'a product stands only in a product stage',
    broken: ({ step, after }) =>
      [...step, ...after]
        .flatMap((stage) => (stage.kind === 'elementwise' ? stage.definitions : []))
        .filter(({ value }) => hasProduct(value))
        .map(printDefinition),
  },
  {
    name: 'no step waits for a product after the loop',
    broken: ({ step, after }) => {
      const late = new Set(definitionsOf(after).map(({ name }) => name));
      return definitionsOf(step)
        .filter(({ value }) => namesIn(value).some((name) => late.has(name)))
        .map(printDefinition);
    },
  },
  {
    name: 'every input and parameter has a gradient',
    broken: ({ adjoint, forward, after, step, sums, finish }) => {
      const { inputs, parameters } = forward.cell;
      const rows = new Set(definitionsOf([...step, ...after]).map(({ name }) => name));
      const summed = new Set([...sums.flatMap(({ blocks }) => blocks), ...finish].map(({ name }) => name));
      const without = (variables: readonly Reference[], names: ReadonlySet<string>): string[] =>
        variables.map(({ name }) => name).filter((name) => !names.has(adjoint.gradients.get(name) ?? ''));
      return [...without(inputs, rows), ...without(parameters, summed)];
    },
  },
];

/** The definitions of the backward pass as a cell without states, so that the rules of cells apply. */
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
