import type { Emitter, Program } from '@congruent/codegen';
import { adjointKernels } from './adjoint-kernels.ts';
import { dimensionsOf, fileHead, kernelList, quoted } from './declarations.ts';
import { functionTexts } from './functions.ts';
import { beforeKernels, stepKernels } from './kernels.ts';
import { planeOf } from './places.ts';
import { prepareStatements } from './prepare.ts';

/** The source of one cell's file. */
export function emitCell(program: Program, emitter: Emitter): string {
  const [before, step] = [beforeKernels(program), stepKernels(program)];
  return [
    ...fileHead(program, emitter),
    "import type { CellSignature, FloatArray } from '@congruent/runtime';",
    "import type { Dimensions, KernelSource, StateName } from '../cell.ts';",
    "import { block, type HostPlane, row, transposed } from '../planes.ts';",
    '',
    '/** The way back. */',
    `export * as adjoint from './${program.cell.name}.adjoint.ts';`,
    '',
    '/** The parameters, as the layers name and stack them. */',
    `export const signature: CellSignature = ${signature(program)};`,
    '',
    '/** The functions the kernels call. */',
    'export const functions: readonly string[] = [',
    ...functionTexts(program).flatMap(({ doc, source }) => [`  // ${doc}`, `  \`\n${source}\n\`,`]),
    '];',
    '',
    '/** Once for the parameters: folds what depends on nothing else, and stacks the matrices of each product. */',
    'export function prepare(',
    '  parameters: Readonly<Record<string, FloatArray>>,',
    `  { ${dimensionsOf(program).join(', ')} }: Dimensions,`,
    '): Readonly<Record<string, HostPlane>> {',
    ...prepareStatements(program, [...before, ...step, ...adjointKernels(program).keep]).map((line) => `  ${line}`),
    '}',
    '',
    '/** Once for the rows of all steps: everything that does not need the state. */',
    `export const before: readonly KernelSource[] = ${kernelList(before)};`,
    '',
    '/** For the rows of each step, in order. */',
    `export const step: readonly KernelSource[] = ${kernelList(step)};`,
    '',
    '/** The plane of the inputs. */',
    `export const input = '${planeOf(program.schedule.cell.inputs[0]!.name)}';`,
    '',
    '/** The plane of each state, and that of its next value. */',
    `export const states: readonly StateName[] = [${states(program)}];`,
    '',
  ].join('\n');
}

function signature({ cell }: Program): string {
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  const tensors = cell.layouts[0]!.tensors.map(({ name, blocks }) => {
    const shape = shapes.get(blocks[0]!.name)!;
    return `    ${name}: { blocks: [${quoted(blocks.map((block) => block.name))}], shape: [${quoted(shape)}] },`;
  });
  const values = (all: readonly { readonly name: string; readonly shape: readonly string[] }[]): string =>
    all.map(({ name, shape }) => `{ name: '${name}', shape: [${quoted(shape)}] }`).join(', ');
  const [state] = cell.states;
  return [
    '{',
    `  name: '${cell.name}',`,
    `  inputs: [${values(cell.inputs)}],`,
    `  states: [${values(cell.states)}],`,
    `  outputs: [{ name: "${state!.name}'", shape: [${quoted(state!.shape)}], state: '${state!.name}' }],`,
    '  parameters: {',
    ...tensors,
    '  },',
    '}',
  ].join('\n');
}

const states = ({ schedule: { cell } }: Program): string =>
  cell.states.map(({ name }) => `{ name: '${planeOf(name)}', next: '${planeOf(`${name}'`)}' }`).join(', ');
