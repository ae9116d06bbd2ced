import { arithmeticMutants } from './arithmetic.ts';
import { cellMutants, loadMutants } from './cell.ts';
import { derivedMutants } from './equations.ts';
import { gradientMutants } from './gradient.ts';
import type { Mutant } from './mutation.ts';
import { ownershipMutants } from './ownership.ts';
import { pullbackMutants } from './pullback.ts';
import { runMutants } from './run.ts';
import { sizeMutants } from './size.ts';
import { stackMutants } from './stack.ts';
import { stateMutants } from './states.ts';

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
  ...derivedMutants,
  ...stateMutants,
];
