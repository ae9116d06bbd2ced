import { type Definition, namesIn, type ProductStage, type Program } from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import { identifier, renderDefinition } from './expression.ts';
import type { Kernel } from './kernels.ts';
import { planeOf, stackOf } from './places.ts';

/** The statements that fold and stack the parameters into the planes that kernels read. */
export function prepareStatements({ cell, schedule }: Program, kernels: readonly Kernel[]): string[] {
  const { prepare, before, step } = schedule;
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  const read = new Set(kernels.flatMap(({ planes }) => planes));
  const blocks = cell.layouts[0]!.tensors.flatMap((tensor) =>
    tensor.blocks.map(({ name }, index) => {
      const length = size(shapes.get(name)!);
      return `const ${planeOf(name)} = block(parameters['${tensor.name}'], ${index}, ${length});`;
    }),
  );
  const folded = prepare.flatMap((stage) => {
    if (stage.kind === 'product') throw new TypeError('a product of parameters alone is not supported by this emitter');
    return fold(stage.definitions, stage.stores, stage.shape);
  });
  const products = [before, step].flatMap((stages) =>
    stages.flatMap((stage) => (stage.kind === 'product' ? stacks(stage, stackOf(stage, stages)) : [])),
  );
  const vectors = [...shapes.keys(), ...prepare.flatMap((stage) => (stage.kind === 'product' ? [] : stage.stores))]
    .filter((name) => read.has(planeOf(name)))
    .map((name) => `${planeOf(name)}: row(${planeOf(name)}),`);
  return [...blocks, ...folded, 'return {', ...[...products, ...vectors].map((line) => `  ${line}`), '};'];
}

/** The stacked matrix, transposed, and the stacked bias of one product. */
function stacks({ blocks, operand, biased }: ProductStage, stack: string): string[] {
  const names = (list: readonly string[]): string => list.map(planeOf).join(', ');
  const matrices = names(blocks.map(({ matrix }) => matrix.name));
  return [
    `W_${stack}: transposed(${operand.shape[0]}, ${matrices}),`,
    ...(biased ? [`b_${stack}: row(${names(blocks.map(({ bias }) => bias!.name))}),`] : []),
  ];
}

function fold(definitions: readonly Definition[], stores: readonly string[], shape: Shape): string[] {
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

const size = (shape: Shape): string => shape.join(' * ') || '1';
