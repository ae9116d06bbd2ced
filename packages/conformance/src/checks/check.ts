import type { Kind } from '../kinds/kind.ts';
import type { Backend, Subject } from '../subject/subject.ts';

/** What a check found where it did not throw; `refused`: the backend does not have this and says so as documented. */
export type Outcome = 'passed' | 'refused';

interface CheckOf<S> {
  readonly group: string;
  /**
   * Behaviour and parameters, with the labels of docs/spec/gru.md first, or after the name of another cell those of its
   * page. Stable, and the same for every backend.
   */
  readonly title: string;
  /** Multiplications, about: how long it takes. */
  readonly cost: number;
  /** Throws where the backend does not conform. */
  run(tested: S): Promise<Outcome>;
}

/** One thing that layers of a kind must do. */
export type KindCheck = CheckOf<Subject>;

/** One thing that every backend must do. */
export interface Check extends CheckOf<Backend> {
  /** Whose layers are checked; a backend that does not have their classes is not. */
  readonly kind: Kind;
}

/** A check of a behaviour, from its title and what it does. */
export function check(group: string, title: string, run: (subject: Subject) => Promise<unknown>): KindCheck {
  return {
    group,
    title,
    cost: 0,
    run: async (subject) => ((await run(subject)) === 'refused' ? 'refused' : 'passed'),
  };
}
