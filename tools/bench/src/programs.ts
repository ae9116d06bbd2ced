import { C_NAME, gccVersion, startC } from './c-reference.ts';
import { isAsked } from './contestants.ts';
import type { Problem } from './problem.ts';
import type { Contestant } from './processes.ts';
import { startTorch, TORCH_NAME, torchVersion } from './torch.ts';
import type { Work } from './works.ts';

/** A contestant that is no module. */
export interface Program {
  readonly name: string;
  readonly kind: Work['kind'];
  /** What runs it here. */
  readonly version: string;
  start(problem: Problem): Promise<Contestant>;
}

const programs = [
  { name: C_NAME, kind: 'step', versionHere: gccVersion, start: startC },
  { name: TORCH_NAME, kind: 'sequence', versionHere: torchVersion, start: startTorch },
] as const;

/** The programs asked for that this machine can run. */
export const programsHere = (asked: readonly string[] | undefined): readonly Program[] =>
  programs
    .filter(({ name }) => isAsked(name, asked))
    .flatMap(({ versionHere, ...program }) => {
      const version = versionHere();
      return version === undefined ? [] : [{ ...program, version }];
    });
