import { alive, type Carry, type Definition, type FlatCell, readBy, readElsewhere } from '../ir/definition.ts';
import { namesIn, type Reference, reference } from '../ir/expression.ts';
import { append } from '../ir/lists.ts';
import type { Adjoint } from '../passes/differentiate.ts';
import { regionsOf } from '../passes/regions.ts';
import { distribute } from './distribute.ts';
import { definitionsIn, type MapStage, type Phase, type Schedule, type Stage } from './schedule.ts';
import { contractStages, mapStage, stagesFor } from './stages.ts';

/** The schedule of a cell, which records what its backward pass reads. */
export const scheduleForward = ({ forward, residuals }: Adjoint): Schedule =>
  build({ ...forward, direction: 'forwards', residuals, sums: [], finish: [], gradients: new Map() });

/** The schedule of a cell's backward pass. */
export function scheduleBackward({ forward, residuals, outputs, carries, ...adjoint }: Adjoint): Schedule {
  const { definitions, sums, finish, gradients } = adjoint;
  const regions = regionsOf(forward);
  const inputGradients = forward.inputs.map(({ shape, name }): Reference => {
    return reference(gradients.get(name)!, shape);
  });
  const ofParameters = new Map(forward.parameters.map(({ name }) => [name, gradients.get(name)!]));
  return build({
    name: forward.name,
    direction: 'backwards',
    parameters: forward.parameters,
    inputs: [...forward.inputs, ...outputs],
    carries,
    // What the forward pass computes of the parameters alone is rematerialised; the rest of it is not read.
    definitions: [...forward.definitions.filter(({ name }) => regions.isEarly(name)), ...definitions],
    outputs: inputGradients,
    residuals,
    sums,
    finish,
    gradients: ofParameters,
  });
}

/** All that a schedule is derived from. */
interface Recurrence extends FlatCell, Pick<Schedule, 'direction' | 'residuals' | 'gradients'> {
  readonly sums: readonly Definition[];
  readonly finish: readonly Definition[];
}

function build({ definitions, sums, finish, ...recurrence }: Recurrence): Schedule {
  const { carries, outputs, residuals, gradients, direction } = recurrence;
  const forRows = new Set([...outputs, ...carries.map(({ next }) => next)].map(({ name }) => name));
  const recorded = direction === 'forwards' ? residuals : [];
  const wanted = new Set([...forRows, ...recorded.map(({ name }) => name), ...gradients.values()]);
  const needed = alive(definitions, [...wanted, ...readBy([...sums, ...finish])]);
  const ofRows = [...recurrence.inputs, ...givens(carries), ...(direction === 'backwards' ? residuals : [])];
  const early = new Set(earlyIn(needed, ofRows).filter(({ name }) => !forRows.has(name)));
  const groups = groupsOf(
    needed.filter((definition) => !early.has(definition)),
    carries,
  );
  const isRead = readElsewhere([[...early], ...groups.map((group) => group.definitions), sums, finish]);
  const results = new Set([...outputs.map(({ name }) => name), ...gradients.values()]);
  /** Which of the names are read outside a phase, by its place in the schedule, or wanted in the end. */
  const readAfter = (at: number, names: readonly string[]): ReadonlySet<string> =>
    new Set(names.filter((name) => results.has(name) || isRead(name, at)));
  const namesOfEarly = [...early].map(({ name }) => name);
  const kept = keptIn(carries, recorded);
  const phases: Phase[] = [
    { kind: 'once', stages: stagesFor([...early], readAfter(0, namesOfEarly), new Set()) },
    ...groups.map((group, index) => phaseOf(group, kept, (names) => readAfter(index + 1, names))),
    { kind: 'reduce', stages: contractStages(sums as Parameters<typeof contractStages>[0]) },
    { kind: 'once', stages: stagesFor(finish, new Set(gradients.values()), new Set()) },
  ];
  return { ...recurrence, phases: phases.filter(({ stages }) => stages.length > 0) };
}

const givens = (carries: readonly Carry[]): readonly Reference[] => carries.map(({ given }) => given);

/** The definitions that read nothing of rows, but parameters and each other. */
function earlyIn(definitions: readonly Definition[], ofRows: readonly Reference[]): Definition[] {
  const late = new Set(ofRows.map(({ name }) => name));
  return definitions.filter(({ name, value }) => {
    for (const operand of namesIn(value)) if (late.has(operand)) late.add(name);
    return !late.has(name);
  });
}

