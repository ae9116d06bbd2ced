import type { Tensor } from '@congruent/runtime';
import { SIZES, sample, small, smallCell, smallInput } from '../../examples/samples.ts';
import type { CellUnderTest, LayersUnderTest } from '../../subject/layers.ts';
import type { Subject } from '../../subject/subject.ts';
import { check, type KindCheck, type Outcome } from '../check.ts';
import { expectRefusal } from '../refusal.ts';

/** A check of gradients; where the backend has none, of their refusal. */
export const gradientCheck = (group: string, title: string, run: (subject: Subject) => Promise<unknown>): KindCheck =>
  check(group, title, (subject) => (subject.backend.supports.training ? run(subject) : refuseTraining(subject)));

/** Expects that layers and cells have no `vjp`, or refuse it. */
export async function refuseTraining(subject: Subject): Promise<Outcome> {
  using layers = await small(subject);
  await expectNoGradients(subject, layers, smallInput());
  if (!subject.kind.cellClass) return 'refused';
  using cell = await smallCell(subject);
  await expectNoGradients(subject, cell, sample([SIZES.inputSize], 1));
  return 'refused';
}

/** Expects that no module of this element type can be made. */
export async function refuseFloat64(subject: Subject): Promise<Outcome> {
  await expectRefusal(subject, 'CONGRUENT_UNSUPPORTED', 'float64', () => small(subject, { dtype: 'float64' }));
  if (!subject.kind.cellClass) return 'refused';
  await expectRefusal(subject, 'CONGRUENT_UNSUPPORTED', 'float64', () => smallCell(subject, { dtype: 'float64' }));
  return 'refused';
}

async function expectNoGradients(
  subject: Subject,
  { made }: LayersUnderTest | CellUnderTest,
  input: Tensor,
): Promise<void> {
  if ('vjp' in made) await expectRefusal(subject, 'CONGRUENT_UNSUPPORTED', 'training', () => made.vjp(input));
}
