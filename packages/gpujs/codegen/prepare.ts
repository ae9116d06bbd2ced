import {
  callsFunction,
  type Definition,
  identifier,
  namesIn,
  type ProductStage,
  type Program,
  type Stage,
} from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import { renderDefinition } from './expression.ts';
import type { Kernel } from './fused.ts';
import { planeOf, stackOf } from './places.ts';

/** The statements that fold and stack the parameters into the planes that kernels read. */
export function prepareStatements(program: Program, kernels: readonly Kernel[]): string[] {
  const { cell, prepare, before, step } = program.schedule;
  const read = new Set(kernels.flatMap(({ planes }) => planes));
  const products = [before, step].flatMap((stages) =>
    stages.flatMap((stage) => (stage.kind === 'product' ? stacks(stage, stackOf(stage, stages)) : [])),
  );
  const stored = prepare.flatMap((stage) => (stage.kind === 'product' ? [] : stage.stores));
  const vectors = [...cell.parameters.map(({ name }) => name), ...stored]
    .filter((name) => read.has(planeOf(name)))
    .map((name) => `${planeOf(name)}: row(${planeOf(name)}),`);
  const members = [...products, ...vectors].map((line) => `  ${line}`);
  return [...blocksOf(program, () => true), ...foldAll(prepare), 'return {', ...members, '};'];
}

/** The blocks of the parameters that are wanted, each by its name. */
export const blocksOf = ({ cell, schedule }: Program, isWanted: (name: string) => boolean): string[] => {
  const shapes = new Map(schedule.cell.parameters.map(({ name, shape }) => [name, shape]));
  return cell.layouts[0]!.tensors.flatMap((tensor) =>
    tensor.blocks.flatMap(({ name }, index) => {
      const length = size(shapes.get(name)!);
      return isWanted(name)
        ? [`const ${planeOf(name)} = block(parameters['${tensor.name}'], ${index}, ${length});`]
        : [];
    }),
  );
};

/** Evaluates what depends on parameters alone. */
export const foldAll = (stages: readonly Stage[]): string[] =>
  stages.flatMap((stage) => {
    if (stage.kind === 'product') throw new TypeError('a product of parameters alone is not supported by this emitter');
    return fold(stage.definitions, stage.stores, stage.shape);
  });

/** The stacked matrix, transposed, and the stacked bias of one product. */
function stacks({ blocks, operand, biased }: ProductStage, stack: string): string[] {
  const names = (list: readonly string[]): string => list.map(planeOf).join(', ');
  const matrices = names(blocks.map(({ matrix }) => matrix.name));
  return [
    `W_${stack}: transposed(${operand.shape[0]}, ${matrices}),`,
    ...(biased ? [`b_${stack}: row(${names(blocks.map(({ bias }) => bias!.name))}),`] : []),
  ];
}

/** A loop over definitions of one shape, from arrays to arrays. */
export function fold(definitions: readonly Definition[], stores: readonly string[], shape: Shape): string[] {
  const calling = definitions.find(({ value }) => callsFunction(value));
  if (calling) throw new TypeError(`${calling.name}: a function of parameters alone is not supported by this emitter`);
  const own = new Set(definitions.map(({ name }) => name));
  const reads = [...new Set(definitions.flatMap(({ value }) => namesIn(value)))].filter((name) => !own.has(name));
  return [
    ...stores.map((name) => `const ${planeOf(name)} = new Float32Array(${size(shape)});`),
    `for (let j = 0; j < ${size(shape)}; j++) {`,
    ...reads.map((name) => `  const ${identifier(name)} = ${planeOf(name)}[j]!;`),
    ...definitions.map((definition) => `  ${renderDefinition(definition)}`),
    ...stores.map((name) => `  ${planeOf(name)}[j] = ${identifier(name)};`),
    '}',
  ];
}

/** The number of elements of a value. */
export const size = (shape: Shape): string => shape.join(' * ') || '1';
