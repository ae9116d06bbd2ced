import type { OptionHint } from '../options/option-rules.ts';
import type { DictHint } from '../parameters/state-dict.ts';
import { dictHint } from './dict-hint.ts';
import { optionHint } from './option-hint.ts';

/** What messages add to what is wrong: what was probably meant. A backend hands it over in its `Backend`. */
export interface Hints {
  readonly option: OptionHint;
  readonly stateDict: DictHint;
}

export const hints: Hints = { option: optionHint, stateDict: dictHint };
