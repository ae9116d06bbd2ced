import type { Kind } from '../kinds/kind.ts';
import { kinds } from '../kinds/kinds.ts';
import { subjectOf } from '../subject/open.ts';
import type { Subject } from '../subject/subject.ts';
import { bitChecks } from './bits.ts';
import { boundChecks } from './bounds.ts';
import type { Check, KindCheck } from './check.ts';
import { dropoutChecks, maskChecks } from './dropout.ts';
import { gradientBitChecks } from './gradients/bits.ts';
import { gradientChecks } from './gradients/gradients.ts';
import { gradientLifecycleChecks } from './gradients/lifecycle.ts';
import { trainingChecks } from './gradients/loss-curve.ts';
import { gradientPropertyChecks } from './gradients/properties.ts';
import { gradientRefusalChecks } from './gradients/refusals.ts';
import { gradientVectorChecks, recordChecks } from './gradients/vectors.ts';
import { lifecycleChecks } from './lifecycle.ts';
import { optionChecks } from './options.ts';
import { ownershipChecks } from './ownership.ts';
import { packedChecks, packingChecks } from './packed.ts';
import { propertyChecks } from './properties.ts';
import { shapeChecks } from './shapes.ts';
import { coveringSizeChecks, sizeChecks } from './sizes.ts';
import { stateDictChecks } from './state-dict.ts';
import { streamChecks } from './streams.ts';
import { supportChecks } from './supports.ts';
import { vectorChecks } from './vectors.ts';

/** What is about no cell in particular, or takes so long that one cell must do: with the GRU. */
const [gru, ...others] = kinds as [Kind, ...Kind[]];

/** What layers of every kind must do, in the order in which it is checked. */
const common = (kind: Kind): readonly KindCheck[] => [
  ...shapeChecks(kind),
  ...optionChecks(kind),
  ...(kind === gru ? supportChecks : []),
  ...stateDictChecks(kind),
  ...(kind === gru ? packingChecks : []),
  ...packedChecks,
  ...streamChecks(kind),
  ...dropoutChecks(kind),
  ...(kind === gru ? maskChecks : []),
  ...lifecycleChecks(kind),
  ...ownershipChecks(kind),
  ...vectorChecks(kind),
  ...gradientChecks(kind),
  ...gradientLifecycleChecks,
  ...gradientRefusalChecks(kind),
  ...recordChecks(kind),
  ...gradientVectorChecks(kind),
  ...boundChecks(kind),
  ...propertyChecks(kind),
  ...gradientPropertyChecks(kind),
  ...bitChecks(kind),
  ...gradientBitChecks(kind),
];

/** Of each property: another cell in the same layers has a part of the examples that the GRU has. */
const PART = 1 / 4;

/** A check of layers as one of a backend; all but the GRU's begin with the name of their cell. */
const bound =
  (kind: Kind) =>
  ({ title, run, ...check }: KindCheck): Check => {
    if (kind === gru) return { ...check, kind, title, run: (backend) => run(subjectOf(backend, kind)) };
    return {
      ...check,
      kind,
      title: `${kind.cell.name} ${title}`,
      run: async (backend) => {
        const runs = Math.ceil(PART * backend.random.runs);
        const subject = subjectOf({ ...backend, random: { ...backend.random, runs } }, kind);
        return (await isRefused(subject)) ? 'refused' : await run(subject);
      },
    };
  };

/** Whether a class refuses the options that choose a cell, as it may: a backend need not have every cell of a class. */
async function isRefused({ kind, createLayers }: Subject): Promise<boolean> {
  if (Object.keys(kind.options).length === 0) return false;
  try {
    (await createLayers({ inputSize: 1, hiddenSize: 3 })).dispose();
    return false;
  } catch (error) {
    return (error as { code?: unknown }).code === 'CONGRUENT_UNSUPPORTED';
  }
}

/** Everything that every backend must do. */
export const checks: readonly Check[] = [
  ...[...common(gru), ...sizeChecks, ...trainingChecks].map(bound(gru)),
  ...others.flatMap((kind) => [...common(kind), ...coveringSizeChecks(kind)].map(bound(kind))),
];
