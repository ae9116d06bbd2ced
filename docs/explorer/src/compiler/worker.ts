import type { Compiled, Mistake } from './compiled.ts';
import { mistakeIn } from './mistake.ts';
import { panesOf } from './panes.ts';

/** What becomes of a text. */
export type Outcome = { readonly compiled: Compiled } | { readonly mistake: Mistake };

function outcomeOf(text: string): Outcome {
  try {
    return { compiled: panesOf(text) };
  } catch (error) {
    return { mistake: mistakeIn(text, error) };
  }
}

addEventListener('message', ({ data: text }: MessageEvent<string>) => {
  postMessage(outcomeOf(text));
});
