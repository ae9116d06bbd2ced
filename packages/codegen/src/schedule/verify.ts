import { type CellIr, type Definition, givenTo, readBy } from '../ir/definition.ts';
import {
  contractionOperands,
  type Expression,
  isContraction,
  namesIn,
  operandsOf,
  type Reference,
  referencesIn,
  type Value,
} from '../ir/expression.ts';
import { append } from '../ir/lists.ts';
import { printDefinition } from '../print/expression.ts';
import { definitionsIn, type Phase, type Schedule, type Stage, sectionsOf } from './schedule.ts';
import { contractStages } from './stages.ts';

/** A property that must hold after every pass; `broken` lists where it does not. */
export interface Rule<T> {
  readonly name: string;
  broken(subject: T): readonly string[];
}

type AnyCell = CellIr<Value | Expression>;

/** Rules of every list of definitions. */
export const cellRules: readonly Rule<AnyCell>[] = [
  {
    name: 'every name is defined once, before it is read',
    broken: (cell) => {
      const known = new Set(givenTo(cell).map(({ name }) => name));
      return cell.definitions.flatMap(({ name, value }) => {
        const unknown = [...namesIn(value)].filter((operand) => !known.has(operand));
        const twice = known.has(name) ? [`${name} is defined twice`] : [];
        known.add(name);
        return [...unknown.map((operand) => `${name} reads ${operand} before it is defined`), ...twice];
      });
    },
  },
  {
    name: 'shapes agree',
    broken: ({ definitions }) => definitions.filter(({ value }) => !shapesAgree(value)).map(printDefinition),
  },
  {
    name: 'a name has the shape of its definition',
    broken: (cell) => {
      const shapes = new Map(givenTo(cell).map(({ name, shape }) => [name, `${shape}`]));
      for (const { name, value } of cell.definitions) shapes.set(name, `${value.shape}`);
      return cell.definitions.flatMap(({ name, value }) =>
        referencesIn(value)
          .filter((operand) => shapes.has(operand.name) && shapes.get(operand.name) !== `${operand.shape}`)
          .map((operand) => `${name} reads ${operand.name} as [${operand.shape}], it is [${shapes.get(operand.name)}]`),
      );
    },
  },
  {
    name: 'every state gets a next value of its shape, and every output is computed',
    broken: ({ carries, outputs, definitions }) => {
      const shapes = new Map(definitions.map(({ name, value }) => [name, `${value.shape}`]));
      return [...carries.map(({ next }) => next), ...outputs]
        .filter(({ name, shape }) => shapes.get(name) !== `${shape}`)
        .map(({ name, shape }) => `${name} is not defined with shape [${shape}]`);
    },
  },
];

