import { bitChecks } from './bit-checks.ts';
import { boundChecks } from './bound-checks.ts';
import type { Check } from './check.ts';
import { dropoutChecks } from './dropout-checks.ts';
import { gradientBitChecks } from './gradient-bit-checks.ts';
import { gradientChecks } from './gradient-checks.ts';
import { gradientLifecycleChecks } from './gradient-lifecycle-checks.ts';
import { gradientPropertyChecks } from './gradient-property-checks.ts';
import { gradientVectorChecks, recordChecks } from './gradient-vector-checks.ts';
import { lifecycleChecks } from './lifecycle-checks.ts';
import { optionChecks } from './option-checks.ts';
import { ownershipChecks } from './ownership-checks.ts';
import { packedChecks } from './packed-checks.ts';
import { propertyChecks } from './property-checks.ts';
import { shapeChecks } from './shape-checks.ts';
import { sizeChecks } from './size-checks.ts';
import { stateDictChecks } from './state-dict-checks.ts';
import { streamChecks } from './stream-checks.ts';
import { supportChecks } from './support-checks.ts';
import { trainingChecks } from './training-checks.ts';
import { vectorChecks } from './vector-checks.ts';

/** Everything that every backend must do, in the order in which it is checked. */
export const checks: readonly Check[] = [
  ...shapeChecks,
  ...optionChecks,
  ...supportChecks,
  ...stateDictChecks,
  ...packedChecks,
  ...streamChecks,
  ...dropoutChecks,
  ...lifecycleChecks,
  ...ownershipChecks,
  ...vectorChecks,
  ...gradientChecks,
  ...gradientLifecycleChecks,
  ...recordChecks,
  ...gradientVectorChecks,
  ...boundChecks,
  ...propertyChecks,
  ...gradientPropertyChecks,
  ...bitChecks,
  ...gradientBitChecks,
  ...sizeChecks,
  ...trainingChecks,
];
