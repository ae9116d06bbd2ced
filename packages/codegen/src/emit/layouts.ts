import type { Cell, Packing } from '@congruent/spec';
import type { Program } from '../compile.ts';
import { literal } from './signature.ts';
import type { Declaration, EmittedFile } from './tree.ts';

/** The layouts of a cell by name, its own first: what each tensor is made of, in the notation. */
export type Layouts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The layouts of a cell as plain data: `CellLayouts` of @congruent/runtime. */
export const layoutsOf = ({ layouts }: Cell): Layouts =>
  Object.fromEntries(
    layouts.map(({ name, tensors }) => [
      name,
      Object.fromEntries(tensors.map((tensor) => [tensor.name, printPacking(tensor.packing)])),
    ]),
  );

/** `[[a; b] | c + d]^T`; one parameter alone in brackets, too. */
function printPacking(packing: Packing): string {
  if (packing.kind === 'transposed') return `${printPacking(packing.operand)}^T`;
  if (packing.kind === 'block' || packing.kind === 'sum') return `[${printPart(packing)}]`;
  return `[${packing.parts.map(printPart).join(packing.kind === 'rows' ? '; ' : ' | ')}]`;
}

function printPart(part: Packing): string {
  if (part.kind === 'block') return part.name;
  return part.kind === 'sum' ? part.parts.map(printPart).join(' + ') : printPacking(part);
}

/** The layouts as a file of their own, `<cell>.layouts.ts`: a page that reads only the first does without. */
export const layoutsFile = ({ cell }: Program): EmittedFile => ({
  kind: 'typescript',
  path: `${cell.name}.layouts.ts`,
  declarations: [
    { kind: 'import', names: ['CellLayouts'], from: '@congruent/runtime', typeOnly: true },
    {
      kind: 'constant',
      name: 'layouts',
      doc: 'How frameworks put the parameters together to tensors.',
      exported: true,
      type: 'CellLayouts',
      value: [literal(layoutsOf(cell))],
    },
  ],
});

/** What a cell's main file has beside the signature: the same layouts. */
export const layoutsReexport = ({ cell }: Program): Declaration => ({
  kind: 'reexport',
  from: `./${cell.name}.layouts.ts`,
});
