import { type CellIr, type Definition, givenTo, readBy, readElsewhere } from '../ir/definition.ts';
import {
  type Expression,
  joinedShape,
  namesIn,
  operandsOf,
  type Reference,
  referencesIn,
  type Value,
} from '../ir/expression.ts';
import { printDefinition } from '../print/expression.ts';
import { definitionsIn, type Phase, type Schedule, type Stage, sectionsOf, stagesIn } from './schedule.ts';
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
    name: 'what is summed over the rows has a value for each',
    broken: (schedule) => {
      const { early, sums } = sectionsOf(schedule);
      const once = new Set([...schedule.parameters, ...definitionsIn(early)].map(({ name }) => name));
      return readOf(definitionsIn(sums), (name) => once.has(name));
    },
  },
  {
    name: 'a phase reads of a loop over time what that has stored for each row',
    broken: ({ phases }) => {
      const keptIn = new Map<string, Phase>();
      for (const loop of loopsIn(phases)) {
        const stored = new Set(loop.stages.flatMap(storedBy));
        for (const name of knownIn(loop)) if (!stored.has(name)) keptIn.set(name, loop);
      }
      return phases.flatMap((phase) =>
        readOf(definitionsIn(phase.stages), (name) => keptIn.has(name) && keptIn.get(name) !== phase),
      );
    },
  },
  {
    name: 'a loop over time computes the next value of what it hands on, and every carry that is read has one',
    broken: ({ phases, carries }) => {
      const missing = loopsIn(phases).flatMap((loop) => {
        const known = new Set(knownIn(loop));
        return loop.carries.map(({ next }) => next.name).filter((name) => !known.has(name));
      });
      const handedOn = new Set(loopsIn(phases).flatMap(givenIn));
      const read = readBy(definitionsIn(stagesIn(phases)));
      const given = carries.map((carry) => carry.given.name);
      return [...missing, ...given.filter((name) => read.has(name) && !handedOn.has(name))];
    },
  },
  {
    name: 'a map has one shape',
    broken: ({ phases }) =>
      stagesIn(phases)
        .filter((stage) => stage.kind === 'map')
        .flatMap(({ shape, definitions }) => definitions.filter(({ value }) => `${value.shape}` !== `${shape}`))
        .map(printDefinition),
  },
  {
    name: 'contractions are computed as one where they share what they multiply; sums stand in a reduction or once',
    broken: ({ phases }) =>
      phases.flatMap(({ kind, stages }) =>
        stages
          .filter((stage) => stage.definitions.some((each) => isMisplaced(each, kind)) || !isTogether(stage))
          .flatMap(({ definitions }) => definitions.map(printDefinition)),
      ),
  },
  {
    name: 'a map stores what is read outside it, and only what it has at hand',
    broken: ({ phases, outputs, carries, gradients }) => {
      const wanted = [...outputs, ...carries.map(({ next }) => next)].map(({ name }) => name);
      const missing = notStored(stagesIn(phases), [...wanted, ...gradients.values()]);
      const unknown = phases.flatMap((phase) => {
        const given = givenIn(phase);
        return phase.stages.flatMap((stage) => {
          const own = new Set([...given, ...stage.definitions.map(({ name }) => name)]);
          return storedBy(stage).filter((name) => !own.has(name));
        });
      });
      return [...missing, ...unknown];
    },
  },
  {
    name: 'every residual is recorded once, forwards, in the phase that has it, and nothing else is recorded',
    broken: ({ phases, residuals, direction }) => {
      const missing = new Set(direction === 'forwards' ? residuals.map(({ name }) => name) : []);
      const odd = phases.flatMap((phase) => {
        const known = new Set(knownIn(phase));
        const recorded = phase.stages.flatMap((stage) => (stage.kind === 'map' ? stage.records : []));
        return recorded.filter((name) => !known.has(name) || !missing.delete(name));
      });
      return [...odd, ...missing];
    },
  },
  {
    name: 'a parameter has a gradient of its shape',
    broken: ({ phases, parameters, gradients, direction }) => {
      if (direction === 'forwards') return [];
      const shapes = new Map(definitionsIn(stagesIn(phases)).map(({ name, value }) => [name, `${value.shape}`]));
      return parameters
        .filter(({ name, shape }) => shapes.get(gradients.get(name) ?? '') !== `${shape}`)
        .map(({ name, shape }) => `${gradients.get(name) ?? 'nothing'} is not the gradient of ${name}[${shape}]`);
    },
  },
];