/** Rules of a schedule, beside those of its definitions in scheduled order. */
export const scheduleRules: readonly Rule<Schedule>[] = [
  {
    name: 'what is computed once reads what is known once, and sums are read only then',
    broken: (schedule) => {
      const before = new Set(schedule.parameters.map(({ name }) => name));
      const summed = new Set(definitionsIn(sectionsOf(schedule).sums).map(({ name }) => name));
      return schedule.phases.flatMap((phase) => {
        const definitions = definitionsIn(phase.stages);
        if (phase.kind !== 'once') return readOf(definitions, (name) => summed.has(name));
        for (const { name } of definitions) before.add(name);
        return readOf(definitions, (name) => !before.has(name) && !summed.has(name));
      });
    },
  },
  {
    name: 'a phase reads of a loop over time what that has stored for each row',
    broken: ({ phases }) => {
      const keptIn = new Map<string, Phase>();
      for (const phase of phases) {
        if (phase.kind !== 'steps') continue;
        const stored = new Set(phase.stages.flatMap(storedBy));
        const own = [...phase.carries.map(({ given }) => given.name), ...namesDefinedIn(phase)];
        for (const name of own) if (!stored.has(name)) keptIn.set(name, phase);
      }
      return phases.flatMap((phase) =>
        readOf(definitionsIn(phase.stages), (name) => keptIn.has(name) && keptIn.get(name) !== phase),
      );
    },
  },
  {
    name: 'a loop over time computes the next value of what it hands on, and every carry that is read has one',
    broken: ({ phases, carries }) => {
      const handedOn = new Set<string>();
      const missing = phases.flatMap((phase) => {
        if (phase.kind !== 'steps') return [];
        const computed = new Set(namesDefinedIn(phase));
        for (const { given } of phase.carries) handedOn.add(given.name);
        return phase.carries.filter(({ next }) => !computed.has(next.name)).map(({ next }) => next.name);
      });
      const read = readBy(definitionsIn(phases.flatMap(({ stages }) => stages)));
      const given = carries.map((carry) => carry.given.name);
      return [...missing, ...given.filter((name) => read.has(name) && !handedOn.has(name))];
    },
  },
  {
    name: 'a map has one shape',
    broken: ({ phases }) =>
      phases
        .flatMap(({ stages }) => stages)
        .flatMap((stage) =>
          stage.kind === 'map'
            ? stage.definitions.filter(({ value }) => `${value.shape}` !== `${stage.shape}`).map(printDefinition)
            : [],
        ),
  },
  {
    name: 'contractions are computed as one where they share what they multiply; sums stand in a reduction or once',
    broken: ({ phases }) =>
      phases.flatMap(({ kind, stages }) =>
        stages.flatMap((stage) => {
          const { definitions } = stage;
          if (stage.kind === 'map') return kind === 'reduce' ? definitions.map(printDefinition) : [];
          const isMisplaced = ({ value }: Definition): boolean =>
            value.kind === 'sum' ? kind !== 'reduce' && kind !== 'once' : kind === 'reduce';
          const own = new Set(definitions.map(({ name }) => name));
          const apart = contractStages(stage.definitions).length > 1;
          return apart || definitions.some(isMisplaced) || [...readBy(definitions)].some((name) => own.has(name))
            ? definitions.map(printDefinition)
            : [];
        }),
      ),
  },
  {
    name: 'a map stores what is read outside it, and only what it has at hand',
    broken: ({ phases, outputs, carries, gradients }) => {
      const wanted = [...outputs, ...carries.map(({ next }) => next)].map(({ name }) => name);
      const missing = notStored(
        phases.flatMap(({ stages }) => stages),
        [...wanted, ...gradients.values()],
      );
      const unknown = phases.flatMap((phase) => {
        const given = new Set(phase.kind === 'steps' ? phase.carries.map((carry) => carry.given.name) : []);
        return phase.stages.flatMap((stage) => {
          const own = new Set(stage.definitions.map(({ name }) => name));
          return storedBy(stage).filter((name) => !own.has(name) && !given.has(name));
        });
      });
      return [...missing, ...unknown];
    },
  },
  {
    name: 'every residual is recorded once, forwards, in the phase that has it, and nothing else is recorded',
    broken: ({ phases, residuals, direction }) => {
      const recorded = phases.flatMap((phase) => {
        const given = phase.kind === 'steps' ? phase.carries.map((carry) => carry.given.name) : [];
        const known = new Set([...given, ...namesDefinedIn(phase)]);
        const names = phase.stages.flatMap((stage) => (stage.kind === 'map' ? stage.records : []));
        return names.map((name) => ({ name, isKnown: known.has(name) }));
      });
      const wanted = new Set(direction === 'forwards' ? residuals.map(({ name }) => name) : []);
      const times = new Map<string, number>();
      for (const { name } of recorded) times.set(name, (times.get(name) ?? 0) + 1);
      const odd = recorded.filter(({ name, isKnown }) => !isKnown || !wanted.has(name));
      return [...odd.map(({ name }) => name), ...[...wanted].filter((name) => times.get(name) !== 1)];
    },
  },
  {
    name: 'a parameter has a gradient of its shape',
    broken: ({ phases, parameters, gradients, direction }) => {
      const shapes = new Map(
        definitionsIn(phases.flatMap(({ stages }) => stages)).map(({ name, value }) => [name, `${value.shape}`]),
      );
      return direction === 'forwards'
        ? []
        : parameters
            .filter(({ name, shape }) => shapes.get(gradients.get(name) ?? '') !== `${shape}`)
            .map(({ name, shape }) => `${gradients.get(name) ?? 'nothing'} is not the gradient of ${name}[${shape}]`);
    },
  },
];

