import {
  type Block,
  type Declaration,
  type DType,
  type EmittedFile,
  layoutsReexport,
  type Program,
  signatureReexport,
} from '@congruent/codegen';

/** Element type and kind of arithmetic. */
export interface Variant {
  /** As files and options of the runtime have it. */
  readonly name: string;
  readonly dtype: DType;
  readonly relaxed: boolean;
}

/** The first is the one that most pages need: every page that uses a cell has its bytes. */
export const VARIANTS: readonly Variant[] = [
  { name: 'float32', dtype: 'float32', relaxed: false },
  { name: 'float64', dtype: 'float64', relaxed: false },
  { name: 'float32.relaxed', dtype: 'float32', relaxed: true },
  { name: 'float64.relaxed', dtype: 'float64', relaxed: true },
];

/** A cell's main file: its modules, one at hand, and how the others are loaded. */
export function mainFile(program: Program): EmittedFile {
  const { name } = program.cell;
  const [atHand, ...others] = VARIANTS;
  const tables = (['inference', 'training'] as const).map((use) => {
    const suffix = use === 'training' ? '.training' : '';
    const lines = others.map((variant) => `'${variant.name}': () => import('./${name}.${variant.name}${suffix}.ts'),`);
    return { use, suffix, value: ['{', [`'${atHand!.name}': ${use}Bytes,`, ...lines], '}'] satisfies Block };
  });
  const declarations: readonly Declaration[] = [
    { kind: 'import', names: ['Modules'], from: '@congruent/wasm/define', typeOnly: true },
    ...tables.map(
      ({ use, suffix }): Declaration => ({
        kind: 'import',
        names: [`bytes as ${use}Bytes`],
        from: `./${name}.${atHand!.name}${suffix}.ts`,
      }),
    ),
    signatureReexport(program),
    layoutsReexport(program),
    ...tables.map(
      ({ use, value }): Declaration => ({
        kind: 'constant',
        name: use,
        doc: `The modules for ${use === 'training' ? 'gradients' : use}.`,
        exported: true,
        type: 'Modules',
        value,
      }),
    ),
  ];
  return { kind: 'typescript', path: `${name}.ts`, declarations };
}

/** A file for each variant that makes its bytes known to `createSync`, which cannot wait for them. */
export const syncFiles = ({ cell: { name } }: Program): readonly EmittedFile[] =>
  VARIANTS.map((variant) => ({
    kind: 'text',
    path: `${name}.${variant.name}.sync.ts`,
    comment: '//',
    text: `import { provide } from '@congruent/wasm/define';
import { bytes as training } from './${name}.${variant.name}.training.ts';
import { bytes as inference } from './${name}.${variant.name}.ts';
import { signature } from './${name}.signature.ts';

provide(signature, '${variant.name}', inference, training);
`,
  }));
