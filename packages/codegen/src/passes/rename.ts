import { type Length, type Shape, sumOfLengths, termsOf } from '@congruent/spec';
import type { Program } from '../compile.ts';
import type { Carry } from '../ir/definition.ts';
import { mapOperands, type Reference, type Value } from '../ir/expression.ts';
import { Names } from '../ir/names.ts';
import type { ContractStage, MapStage, Phase, Schedule, Stage } from '../schedule/schedule.ts';

/** The schedules of a program, and what its dimensions and its values are called in them. */
export interface Renamed extends Pick<Program, 'forward' | 'backward'> {
  readonly dimensions: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, string>;
}

/**
 * The schedules with names that are words of ASCII letters, digits and underscores, and none of the reserved ones: no
 * two dimensions or values are called alike. Forwards and backwards a value has the same name.
 */
export function renamed(
  { forward, backward }: Pick<Program, 'forward' | 'backward'>,
  dimensions: readonly string[],
  reserved: ReadonlySet<string>,
): Renamed {
  const names = new Names(reserved);
  const lengths = new Map(dimensions.map((dimension) => [dimension, names.fresh(spelled(dimension))]));
  const known = new Map<string, string>();
  const rename: Rename = {
    name(name) {
      const safe = known.get(name) ?? names.fresh(spelled(name));
      known.set(name, safe);
      return safe;
    },
    length: (length) => sumOfLengths(termsOf(length).map((term) => lengths.get(`${term}`) ?? term)),
  };
  return {
    forward: renameSchedule(forward, rename),
    backward: renameSchedule(backward, rename),
    dimensions: lengths,
    values: known,
  };
}

interface Rename {
  name(name: string): string;
  length(length: Length): Length;
}

const renameShape = (shape: Shape, rename: Rename): Shape => shape.map(rename.length);

const renameReference = (reference: Reference, rename: Rename): Reference => ({
  ...reference,
  name: rename.name(reference.name),
  shape: renameShape(reference.shape, rename),
});

/** `h'` as `h_next`, `g1.h` as `g1_h`; without what C and GLSL keep for themselves, `_` first and `__`. */
export const spelled = (name: string): string =>
  name.replace("'", '_next').replaceAll('.', '_').replaceAll(/__+/g, '_').replace(/^_/, 'u_');

function renameSchedule(schedule: Schedule, rename: Rename): Schedule {
  const one = (reference: Reference): Reference => renameReference(reference, rename);
  const carry = ({ given, next }: Carry): Carry => ({ given: one(given), next: one(next) });
  const phase = (of: Phase): Phase => {
    const stages = of.stages.map((stage) => renameStage(stage, rename));
    return of.kind === 'steps' ? { ...of, stages, carries: of.carries.map(carry) } : { ...of, stages };
  };
  return {
    ...schedule,
    parameters: schedule.parameters.map(one),
    inputs: schedule.inputs.map(one),
    carries: schedule.carries.map(carry),
    outputs: schedule.outputs.map(one),
    residuals: schedule.residuals.map(one),
    phases: schedule.phases.map(phase),
    gradients: new Map([...schedule.gradients].map(([name, gradient]) => [rename.name(name), rename.name(gradient)])),
  };
}

function renameStage(stage: Stage, rename: Rename): Stage {
  const inside = (value: Value): Value =>
    value.kind === 'reference' ? renameReference(value, rename) : renamedInside(value);
  const renamedInside = (value: Value): Value => {
    const changed = { ...mapOperands(value, inside), shape: renameShape(value.shape, rename) };
    return changed.kind === 'slice' ? { ...changed, before: rename.length(changed.before) } : changed;
  };
  const definitions = stage.definitions.map((each) => {
    return { ...each, name: rename.name(each.name), value: inside(each.value) };
  });
  if (stage.kind === 'contract') return { ...stage, definitions } as ContractStage;
  return {
    ...stage,
    shape: renameShape(stage.shape, rename),
    definitions,
    stores: stage.stores.map(rename.name),
    records: stage.records.map(rename.name),
  } as MapStage;
}
