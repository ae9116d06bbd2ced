import { type Emitter, type Program, SUM_BLOCK } from '@congruent/codegen';
import { adjointKernels } from './adjoint-kernels.ts';
import { dimensionsOf, fileHead, kernelList, lengthOf, quoted } from './declarations.ts';
import { gradientStatements, prepareAdjointStatements, readsParameters } from './gradients.ts';
import { planeOf } from './places.ts';

/** The source of the file with one cell's way back. */
export function emitAdjoint(program: Program, emitter: Emitter): string {
  const { adjoint, forward } = program.adjoint;
  const kernels = adjointKernels(program);
  const dimensions = `  { ${dimensionsOf(program).join(', ')} }: Dimensions,`;
  const parameters = '  parameters: Readonly<Record<string, FloatArray>>,';
  const states = adjoint.states.map(
    ({ incoming, outgoing }) => `{ name: '${planeOf(incoming.name)}', next: '${planeOf(outgoing.name)}' }`,
  );
  const prepared = prepareAdjointStatements(program, [...kernels.step, ...kernels.after]).map((line) => `  ${line}`);
  const gradients = gradientStatements(program, kernels.sums).map((line) => `  ${line}`);
  const called = [...prepared, ...gradients].join('\n');
  const planeFunctions = ['block', 'concatenate', 'type HostPlane', 'parts', 'row', 'stacked'].filter(
    (name) => name === 'type HostPlane' || called.includes(`${name}(`),
  );
  return [
    ...fileHead(program, emitter),
    "import type { FloatArray } from '@congruent/runtime';",
    "import type { Dimensions, KernelSource, StateName, SumSource } from '../cell.ts';",
    `import { ${planeFunctions.join(', ')} } from '../planes.ts';`,
    '',
    '/** What the way back reads of the forward pass, for the rows of all steps, from the states before each. */',
    `export const keep: readonly KernelSource[] = ${kernelList(kernels.keep)};`,
    '',
    '/** The planes of the forward pass that the way back reads. */',
    `export const recorded: readonly string[] = [${quoted(kernels.recorded)}];`,
    '',
    '/** Once for the parameters: stacks the matrices of each product. */',
    'export function prepare(',
    parameters,
    dimensions,
    '): Readonly<Record<string, HostPlane>> {',
    ...prepared,
    '}',
    '',
    '/** The plane of the adjoints of the outputs of all steps. */',
    `export const output = '${planeOf(adjoint.output.name)}';`,
    '',
    '/** The plane of the adjoint of each state after a step, and that of the one before it. */',
    `export const states: readonly StateName[] = [${states.join(', ')}];`,
    '',
    '/** For the rows of each step, from the last to the first, in order. */',
    `export const step: readonly KernelSource[] = ${kernelList(kernels.step)};`,
    '',
    '/** The planes of the steps that are read once all of them are done. */',
    `export const carried: readonly string[] = [${quoted(kernels.carried)}];`,
    '',
    '/** Once for the rows of all steps: what no step waits for. */',
    `export const after: readonly KernelSource[] = ${kernelList(kernels.after)};`,
    '',
    '/** The plane of the gradient of the inputs. */',
    `export const input = '${planeOf(adjoint.gradients.get(forward.cell.inputs[0]!.name)!)}';`,
    '',
    '/** Rows that a sum adds up before it adds them to the total. */',
    `export const sumBlock = ${SUM_BLOCK};`,
    '',
    '/** Sums over the rows of all steps. */',
    `export const sums: readonly SumSource[] = ${kernelList(kernels.sums, ({ height }) => [`height: ${lengthOf(height)},`])};`,
    '',
    '/** The gradients of the parameters, as the layers name and stack them, from the sums. */',
    'export function gradients(',
    '  sums: Readonly<Record<string, Float32Array>>,',
    dimensions,
    ...(readsParameters(program) ? [parameters] : []),
    '): Record<string, Float32Array> {',
    ...gradients,
    '}',
    '',
  ].join('\n');
}
