import { show, views } from '../show.ts';
import { cellNamed } from './cell-named.ts';
import { only, parsed } from './usage.ts';

/** `congruent show`: a cell in some views. */
export async function runShow(args: readonly string[]): Promise<number> {
  const options = Object.fromEntries([...views, 'adjoint'].map((name) => [name, { type: 'boolean' } as const]));
  const { values, positionals } = parsed({ args: [...args], options, allowPositionals: true });
  const cell = await cellNamed(only('show', 'one cell, e.g. gru', positionals));
  const asked = views.filter((name) => values[name]);
  console.log(show(cell, asked, values['adjoint'] === true));
  return 0;
}
