import { bitChecks } from './bit-checks.ts';
import type { Check } from './check.ts';
import { vectorChecks } from './vector-checks.ts';

/** Everything that every backend must do, in the order in which it is checked. */
export const checks: readonly Check[] = [...vectorChecks, ...bitChecks];
