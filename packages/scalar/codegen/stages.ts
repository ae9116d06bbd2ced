import {
  type DType,
  type ElementwiseStage,
  identifier,
  type Program,
  type Schedule,
  type Stage,
} from '@congruent/codegen';
import { renderDefinition } from './expression.ts';
import {
  arrayOf,
  dimensionsOf,
  type Layout,
  type Owner,
  type Place,
  type Places,
  readsOf,
  refuseNumbers,
  size,
  usesOf,
  wholeArray,
} from './places.ts';

/** The typed array of an element type. */
export const VECTOR: Readonly<Record<DType, string>> = { float32: 'Float32Array', float64: 'Float64Array' };

/** The row in hand, in arrays with a row for each of the sequence, and in those with a row for each of the step. */
export interface RowInHand {
  readonly sequence: string;
  readonly step: string;
}

/** Copies the parameters into the order of the products, after evaluating what depends on parameters alone. */
export function prepareStatements(program: Program, { products, vectors }: Layout, dtype: DType): string[] {
  const { schedule } = program;
  const blocks = blockStatements(program, () => true);
  const stages = preparedStatements(schedule.prepare, dtype);
  const stack = (names: readonly string[]): string => `stack(${names.map(arrayOf).join(', ')})`;
  const widened = (vector: string): string => (dtype === 'float64' ? vector : `new Float64Array(${vector})`);
  const stacks = [...products.values()].flatMap(({ stage, matrix, bias }) => [
    `${matrix}: ${widened(stack(stage.blocks.map((block) => block.matrix.name)))}`,
    ...(bias ? [`${bias}: ${stack(stage.blocks.map((block) => block.bias!.name))}`] : []),
  ]);
  const copies = vectors.map((name) => `${arrayOf(name)}: ${arrayOf(name)}.slice()`);
  const members = [...dimensionsOf(schedule), ...stacks, ...copies];
  return [...blocks, ...stages, `return {\n${members.join(',\n')},\n};`];
}

/** A view of each wanted block of the stacked parameters. */
export function blockStatements({ cell }: Program, wanted: (name: string) => boolean): string[] {
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  return cell.layouts[0]!.tensors.flatMap((tensor) =>
    tensor.blocks.flatMap(({ name }, index) => {
      if (!wanted(name)) return [];
      const length = size(shapes.get(name)!);
      return [`const ${arrayOf(name)} = block(parameters['${tensor.name}'], ${index}, ${length});`];
    }),
  );
}

/** Values of parameters alone, each in an array of its own. */
export function preparedStatements(stages: readonly Stage[], dtype: DType): string[] {
  return stages.flatMap((stage) => {
    if (stage.kind === 'product') throw new TypeError('a product of parameters alone is not supported by this emitter');
    refuseNumbers(stage);
    const place = (name: string): Place => wholeArray(name, stage.shape, 'argument', 'all');
    const places: Places = { read: place, writes: ({ stores }) => stores.map((name) => [name, place(name)]) };
    const arrays = stage.stores.map((name) => `const ${arrayOf(name)} = new ${VECTOR[dtype]}(${size(stage.shape)});`);
    return [...arrays, elementwise(stage, places, NO_ROW, dtype)];
  });
}

const NO_ROW: RowInHand = { sequence: '0', step: '0' };

/** In the loop over the rows of all steps. */
export const EACH_ROW: RowInHand = { sequence: 'row', step: 'row' };

/** In the loop over the rows of one step. */
export const EACH_ROW_OF_STEP: RowInHand = { sequence: '(first + row)', step: 'row' };

/** The stages before the loop over time, each for all rows. */
export function beforeStatements({ before }: Schedule, layout: Layout, dtype: DType): string[] {
  const loops = before.map(
    (stage) => `for (let row = 0; row < rows; row++) {\n${stageText(stage, layout, EACH_ROW, dtype)}\n}`,
  );
  return [...takeArrays(usesOf(before, layout)), ...loops];
}

/** The stages of a step, one row after the other. */
export function stepStatements({ step, cell, inPlace }: Schedule, layout: Layout, dtype: DType): string[] {
  const stages = step.map((stage) => stageText(stage, layout, EACH_ROW_OF_STEP, dtype));
  const commits = cell.states.flatMap(({ name, shape }, index) =>
    inPlace[index] ? [] : [`${arrayOf(name)}.set(${arrayOf(`${name}'`)}, row * ${size(shape)});`],
  );
  return [
    ...takeArrays(usesOf(step, layout)),
    `for (let row = 0; row < batch; row++) {\n${[...stages, ...commits].join('\n')}\n}`,
  ];
}

/** One stage for one row. */
function stageText(stage: Stage, layout: Layout, row: RowInHand, dtype: DType): string {
  if (stage.kind === 'elementwise') return elementwise(stage, layout, row, dtype);
  const { matrix, bias, rows, columns, result } = layout.products.get(stage)!;
  const operand = layout.read(stage.operand.name);
  const to = offset(layout.read(stage.blocks[0]!.name), row);
  const biases = bias ? ` + ${stacked(stage.blocks.map((block) => block.bias!.name))}` : '';
  const names = stacked(stage.blocks.map(({ name }) => name));
  const matrices = stacked(stage.blocks.map((block) => block.matrix.name));
  return [
    `// ${names} = ${matrices} @ ${stage.operand.name}${biases}`,
    `product(${matrix}, ${rows}, ${columns}, ${operand.array}, ${offset(operand, row)}, ${result}, ${to});`,
    ...(bias ? [`addTo(${result}, ${to}, ${bias});`] : []),
  ].join('\n');
}

/** One fused loop over the elements: load, the definitions as they stand in the schedule, store. */
export function elementwise(stage: ElementwiseStage, places: Places, row: RowInHand, dtype: DType): string {
  const element = (place: Place): string => {
    const start = offset(place, row);
    return `${place.array}[${start === '0' ? 'j' : `${start} + j`}]`;
  };
  const loads = readsOf(stage).map((name) => `const ${identifier(name)} = ${element(places.read(name))}!;`);
  const lines = stage.definitions.map((definition) => renderDefinition(definition, dtype));
  const stores = places.writes(stage).map(([name, to]) => `${element(to)} = ${identifier(name)};`);
  return `for (let j = 0; j < ${size(stage.shape)}; j++) {\n${[...loads, ...lines, ...stores].join('\n')}\n}`;
}

/** Takes what the code uses out of its owners. */
export function takeArrays(uses: Readonly<Record<Owner, readonly string[]>>): string[] {
  return (['weights', 'scratch', 'trace'] as const)
    .filter((owner) => uses[owner].length > 0)
    .map((owner) => `const { ${uses[owner].join(', ')} } = ${owner};`);
}

/** Where the row in hand starts in a place's array. */
export function offset({ per, stride, start }: Place, row: RowInHand): string {
  if (per === 'all') return start;
  const rowStart = `${row[per]} * ${stride.includes('+') ? `(${stride})` : stride}`;
  return start === '0' ? rowStart : `${rowStart} + ${start}`;
}

/** `[a; b]`: one below the other; one alone is itself. */
export const stacked = (names: readonly string[]): string =>
  names.length > 1 ? `[${names.join('; ')}]` : `${names[0]}`;
