import type { PlanStage, View } from '@congruent/codegen';

/** What a stage reads. */
export function readBy(stage: PlanStage): readonly View[] {
  switch (stage.kind) {
    case 'map':
      return stage.loads.map(({ from }) => from);
    case 'copy':
      return [stage.from];
    case 'contract':
      return [stage.operand, ...(stage.bias ? [stage.bias] : [])];
    case 'reduce':
      return [...stage.lefts, ...(stage.right ? [stage.right] : [])];
    case 'pack':
      return stage.blocks;
    default:
      return stage satisfies never;
  }
}

/** What a stage writes. */
export function writtenBy(stage: PlanStage): readonly View[] {
  switch (stage.kind) {
    case 'map':
      return stage.stores.map(({ to }) => to);
    case 'copy':
      return [stage.to];
    case 'contract':
      return [stage.result];
    case 'reduce':
      return stage.results;
    case 'pack':
      return [];
    default:
      return stage satisfies never;
  }
}
