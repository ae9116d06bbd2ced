import { CongruentError, type EngineOptions } from '@congruent/runtime';
import type { Addon } from './addon.ts';
import { node } from './load.ts';

/** Names a variant that is to run instead of the best one; all have the same bits, so this is for reports of bugs. */
const VARIABLE = 'CONGRUENT_NATIVE_VARIANT';

const RELAXED = '_relaxed';

/** The variant that runs: the one that the environment names, otherwise the best that the processor has. */
const exactOf = ({ variants }: Addon): string =>
  node()?.env[VARIABLE] || variants.findLast((name) => !name.endsWith(RELAXED))!;

/** Whether there is the same with fused multiply-add. */
export const hasRelaxed = (addon: Addon): boolean => addon.variants.includes(exactOf(addon) + RELAXED);

/**
 * The variant for these options.
 *
 * @throws CongruentError CONGRUENT_OPTION, CONGRUENT_UNSUPPORTED
 */
export function variantFor(addon: Addon, { math }: EngineOptions): string {
  const exact = exactOf(addon);
  const known = addon.variants.filter((name) => !name.endsWith(RELAXED));
  if (!known.includes(exact)) {
    throw new CongruentError(
      'CONGRUENT_OPTION',
      `create: the environment variable ${VARIABLE} is '${exact}'; this processor runs ${known.join(', ')}. ` +
        'Name one of these, or unset the variable: the best one is then chosen.',
    );
  }
  if (math !== 'relaxed') return exact;
  if (hasRelaxed(addon)) return exact + RELAXED;
  throw new CongruentError(
    'CONGRUENT_UNSUPPORTED',
    `create: math: 'relaxed': there is no fused multiply-add with '${exact}' (backend.supports.relaxed is false). ` +
      'Leave the option out.',
  );
}
