import type { DType, ElementwiseStage, Program, Stage } from '@congruent/codegen';
import { identifier, renderDefinition } from './expression.ts';
import { arrayOf, dimensionsOf, type Layout, type Place, readsOf, size, usesOf } from './places.ts';

/** The typed array of an element type. */
export const VECTOR: Readonly<Record<DType, string>> = { float32: 'Float32Array', float64: 'Float64Array' };

/** The expression for the row of a value that the code in hand works on. */
type RowOf = (name: string) => string;

/** Copies the parameters into the order of the products, after evaluating what depends on parameters alone. */
export function prepareStatements(program: Program, { products, vectors }: Layout, dtype: DType): string[] {
  const { cell, schedule } = program;
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  const blocks = cell.layouts[0]!.tensors.flatMap((tensor) =>
    tensor.blocks.map(({ name }, index) => {
      const length = size(shapes.get(name)!);
      return `const ${arrayOf(name)} = block(parameters['${tensor.name}'], ${index}, ${length});`;
    }),
  );
  const stages = schedule.prepare.flatMap((stage) => {
    if (stage.kind === 'product') throw new TypeError('a product of parameters alone is not supported by this emitter');
    const place = (name: string): [string, Place] => [
      name,
      { array: arrayOf(name), owner: 'argument', stride: '0', start: '0' },
    ];
    const places = new Map([...readsOf(stage), ...stage.stores].map(place));
    const arrays = stage.stores.map((name) => `const ${arrayOf(name)} = new ${VECTOR[dtype]}(${size(stage.shape)});`);
    return [...arrays, elementwise(stage, places, () => '0', dtype)];
  });
  const stack = (names: readonly string[]): string => `stack(${names.map(arrayOf).join(', ')})`;
  const widened = (vector: string): string => (dtype === 'float64' ? vector : `new Float64Array(${vector})`);
  const stacks = [...products.values()].flatMap(({ stage, matrix, bias }) => [
    `${matrix}: ${widened(stack(stage.blocks.map((block) => block.matrix.name)))}`,
    ...(bias ? [`${bias}: ${stack(stage.blocks.map((block) => block.bias!.name))}`] : []),
  ]);
  const copies = vectors.map((name) => `${arrayOf(name)}: ${arrayOf(name)}.slice()`);
  const members = [...dimensionsOf(program), ...stacks, ...copies];
  return [...blocks, ...stages, `return {\n${members.join(',\n')},\n};`];
}

/** The stages before the loop over time, each for all rows. */
export function beforeStatements({ schedule: { before } }: Program, layout: Layout, dtype: DType): string[] {
  const loops = before.map(
    (stage) => `for (let row = 0; row < rows; row++) {\n${stageText(stage, layout, () => 'row', dtype)}\n}`,
  );
  return [...namesFrom(before, layout), ...loops];
}

/** The stages of a step, one row after the other. */
export function stepStatements({ schedule }: Program, layout: Layout, dtype: DType): string[] {
  const { step, cell, inPlace, carried } = schedule;
  const ofSequence = new Set(carried.map(({ name }) => name));
  const rowOf: RowOf = (name) => (ofSequence.has(name) ? '(first + row)' : 'row');
  const stages = step.map((stage) => stageText(stage, layout, rowOf, dtype));
  const commits = cell.states.flatMap(({ name, shape }, index) =>
    inPlace[index] ? [] : [`${arrayOf(name)}.set(${arrayOf(`${name}'`)}, row * ${size(shape)});`],
  );
  return [
    ...namesFrom(step, layout),
    `for (let row = 0; row < batch; row++) {\n${[...stages, ...commits].join('\n')}\n}`,
  ];
}

/** One stage for one row. */
function stageText(stage: Stage, layout: Layout, rowOf: RowOf, dtype: DType): string {
  const { products, places } = layout;
  if (stage.kind === 'elementwise') return elementwise(stage, places, rowOf, dtype);
  const { matrix, bias, rows, columns, result } = products.get(stage)!;
  const operand = places.get(stage.operand.name)!;
  const from = offset(operand, rowOf(stage.operand.name));
  const to = offset(places.get(stage.blocks[0]!.name)!, rowOf(stage.blocks[0]!.name));
  const biases = bias ? ` + ${stacked(stage.blocks.map((block) => block.bias!.name))}` : '';
  const names = stacked(stage.blocks.map(({ name }) => name));
  const matrices = stacked(stage.blocks.map((block) => block.matrix.name));
  return [
    `// ${names} = ${matrices} @ ${stage.operand.name}${biases}`,
    `product(${matrix}, ${rows}, ${columns}, ${operand.array}, ${from}, ${result}, ${to});`,
    ...(bias ? [`addTo(${result}, ${to}, ${bias});`] : []),
  ].join('\n');
}

/** One fused loop over the elements: load, the definitions as they stand in the schedule, store. */
function elementwise(stage: ElementwiseStage, places: ReadonlyMap<string, Place>, rowOf: RowOf, dtype: DType): string {
  const element = (name: string): string => {
    const place = places.get(name)!;
    const start = offset(place, rowOf(name));
    return `${place.array}[${start === '0' ? 'j' : `${start} + j`}]`;
  };
  const loads = readsOf(stage).map((name) => `const ${identifier(name)} = ${element(name)}!;`);
  const lines = stage.definitions.map((definition) => renderDefinition(definition, dtype));
  const stores = stage.stores.map((name) => `${element(name)} = ${identifier(name)};`);
  return `for (let j = 0; j < ${size(stage.shape)}; j++) {\n${[...loads, ...lines, ...stores].join('\n')}\n}`;
}

/** Takes what the stages use out of `weights` and `scratch`. */
function namesFrom(stages: readonly Stage[], layout: Layout): string[] {
  const { weights, scratch } = usesOf(stages, layout);
  const take = (names: readonly string[], from: string) =>
    names.length > 0 ? [`const { ${names.join(', ')} } = ${from};`] : [];
  return [...take(weights, 'weights'), ...take(scratch, 'scratch')];
}

function offset({ stride, start }: Place, row: string): string {
  if (stride === '0') return start;
  const rowStart = `${row} * ${stride.includes('+') ? `(${stride})` : stride}`;
  return start === '0' ? rowStart : `${rowStart} + ${start}`;
}

const stacked = (names: readonly string[]): string => (names.length > 1 ? `[${names.join('; ')}]` : `${names[0]}`);