/** Definitions of rows that make one phase. */
interface Group {
  readonly kind: 'rows' | 'steps';
  readonly definitions: readonly Definition[];
}

function groupsOf(definitions: readonly Definition[], carries: readonly Carry[]): readonly Group[] {
  const positions = distribute(definitions, carries);
  const groups = new Map<string, Definition[]>();
  const order = new Map<string, number>();
  for (const definition of definitions) {
    const { at, loop } = positions.get(definition.name)!;
    const key = `${at} ${loop}`;
    append(groups, key, definition);
    order.set(key, at);
  }
  return [...groups]
    .sort(([left], [right]) => order.get(left)! - order.get(right)!)
    .map(([key, group]) => ({ kind: order.get(key)! % 2 === 0 ? 'rows' : 'steps', definitions: group }));
}

/** What loops hand on, and what is recorded, by name and in order. */
interface Kept {
  /** Carries by the names of their next values. */
  readonly carries: ReadonlyMap<string, Carry>;
  readonly recorded: ReadonlyMap<string, Reference>;
  /** The place of each in its list. */
  readonly order: ReadonlyMap<Carry | Reference, number>;
}

function keptIn(carries: readonly Carry[], recorded: readonly Reference[]): Kept {
  return {
    carries: new Map(carries.map((carry) => [carry.next.name, carry])),
    recorded: new Map(recorded.map((each) => [each.name, each])),
    order: new Map([...carries.entries(), ...recorded.entries()].map(([index, each]) => [each, index])),
  };
}

function phaseOf(
  { kind, definitions }: Group,
  { carries, recorded, order }: Kept,
  readAfter: (names: readonly string[]) => ReadonlySet<string>,
): Phase {
  /** Those of a list that belong to some names, in the order of the list. */
  const among = <T extends Carry | Reference>(names: readonly string[], list: ReadonlyMap<string, T>): readonly T[] =>
    names.flatMap((name) => list.get(name) ?? []).sort((a, b) => order.get(a)! - order.get(b)!);
  const defined = definitions.map(({ name }) => name);
  const own = among(defined, carries);
  const known = [...defined, ...givens(own).map(({ name }) => name)];
  const readLater = readAfter(known);
  const staged = stagesFor(definitions, readLater, new Set(own.map(({ next }) => next.name)));
  const readElsewhere = givens(own).filter(({ name }) => readLater.has(name));
  const stages = keeping(keeping(staged, readElsewhere, 'stores', own), among(known, recorded), 'records', own);
  return kind === 'rows' ? { kind, stages } : { kind, stages, carries: own };
}

/** The stages with values stored, or recorded, each in the first map that has it at hand. */
function keeping(
  stages: readonly Stage[],
  values: readonly Reference[],
  how: 'stores' | 'records',
  carries: readonly Carry[],
): readonly Stage[] {
  const definedIn = new Map(stages.flatMap((stage, index) => definitionsIn([stage]).map(({ name }) => [name, index])));
  const nextOf = new Map(carries.map(({ given, next }) => [given.name, next.name]));
  const shapes = stages.map((stage) => (stage.kind === 'map' ? `${stage.shape}` : undefined));
  const added = new Map<number, string[]>();
  /** Maps that only keep, by the stage that they follow; −1 is the start. */
  const only = new Map<number, MapStage[]>();
  for (const { name, shape } of values) {
    // What a step is given is there from the start, and until its next value takes its place.
    const after = definedIn.get(name) ?? -1;
    const last = definedIn.get(nextOf.get(name) ?? '') ?? stages.length;
    const at = shapes.indexOf(`${shape}`, Math.max(0, after));
    if (at >= 0 && at <= last) append(added, at, name);
    else append(only, after, { ...mapStage(shape, []), [how]: [name] });
  }
  const kept = stages.flatMap((stage, index): Stage[] => {
    const names = added.get(index);
    const keeper = names && stage.kind === 'map' ? { ...stage, [how]: [...stage[how], ...names] } : stage;
    return [keeper, ...(only.get(index) ?? [])];
  });
  return [...(only.get(-1) ?? []), ...kept];
}
