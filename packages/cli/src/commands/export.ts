import type { ExportedLayer } from '../export/export.ts';
import { cellNamed } from './cell-named.ts';
import { only, parsed, quoted, required, UsageError } from './usage.ts';

/** `congruent export`: a model with its weights, as files for a target. */
export async function runExport(args: readonly string[]): Promise<number> {
  const options = {
    cell: { type: 'string' },
    prefix: { type: 'string' },
    layer: { type: 'string' },
    files: { type: 'string' },
    target: { type: 'string' },
    name: { type: 'string' },
    out: { type: 'string' },
    'no-simd': { type: 'boolean', default: false },
    training: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parsed({ args: [...args], options, allowPositionals: true });
  const path = only('export', 'one model file', positionals);
  const [target, name, out] = (['target', 'name', 'out'] as const).map((option) =>
    required('export', option, values[option]),
  ) as [string, string, string];
  const what = await layerAsked(values);
  const { exportModel, targets } = await import('../export/export.ts');
  if (!targets.includes(target)) throw new UsageError(`there is no target ${target}. There are: ${targets.join(', ')}`);
  const command = ['npx congruent export', ...args.map(quoted)].join(' ');
  const { files, 'no-simd': noSimd, training } = values;
  const lines = await exportModel(path, files, what, { target, name, out, command, simd: !noSimd, training });
  for (const line of lines) console.log(line);
  return 0;
}

interface Asked {
  readonly cell?: string | undefined;
  readonly prefix?: string | undefined;
  readonly layer?: string | undefined;
}

/** A layer as the file has it, or tensors by a cell's names. */
async function layerAsked({ cell: word, prefix, layer }: Asked): Promise<ExportedLayer> {
  if (word === undefined) {
    if (prefix !== undefined) throw new UsageError('--prefix goes with --cell; a layer goes by its name: --layer NAME');
    return { layer };
  }
  if (layer !== undefined)
    throw new UsageError('--layer is a layer as the file has it, and --cell says what it is: give one');
  return { cell: await cellNamed(word), prefix: prefix ?? '' };
}
