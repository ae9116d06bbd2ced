import type { Adjoint } from './adjoint.ts';
import type { Definition, Reference } from './ir.ts';
import { printExpression } from './print.ts';
import { type Schedule, scheduleCell } from './schedule.ts';
import {
  definitionsOf,
  type ElementwiseStage,
  mayOverwrite,
  readBy,
  type Stage,
  stagesOf,
  type TransposedStage,
} from './stages.ts';

/** A stage of the backward pass. */
export type AdjointStage = TransposedStage | ElementwiseStage;

/** `name = Σ adjoint`, or `Σ outer(adjoint, operand)`, over the rows of all steps: gradients of one shape, stacked. */
export interface SumStage {
  readonly operand: Reference | undefined;
  readonly blocks: readonly { readonly name: string; readonly adjoint: Reference }[];
}

/** In what order, and how often, the parts of a forward pass that keeps and of the backward pass are computed. */
export interface AdjointSchedule {
  readonly adjoint: Adjoint;
  /** The forward pass, storing what the backward pass reads. Its results are those of the pass that stores nothing. */
  readonly forward: Schedule;
  /** Once for a set of parameters: what the stages below read of it. */
  readonly prepare: readonly Stage[];
  /** At every step, from the last to the first, for the rows of that step. */
  readonly step: readonly AdjointStage[];
  /** Once for the rows of all steps, after the loop: what no step waits for. */
  readonly after: readonly AdjointStage[];
  /** Over the rows of all steps: the gradients of the parameters, or of values of parameters alone. */
  readonly sums: readonly SumStage[];
  /** Once, after the sums. */
  readonly finish: readonly Definition[];
  /** What the stages after the loop and the sums read of the steps, and gradients of inputs, stored for each row. */
  readonly carried: readonly Reference[];
  /** For each state, whether its outgoing adjoint may overwrite the incoming one where it stands. */
  readonly inPlace: readonly boolean[];
}

/** Derives the schedule of the backward pass from what depends on what. */
export function scheduleAdjoint(adjoint: Adjoint): AdjointSchedule {
  const { states, definitions, sums, finish, gradients, kept } = adjoint;
  const forward = scheduleCell(adjoint.forward, kept);
  const late = definitionsAfter(adjoint);
  const inLoop = definitions.filter((definition) => !late.has(definition));
  const readAfter = new Set([...readBy([...late, ...sums]), ...gradients.values()]);
  const step = stagesOf(inLoop, new Set([...readAfter, ...states.map(({ outgoing }) => outgoing.name)]), transposed);
  const after = stagesOf([...late], new Set([...readBy(sums), ...gradients.values()]), transposed);
  const read = readBy([...definitions, ...sums, ...finish]);
  return {
    adjoint,
    forward,
    prepare: neededOf(forward.prepare, read),
    step,
    after,
    sums: sumStages(sums),
    finish,
    carried: inLoop.filter(({ name }) => readAfter.has(name)).map(referenceTo),
    inPlace: states.map(({ incoming, outgoing }) => mayOverwrite(incoming.name, outgoing.name, step)),
  };
}

/** The names that stand for rows before the backward pass begins. */
export const givenRows = ({ adjoint, forward }: AdjointSchedule): readonly Reference[] => [
  ...forward.cell.inputs,
  ...adjoint.kept,
  adjoint.output,
];

const referenceTo = ({ name, value }: Definition): Reference => ({ kind: 'reference', name, shape: value.shape });

/**
 * Products that no state's adjoint waits for, and what needs their results; everything element-wise besides stays in
 * the loop, where its operands are at hand.
 */
function definitionsAfter({ definitions, states }: Adjoint): ReadonlySet<Definition> {
  const awaited = new Set(states.map(({ outgoing }) => outgoing.name));
  for (const { name, value } of [...definitions].reverse()) {
    if (awaited.has(name)) for (const operand of readBy([{ name, value }])) awaited.add(operand);
  }
  const after = new Map<string, Definition>();
  for (const definition of definitions) {
    const { name, value } = definition;
    if (awaited.has(name)) continue;
    const reads = [...readBy([definition])];
    if (value.kind === 'vecmat' || reads.some((operand) => after.has(operand))) after.set(name, definition);
  }
  return new Set(after.values());
}

function transposed(definitions: readonly Definition[]): readonly TransposedStage[] {
  return definitions.flatMap(({ name, value }): TransposedStage[] =>
    value.kind === 'vecmat'
      ? [{ kind: 'transposed', name, vectors: value.vectors as Reference[], matrices: value.matrices }]
      : [],
  );
}

/** The stages of parameters alone that something reads, storing what is read of them. */
function neededOf(prepare: readonly Stage[], read: ReadonlySet<string>): readonly Stage[] {
  const wanted = new Set(read);
  const needed = prepare.toReversed().flatMap((stage): readonly Stage[] => {
    const stores = definitionsOf([stage])
      .map(({ name }) => name)
      .filter((name) => wanted.has(name));
    if (stores.length === 0) return [];
    for (const name of readBy(definitionsOf([stage]))) wanted.add(name);
    return [stage.kind === 'elementwise' ? { ...stage, stores } : stage];
  });
  return needed.reverse();
}

/** Sums with the same second operand become one. */
function sumStages(sums: readonly Definition[]): readonly SumStage[] {
  const stages = new Map<string, SumStage>();
  for (const { name, value } of sums) {
    const [adjoint, operand] = value.kind === 'outer' ? [value.left, value.right] : [value, undefined];
    const key = operand ? printExpression(operand) : '';
    const blocks = [...(stages.get(key)?.blocks ?? []), { name, adjoint: adjoint as Reference }];
    stages.set(key, { operand: operand as Reference | undefined, blocks });
  }
  return [...stages.values()];
}
