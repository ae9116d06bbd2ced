import type { Buffer, PlanStage, View } from '@congruent/codegen';
import { readBy, writtenBy } from '../views.ts';

/** How the gradients of one step come to those of others. */
export interface Accumulated {
  /** Gradients that need memory for the step's own part, as it is read again, or is a product's, which is not added. */
  readonly own: readonly Buffer[];
  /** Where the step's own parts lie, to be added when all are there. */
  readonly added: readonly View[];
}

export function accumulated(finish: readonly PlanStage[]): Accumulated {
  const isGradient = ({ buffer }: View): boolean => buffer.space === 'gradient';
  const products = finish.filter(({ kind }) => kind === 'contract').flatMap(writtenBy);
  const own = new Set([...finish.flatMap(readBy), ...products].filter(isGradient).map(({ buffer }) => buffer));
  return { own: [...own], added: finish.flatMap(writtenBy).filter(({ buffer }) => own.has(buffer)) };
}
