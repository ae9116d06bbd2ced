import { definitionsOf, identifier, namesIn, type Program } from '@congruent/codegen';
import type { SumKernel } from './adjoint-kernels.ts';
import type { Kernel } from './fused.ts';
import { planeOf } from './places.ts';
import { blocksOf, fold, foldAll, size } from './prepare.ts';

/** The statements that stack the matrices of the way back, and fold the parameters that its kernels read. */
export function prepareAdjointStatements(program: Program, kernels: readonly Kernel[]): string[] {
  const { prepare, step, after, forward } = program.adjoint;
  const products = [...step, ...after].filter((stage) => stage.kind === 'transposed');
  const planes = new Set(kernels.flatMap((kernel) => kernel.planes));
  const vectors = [...forward.cell.parameters, ...definitionsOf(prepare)]
    .map(({ name }) => name)
    .filter((name) => planes.has(planeOf(name)));
  const matrices = products.flatMap((stage) => stage.matrices.map(({ name }) => name));
  const members = [
    ...products.map(({ name, matrices }) => {
      const columns = matrices[0]!.shape[1];
      return `V_${identifier(name)}: stacked(${[columns, ...matrices.map((matrix) => planeOf(matrix.name))].join(', ')}),`;
    }),
    ...vectors.map((name) => `${planeOf(name)}: row(${planeOf(name)}),`),
  ];
  return [...valuesOf(program, [...matrices, ...vectors]), 'return {', ...members.map((line) => `  ${line}`), '};'];
}

/** The statements from the sums to the gradients of the parameters. */
export function gradientStatements(program: Program, kernels: readonly SumKernel[]): string[] {
  const { adjoint, sums, finish } = program.adjoint;
  const blocks = sums.map((stage, index) => {
    const lengths = stage.blocks.map(({ adjoint }) => size([...adjoint.shape, ...(stage.operand?.shape ?? [])]));
    const names = stage.blocks.map(({ name }) => planeOf(name));
    return `const [${names.join(', ')}] = parts(sums['${kernels[index]!.result}']!, ${lengths.join(', ')});`;
  });
  const tensors = program.cell.layouts[0]!.tensors.map((tensor) => {
    const parts = tensor.blocks.map(({ name }) => planeOf(adjoint.gradients.get(name)!));
    return `  ${tensor.name}: concatenate([${parts.join(', ')}]),`;
  });
  return [
    ...valuesOf(program, readByFinish(program)),
    ...blocks,
    ...finish.flatMap((definition) => fold([definition], [definition.name], definition.value.shape)),
    'return {',
    ...tensors,
    '};',
  ];
}

/** Whether the gradients need more than the sums. */
export const readsParameters = (program: Program): boolean => valuesOf(program, readByFinish(program)).length > 0;

const readByFinish = ({ adjoint: { finish } }: Program): string[] => finish.flatMap(({ value }) => namesIn(value));

/** The statements that have parameters, and values of parameters alone, ready by name. */
function valuesOf(program: Program, names: readonly string[]): string[] {
  const folded = program.adjoint.prepare.filter((stage) =>
    definitionsOf([stage]).some(({ name }) => names.includes(name)),
  );
  const wanted = new Set([...names, ...definitionsOf(folded).flatMap(({ value }) => namesIn(value))]);
  return [...blocksOf(program, (name) => wanted.has(name)), ...foldAll(folded)];
}
