import { C_NAME, gccVersion, startC } from './c-reference.ts';
import { CELLS } from './cells.ts';
import { isAsked } from './contestants.ts';
import type { Problem } from './problem.ts';
import type { Contestant } from './processes.ts';
import { startTorch, TORCH_NAME, torchVersion } from './torch.ts';
import type { Work } from './works.ts';

/** A contestant that is no module. */
export interface Program {
  readonly name: string;
  does(work: Work): boolean;
  /** What runs it here. */
  readonly version: string;
  start(problem: Problem): Promise<Contestant>;
}

/** Those of a kind, of torch's layers. */
const those =
  (kind: Work['kind']) =>
  (work: Work): boolean =>
    work.kind === kind && !CELLS[work.cell].generated;

const programs = [
  { name: C_NAME, does: those('step'), versionHere: gccVersion, start: startC },
  { name: TORCH_NAME, does: those('sequence'), versionHere: torchVersion, start: startTorch },
] as const;

/** The programs asked for that this machine can run. */
export const programsHere = (asked: readonly string[] | undefined): readonly Program[] =>
  programs
    .filter(({ name }) => isAsked(name, asked))
    .flatMap(({ versionHere, ...program }) => {
      const version = versionHere();
      return version === undefined ? [] : [{ ...program, version }];
    });
