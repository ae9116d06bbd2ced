import { convert } from '../models/convert.ts';
import { openModel } from '../models/model-file.ts';
import { only, parsed, required, UsageError } from './usage.ts';

/** `congruent convert`: the tensors of a model file, or the parameters of one of its layers, as .safetensors. */
export async function runConvert(args: readonly string[]): Promise<number> {
  const options = { files: { type: 'string' }, layer: { type: 'string' }, out: { type: 'string' } } as const;
  const { values, positionals } = parsed({ args: [...args], options, allowPositionals: true });
  const path = only('convert', 'one model file', positionals);
  const out = required('convert', 'out', values.out);
  if (!out.endsWith('.safetensors')) throw new UsageError(`convert writes .safetensors: --out ${out}.safetensors`);
  for (const line of await convert(await openModel(path, values.files), values.layer, out)) console.log(line);
  return 0;
}
