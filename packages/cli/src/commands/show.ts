import { show, views } from '../show.ts';
import { cellNamed, KNOWN } from './cell-named.ts';
import { parsed, UsageError } from './usage.ts';

/** `congruent show`: a cell in some views. */
export async function runShow(args: readonly string[]): Promise<number> {
  const options = Object.fromEntries([...views, 'adjoint'].map((name) => [name, { type: 'boolean' } as const]));
  const { values, positionals } = parsed({ args: [...args], options, allowPositionals: true });
  const [word, ...more] = positionals;
  const cell = more.length > 0 || word === undefined ? undefined : await cellNamed(word);
  if (!cell) {
    throw new UsageError(`show takes one cell of: ${KNOWN}`);
  }
  const asked = views.filter((name) => values[name]);
  console.log(show(cell, asked, values['adjoint'] === true));
  return 0;
}
