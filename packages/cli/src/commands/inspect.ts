import { inspect } from '../models/inspect.ts';
import { openModel } from '../models/model-file.ts';
import { only, parsed } from './usage.ts';

/** `congruent inspect`: what a model file has, and the lines that run its layers. */
export async function runInspect(args: readonly string[]): Promise<number> {
  const options = { files: { type: 'string' }, all: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parsed({ args: [...args], options, allowPositionals: true });
  const model = await openModel(only('inspect', 'one model file', positionals), values.files);
  for (const line of inspect(model, values.all)) console.log(line);
  return 0;
}
