import type { Subject } from '../subject/subject.ts';

/** What a check found where it did not throw; `refused`: the backend does not have this and says so as documented. */
export type Outcome = 'passed' | 'refused';

/** One thing that every backend must do. */
export interface Check {
  readonly group: string;
  /** Behaviour and parameters, with the labels of docs/spec/gru.md first. Stable, and the same for every backend. */
  readonly title: string;
  /** Multiplications, about: how long it takes. */
  readonly cost: number;
  /** Throws where the backend does not conform. */
  run(subject: Subject): Promise<Outcome>;
}

/** A check of a behaviour, from its title and what it does. */
export function check(group: string, title: string, run: (subject: Subject) => Promise<unknown>): Check {
  return {
    group,
    title,
    cost: 0,
    run: async (subject) => ((await run(subject)) === 'refused' ? 'refused' : 'passed'),
  };
}
