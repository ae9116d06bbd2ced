import { type Plan, type PlanStage, type ReducePlan, sizeOf } from '@congruent/codegen';
import { inC, member } from './extent.ts';
import { pointerTo, strideOf } from './memory.ts';
import { readBy, writtenBy } from './views.ts';

/** Elements of the working memory of the sums of a plan; undefined where none needs any. */
export function workspaceOf({ finish }: Plan): string | undefined {
  const spaces = finish.flatMap((stage) => {
    if (stage.kind !== 'reduce' || stage.right === undefined) return [];
    const sizes = stage.lefts.map(({ shape }) => inC(sizeOf(shape)));
    const width = inC(sizeOf(stage.right.shape));
    return [...new Set(sizes)].map((size) => `congruent_outer_space(${size}, ${width})`);
  });
  return spaces.length === 0 ? undefined : [...new Set(spaces)].reduce((left, right) => `most(${left}, ${right})`);
}

/** A sum over rows; of each result the part that a share has. */
export function sumOver({ label, over, lefts, right, results }: ReducePlan, share: string): readonly string[] {
  const rows = over === 'sequence' ? 'rows' : '1';
  const sums = lefts.map((left, at) => {
    return `{${pointerTo(left)}, ${strideOf(left)}, ${inC(sizeOf(left.shape))}, ${pointerTo(results[at]!)}},`;
  });
  const list = [`const congruent_sum sums[] = {`, ...sums.map((line) => `  ${line}`), '};'];
  const call =
    right === undefined
      ? `congruent_sum_rows(sums, ${lefts.length}, ${rows}, ${share});`
      : `congruent_sum_outer(sums, ${lefts.length}, ${pointerTo(right)}, ${strideOf(right)}, ${inC(sizeOf(right.shape))}, ${rows}, ${member('sum_workspace')}, ${share});`;
  return [`{ /* ${label}, summed */`, ...[...list, call].map((line) => `  ${line}`), '}'];
}

/** Whether shares can have parts of a stage: it is a sum that has nothing to do with what else follows from all rows. */
export function isShared(stage: PlanStage, finish: readonly PlanStage[]): stage is ReducePlan {
  if (stage.kind !== 'reduce') return false;
  const apart = (reader: PlanStage, writer: PlanStage): boolean => {
    const written = new Set(writtenBy(writer).map(({ buffer }) => buffer));
    return readBy(reader).every(({ buffer }) => !written.has(buffer));
  };
  return finish.every((other) => other === stage || (apart(other, stage) && apart(stage, other)));
}
