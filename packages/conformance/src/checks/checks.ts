import { bitChecks } from './bits.ts';
import { boundChecks } from './bounds.ts';
import type { Check } from './check.ts';
import { dropoutChecks } from './dropout.ts';
import { gradientBitChecks } from './gradients/bits.ts';
import { gradientChecks } from './gradients/gradients.ts';
import { gradientLifecycleChecks } from './gradients/lifecycle.ts';
import { trainingChecks } from './gradients/loss-curve.ts';
import { gradientPropertyChecks } from './gradients/properties.ts';
import { gradientVectorChecks, recordChecks } from './gradients/vectors.ts';
import { lifecycleChecks } from './lifecycle.ts';
import { optionChecks } from './options.ts';
import { ownershipChecks } from './ownership.ts';
import { packedChecks } from './packed.ts';
import { propertyChecks } from './properties.ts';
import { shapeChecks } from './shapes.ts';
import { sizeChecks } from './sizes.ts';
import { stateDictChecks } from './state-dict.ts';
import { streamChecks } from './streams.ts';
import { supportChecks } from './supports.ts';
import { vectorChecks } from './vectors.ts';

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
