import { type EmittedFile, layoutsReexport, type Program, signatureReexport } from '@congruent/codegen';

/** A cell's main file: plain data, and where it is; the code is in an addon. */
export const mainFile = (program: Program): EmittedFile => ({
  kind: 'typescript',
  path: `${program.cell.name}.ts`,
  declarations: [
    signatureReexport(program),
    layoutsReexport(program),
    {
      kind: 'constant',
      name: 'address',
      doc: 'Of this module: the addon of the cell lies beside it.',
      exported: true,
      type: 'string',
      value: ['(import.meta as { readonly url: string }).url'],
    },
  ],
});
