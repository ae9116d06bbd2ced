import type { Program } from '@congruent/codegen';
import binaryen from 'binaryen';

/** The bytes of a module in text form, checked. */
export function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(
      binaryen.Features.SIMD128 |
        binaryen.Features.RelaxedSIMD |
        binaryen.Features.BulkMemory |
        binaryen.Features.BulkMemoryOpt,
    );
    if (!module.validate()) throw new Error('the emitted module is not valid');
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** A module of TypeScript that exports the bytes as text. */
export function bytesFile(comment: readonly string[], name: string, bytes: Uint8Array): string {
  return `${commented(comment)}\n\n/** The bytes of ${name}.wat in hexadecimal, which gzip makes smaller than base64: ${bytes.length} bytes. */\nexport const bytes: string =\n  '${hex(bytes)}';\n`;
}

const RELAXED_PROBE =
  '(module (func (param $v v128) (result v128) (f32x4.relaxed_madd (local.get $v) (local.get $v) (local.get $v))))';

/** A module of TypeScript that exports the cell's parameters. */
export function signatureFile({ cell }: Program, comment: readonly string[]): string {
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  const quoted = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`;
  const tensors = cell.layouts[0]!.tensors.map(({ name, blocks }) => {
    const shape = shapes.get(blocks[0]!.name)!;
    return `    ${name}: { blocks: ${quoted(blocks.map((block) => block.name))}, shape: ${quoted(shape)} },`;
  });
  const values = (all: readonly { readonly name: string; readonly shape: readonly string[] }[]): string =>
    all.map(({ name, shape }) => `{ name: '${name}', shape: ${quoted(shape)} }`).join(', ');
  const [state] = cell.states;
  return [
    commented(comment),
    '',
    "import type { CellSignature } from '@congruent/runtime';",
    '',
    '/** The parameters, as the layers name and stack them. */',
    'export const signature: CellSignature = {',
    `  name: '${cell.name}',`,
    `  inputs: [${values(cell.inputs)}],`,
    `  states: [${values(cell.states)}],`,
    `  outputs: [{ name: "${state!.name}'", shape: ${quoted(state!.shape)}, state: '${state!.name}' }],`,
    '  parameters: {',
    ...tensors,
    '  },',
    '};',
    '',
    '/** The bytes of a module of one relaxed instruction: an engine that finds it valid has relaxed SIMD. */',
    'export const relaxedProbe: string =',
    `  '${hex(assemble(RELAXED_PROBE))}';`,
    '',
  ].join('\n');
}

const commented = (lines: readonly string[]): string => lines.map((line) => `// ${line}`.trimEnd()).join('\n');

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
