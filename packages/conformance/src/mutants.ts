import { arithmeticMutants } from './mutants-arithmetic.ts';
import { cellMutants, loadMutants } from './mutants-cell.ts';
import { gradientMutants } from './mutants-gradient.ts';
import { ownershipMutants } from './mutants-ownership.ts';
import { pullbackMutants } from './mutants-pullback.ts';
import { runMutants } from './mutants-run.ts';
import { sizeMutants } from './mutants-size.ts';
import { stackMutants } from './mutants-stack.ts';
import type { Mutant } from './mutation.ts';

/** Every wrong backend that the suite is known to notice. */
export const mutants: readonly Mutant[] = [
  ...cellMutants,
  ...loadMutants,
  ...runMutants,
  ...arithmeticMutants,
  ...stackMutants,
  ...gradientMutants,
  ...pullbackMutants,
  ...ownershipMutants,
  ...sizeMutants,
];
