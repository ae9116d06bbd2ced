import { SIZES, sample, small, smallCell, smallInput } from '../../examples/samples.ts';
import type { Subject } from '../../subject/subject.ts';
import { type Check, check, type Outcome } from '../check.ts';
import { expectRefusal } from '../refusal.ts';

/** A check of gradients; where the backend has none, of their refusal. */
export const gradientCheck = (group: string, title: string, run: (subject: Subject) => Promise<unknown>): Check =>
  check(group, title, (subject) => (subject.backend.supports.training ? run(subject) : refuseTraining(subject)));

/** Expects that GRU and GRUCell have no `vjp`, or refuse it. */
export async function refuseTraining(subject: Subject): Promise<Outcome> {
  using gru = await small(subject);
  using cell = await smallCell(subject);
  if ('vjp' in gru) await expectRefusal(subject, 'CONGRUENT_UNSUPPORTED', 'training', () => gru.vjp(smallInput()));
  const x = sample([SIZES.inputSize], 1);
  if ('vjp' in cell) await expectRefusal(subject, 'CONGRUENT_UNSUPPORTED', 'training', () => cell.vjp(x));
  return 'refused';
}

/** Expects that no module of this element type can be made. */
export async function refuseFloat64(subject: Subject): Promise<Outcome> {
  await expectRefusal(subject, 'CONGRUENT_UNSUPPORTED', 'float64', () => small(subject, { dtype: 'float64' }));
  await expectRefusal(subject, 'CONGRUENT_UNSUPPORTED', 'float64', () => smallCell(subject, { dtype: 'float64' }));
  return 'refused';
}
