import { groups } from '../catalogue.ts';
import type { Group } from '../page/catalogue.ts';
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

/** What the worker sends first, unasked. */
export interface Greeting {
  readonly groups: readonly Group[];
}

postMessage({
  groups: groups.map(({ title, cells }) => ({ title, cells: cells.map(({ name, source }) => ({ name, source })) })),
} satisfies Greeting);

addEventListener('message', ({ data: text }: MessageEvent<string>) => {
  postMessage(outcomeOf(text));
});