const loopsIn = (phases: readonly Phase[]): readonly Extract<Phase, { kind: 'steps' }>[] =>
  phases.filter((phase) => phase.kind === 'steps');

/** What a phase is given at each step. */
const givenIn = (phase: Phase): readonly string[] =>
  phase.kind === 'steps' ? phase.carries.map(({ given }) => given.name) : [];

/** What a phase is given, and what it computes. */
const knownIn = (phase: Phase): readonly string[] => [
  ...givenIn(phase),
  ...definitionsIn(phase.stages).map(({ name }) => name),
];

/** What other stages can read of a stage. */
const storedBy = (stage: Stage): readonly string[] =>
  stage.kind === 'map' ? stage.stores : stage.definitions.map(({ name }) => name);

const isMisplaced = ({ value }: Definition, kind: Phase['kind']): boolean =>
  value.kind === 'sum' ? kind === 'rows' || kind === 'steps' : kind === 'reduce';

/** Whether what a stage contracts is one contraction, none of which reads another. */
function isTogether(stage: Stage): boolean {
  if (stage.kind === 'map') return true;
  const { definitions } = stage;
  const read = readBy(definitions);
  return contractStages(definitions).length === 1 && !definitions.some(({ name }) => read.has(name));
}

/** The reads of definitions that are as said. */
const readOf = (definitions: readonly Definition[], wrong: (name: string) => boolean): readonly string[] =>
  definitions.flatMap((definition) =>
    [...namesIn(definition.value)].filter(wrong).map((name) => `${name} in ${printDefinition(definition)}`),
  );

/** Names that a map does not store although they are read outside it. */
function notStored(stages: readonly Stage[], readLater: readonly string[]): readonly string[] {
  const isRead = readElsewhere(stages.map(({ definitions }) => definitions));
  const later = new Set(readLater);
  return stages.flatMap((stage, at) => {
    const stored = new Set(storedBy(stage));
    const names = stage.definitions.map(({ name }) => name);
    return names.filter((name) => !stored.has(name) && (later.has(name) || isRead(name, at)));
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
  const definitions = definitionsIn(stagesIn(phases));
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
  const { shape } = value;
  switch (value.kind) {
    case 'product': {
      const { matrix, vector, bias } = value;
      return isStackOf(matrix, shape, vector.shape) && (bias === undefined || `${bias.shape}` === `${shape}`);
    }
    case 'transposed': {
      const { vectors, matrices } = value;
      const pairs = matrices.every((matrix, block) => isStackOf(matrix, vectors[block]?.shape ?? [], shape));
      return vectors.length === matrices.length && pairs;
    }
    case 'total':
      return shape.length === 0 && value.operand.shape.length === 1;
    case 'reduction':
      return shape.length === 0 && value.operand.shape.length === 1 && shapesAgree(value.operand);
    case 'concatenation':
    case 'join':
      return `${shape}` === `${joinedShape(value.parts)}` && operandsOf<Value | Expression>(value).every(shapesAgree);
    case 'slice':
      return shape.length < 2 && value.operand.shape.length === 1;
    case 'sum':
      return `${shape}` === `${operandsOf(value).flatMap((operand) => operand.shape)}`;
    case 'matvec':
      return isStackOf(value.matrix, shape, value.vector.shape) && shapesAgree(value.vector);
    default:
      return operandsOf<Value | Expression>(value).every(
        (operand) => shapesAgree(operand) && (operand.shape.length === 0 || `${operand.shape}` === `${shape}`),
      );
  }
}

/** Whether a matrix has the rows of one vector and the columns of another. */
const isStackOf = (matrix: Reference, rows: Reference['shape'], columns: Reference['shape']): boolean =>
  rows.length === 1 && columns.length === 1 && `${matrix.shape}` === `${[...rows, ...columns]}`;