const namesDefinedIn = ({ stages }: Phase): readonly string[] => definitionsIn(stages).map(({ name }) => name);

/** What other stages can read of a stage. */
const storedBy = (stage: Stage): readonly string[] =>
  stage.kind === 'map' ? stage.stores : stage.definitions.map(({ name }) => name);

/** The reads of definitions that are as said. */
const readOf = (definitions: readonly Definition[], wrong: (name: string) => boolean): readonly string[] =>
  definitions.flatMap((definition) =>
    [...namesIn(definition.value)].filter(wrong).map((name) => `${name} in ${printDefinition(definition)}`),
  );

/** Names that a map does not store although they are read outside it. */
function notStored(stages: readonly Stage[], readLater: readonly string[]): readonly string[] {
  const readers = new Map<string, Stage[]>();
  for (const stage of stages) for (const name of readBy(stage.definitions)) append(readers, name, stage);
  const later = new Set(readLater);
  return stages.flatMap((stage) => {
    if (stage.kind === 'contract') return [];
    const stored = new Set(stage.stores);
    return stage.definitions
      .map(({ name }) => name)
      .filter((name) => !stored.has(name))
      .filter((name) => later.has(name) || (readers.get(name) ?? []).some((reader) => reader !== stage));
  });
}

/**
 * Gives the cell back.
 *
 * @throws Error with the pass, the rule and the place, where a rule is broken
 */
export function verifyCell<C extends AnyCell>(cell: C, pass: string): C {
  verify(cell, cellRules, pass);
  return cell;
}

/** As `verifyCell`, for a schedule. */
export function verifySchedule(schedule: Schedule, pass: string): Schedule {
  const { name, parameters, inputs, carries, outputs, phases, direction, residuals } = schedule;
  const definitions = definitionsIn(phases.flatMap(({ stages }) => stages));
  const given = direction === 'backwards' ? [...inputs, ...residuals.filter((each) => !inputs.includes(each))] : inputs;
  verifyCell({ name, parameters, inputs: given, carries, outputs, definitions }, pass);
  return verify(schedule, scheduleRules, pass);
}

function verify<T>(subject: T, rules: readonly Rule<T>[], pass: string): T {
  const broken = rules.flatMap((rule) => rule.broken(subject).map((where) => `  ${rule.name}: ${where}`));
  if (broken.length > 0) throw new Error(`after ${pass}, the IR is not well formed:\n${broken.join('\n')}`);
  return subject;
}

function shapesAgree(value: Value | Expression): boolean {
  if (!isContraction(value as Value)) return expressionAgrees(value as Expression);
  const contraction = value as Extract<Value, { kind: 'product' | 'transposed' | 'total' | 'sum' }>;
  const { shape } = contraction;
  switch (contraction.kind) {
    case 'product': {
      const { matrix, vector, bias } = contraction;
      return isStackOf(matrix, shape, vector.shape) && (bias === undefined || `${bias.shape}` === `${shape}`);
    }
    case 'transposed': {
      const { vectors, matrices } = contraction;
      const pairs = matrices.every((matrix, block) => isStackOf(matrix, vectors[block]?.shape ?? [], shape));
      return vectors.length === matrices.length && pairs;
    }
    case 'total':
      return shape.length === 0 && contraction.operand.shape.length === 1;
    case 'sum':
      return `${shape}` === `${contractionOperands(contraction).flatMap((operand) => operand.shape)}`;
    default:
      return contraction satisfies never;
  }
}

/** Whether a matrix has the rows of one vector and the columns of another. */
const isStackOf = (matrix: Reference, rows: Reference['shape'], columns: Reference['shape']): boolean =>
  rows.length === 1 && columns.length === 1 && `${matrix.shape}` === `${[...rows, ...columns]}`;

function expressionAgrees(expression: Expression): boolean {
  if (!operandsOf(expression).every(expressionAgrees)) return false;
  const { shape } = expression;
  if (expression.kind === 'matvec') return isStackOf(expression.matrix, shape, expression.vector.shape);
  return operandsOf(expression).every((operand) => operand.shape.length === 0 || `${operand.shape}` === `${shape}`);
}
