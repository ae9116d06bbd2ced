import {
  type AdjointSchedule,
  type AdjointStage,
  type Definition,
  type DType,
  identifier,
  namesIn,
  type Program,
} from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import type { AdjointLayout } from './adjoint-places.ts';
import { arrayOf, arraysOf, dimensionsOf, type Owner, type Place, readsOf, size, wholeArray } from './places.ts';
import {
  blockStatements,
  EACH_ROW,
  EACH_ROW_OF_STEP,
  elementwise,
  offset,
  preparedStatements,
  type RowInHand,
  stacked,
  takeArrays,
  VECTOR,
} from './stages.ts';

/** Transposes the matrices of each product, one below the other, after evaluating what depends on parameters alone. */
export function prepareAdjointStatements(program: Program, layout: AdjointLayout, dtype: DType): string[] {
  const { prepare } = program.adjoint;
  const products = [...layout.products.values()];
  const matrices = products.flatMap(({ stage }) => stage.matrices.map(({ name }) => name));
  const read = [...prepare.flatMap((stage) => (stage.kind === 'elementwise' ? readsOf(stage) : [])), ...layout.vectors];
  const wanted = new Set([...matrices, ...read]);
  const members = [
    ...dimensionsOf(program.schedule),
    ...products.map(({ matrix, stage, rows, columns }) => {
      const blocks = stage.matrices.map(({ name }) => arrayOf(name)).join(', ');
      return `${matrix}: ${widened(`transposed(stack(${blocks}), ${columns}, ${rows}, 0, ${rows})`, dtype)}`;
    }),
    ...layout.vectors.map((name) => `${arrayOf(name)}: ${arrayOf(name)}.slice()`),
  ];
  return [
    ...blockStatements(program, (name) => wanted.has(name)),
    ...preparedStatements(prepare, dtype),
    `return {\n${members.join(',\n')},\n};`,
  ];
}

/** One step backwards, one row after the other. */
export function stepBackStatements(
  { adjoint, step, inPlace }: AdjointSchedule,
  layout: AdjointLayout,
  dtype: DType,
): string[] {
  const stages = step.map((stage) => stageText(stage, layout, EACH_ROW_OF_STEP, dtype));
  const commits = adjoint.states.flatMap(({ incoming, outgoing }, index) =>
    inPlace[index] ? [] : [copyText(layout.read(outgoing.name), layout.read(incoming.name), EACH_ROW_OF_STEP)],
  );
  const written = adjoint.states.flatMap(({ outgoing }) => layout.all(outgoing.name));
  return [
    ...takeArrays(adjointUses(step, layout, written)),
    `for (let row = 0; row < batch; row++) {\n${[...stages, ...commits].join('\n')}\n}`,
  ];
}

/** What no step waits for, each for all rows. */
export function afterStatements({ after }: AdjointSchedule, layout: AdjointLayout, dtype: DType): string[] {
  const loops = after.map(
    (stage) => `for (let row = 0; row < rows; row++) {\n${stageText(stage, layout, EACH_ROW, dtype)}\n}`,
  );
  return [...takeArrays(adjointUses(after, layout)), ...loops];
}

function stageText(stage: AdjointStage, layout: AdjointLayout, row: RowInHand, dtype: DType): string {
  if (stage.kind === 'elementwise') return elementwise(stage, layout, row, dtype);
  const { matrix, vectors, rows, columns } = layout.products.get(stage)!;
  const [result, ...copies] = layout.all(stage.name);
  const names = stacked(stage.vectors.map(({ name }) => name));
  const matrices = stacked(stage.matrices.map(({ name }) => name));
  return [
    `// ${stage.name} = ${names} @ ${matrices}`,
    `product(${matrix}, ${rows}, ${columns}, ${vectors.array}, ${offset(vectors, row)}, ${result!.array}, ${offset(result!, row)});`,
    ...copies.map((to) => copyText(result!, to, row)),
  ].join('\n');
}

const copyText = (from: Place, to: Place, row: RowInHand): string => {
  const start = offset(from, row);
  return `${to.array}.set(${from.array}.subarray(${start}, ${start} + ${from.stride}), ${offset(to, row)});`;
};

/** The arrays that the code of some stages is given: rows of the inputs, the output's adjoint, the inputs' adjoints. */
export function adjointReads(
  { adjoint }: AdjointSchedule,
  stages: readonly AdjointStage[],
  layout: AdjointLayout,
): readonly string[] {
  const incoming = new Set(adjoint.states.map((state) => arrayOf(state.incoming.name)));
  return adjointUses(stages, layout).argument.filter((array) => !incoming.has(array));
}

/** The arrays that the code of the gradients is given. */
export const gradientReads = (schedule: AdjointSchedule, layout: AdjointLayout): readonly string[] =>
  arraysOf(summedPlaces(schedule, layout), []).argument;

const summedPlaces = ({ sums }: AdjointSchedule, layout: AdjointLayout): readonly Place[] =>
  sums
    .flatMap(({ operand, blocks }) => [...blocks.map(({ adjoint }) => adjoint), ...(operand ? [operand] : [])])
    .map(({ name }) => layout.read(name));

/** The arrays that the code of some stages takes from each of their owners. */
function adjointUses(
  stages: readonly AdjointStage[],
  layout: AdjointLayout,
  more: readonly Place[] = [],
): Readonly<Record<Owner, readonly string[]>> {
  const places = stages.flatMap((stage): readonly Place[] => {
    if (stage.kind === 'transposed') return [layout.products.get(stage)!.vectors, ...layout.all(stage.name)];
    return [...readsOf(stage).map(layout.read), ...layout.writes(stage).map(([, to]) => to)];
  });
  const shapes = stages.flatMap((stage) =>
    stage.kind === 'transposed' ? stage.matrices.map(({ shape }) => shape) : [stage.shape],
  );
  const matrices = stages.flatMap((stage) => (stage.kind === 'transposed' ? [layout.products.get(stage)!.matrix] : []));
  return arraysOf([...places, ...more], [...shapes.flat(), ...matrices]);
}

/** Sums over the rows of all steps, each a product of two transposed arrays, and what follows from the sums alone. */
export function gradientStatements(program: Program, layout: AdjointLayout, dtype: DType): string[] {
  const { sums, finish } = program.adjoint;
  const adjoints = new Map(sums.flatMap(({ blocks }) => blocks.map(({ adjoint }) => [adjoint.name, adjoint])));
  const operands = new Map(sums.flatMap(({ operand }) => (operand ? [[operand.name, operand]] : [])));
  const columnsOf = (name: string, shape: Shape): string => {
    const { array, stride, start } = layout.read(name);
    return `transposed(${array}, rows, ${stride}, ${start}, ${size(shape)})`;
  };
  const { tensors, blocks, shared, others } = gradientArrays(program, dtype);
  const stages = sums.flatMap(({ operand, blocks: sumBlocks }) => {
    const left = stacked(sumBlocks.map(({ adjoint }) => adjoint.name));
    const right = operand ? `${columnsName(operand.name)}_operand` : 'ones';
    return [
      `// ${stacked(sumBlocks.map(({ name }) => name))} = ${operand ? `outer(${left}, ${operand.name})` : left}, summed`,
      ...sumBlocks.map(({ name, adjoint }) => {
        const width = operand ? size(operand.shape) : '1';
        return `sumOfOuter(${columnsName(adjoint.name)}, ${size(adjoint.shape)}, ${right}, ${width}, rows, ${arrayOf(name)});`;
      }),
    ];
  });
  const needsOnes = sums.some(({ operand }) => operand === undefined);
  const names = program.cell.layouts[0]!.tensors.map(({ name }) => name);
  const lengths = program.cell.parameters.flatMap(({ shape }) => shape);
  const places = summedPlaces(program.adjoint, layout);
  return [
    ...takeArrays(arraysOf(places, [...lengths, ...finishVectors(program.adjoint)])),
    ...tensors,
    ...blocks,
    ...others,
    ...[...adjoints.values()].map(({ name, shape }) => `const ${columnsName(name)} = ${columnsOf(name, shape)};`),
    ...[...operands.values()].map(
      ({ name, shape }) => `const ${columnsName(name)}_operand = ${widened(columnsOf(name, shape), dtype)};`,
    ),
    ...(needsOnes ? ['const ones = new Float64Array(rows).fill(1);'] : []),
    ...stages,
    ...finish.map((definition) => finishText(definition, dtype)),
    ...shared,
    `return { ${names.join(', ')} };`,
  ];
}

const columnsName = (name: string): string => `columns_${identifier(name)}`;

const widened = (vector: string, dtype: DType): string =>
  dtype === 'float64' ? vector : `new Float64Array(${vector})`;

/** Values of parameters alone that the last definitions read. */
const finishVectors = ({ finish, prepare, forward }: AdjointSchedule): readonly string[] => {
  const early = new Set([
    ...forward.cell.parameters.map(({ name }) => name),
    ...prepare.flatMap((stage) => (stage.kind === 'elementwise' ? stage.stores : [])),
  ]);
  return [...new Set(finish.flatMap(({ value }) => namesIn(value)))].filter((name) => early.has(name)).map(arrayOf);
};

const finishText = ({ name, value }: Definition, dtype: DType): string => {
  const place = (of: string): Place => wholeArray(of, value.shape, 'argument', 'all');
  const stage = {
    kind: 'elementwise',
    shape: value.shape,
    definitions: [{ name, value }],
    stores: [name],
    keeps: [],
  } as const;
  return elementwise(stage, { read: place, writes: () => [[name, place(name)]] }, EACH_ROW, dtype);
};

/** The tensors of the gradients, their blocks as views, and what goes into a second tensor as well. */
function gradientArrays(program: Program, dtype: DType) {
  const { adjoint, sums, finish } = program.adjoint;
  const shapes = new Map(program.cell.parameters.map(({ name, shape }) => [name, shape]));
  const tensors: string[] = [];
  const blocks: string[] = [];
  const shared: string[] = [];
  const named = new Set<string>();
  for (const tensor of program.cell.layouts[0]!.tensors) {
    const length = size(shapes.get(tensor.blocks[0]!.name)!);
    tensors.push(`const ${tensor.name} = new ${VECTOR[dtype]}(${tensor.blocks.length} * ${length});`);
    tensor.blocks.forEach(({ name }, index) => {
      const gradient = adjoint.gradients.get(name)!;
      const view = `block(${tensor.name}, ${index}, ${length})`;
      if (named.has(gradient)) shared.push(`${view}.set(${arrayOf(gradient)}); // d${name} = ${gradient}`);
      else blocks.push(`const ${arrayOf(gradient)} = ${view};`);
      named.add(gradient);
    });
  }
  const all = [
    ...sums.flatMap((sum) =>
      sum.blocks.map(({ name, adjoint }) => ({ name, shape: [...adjoint.shape, ...(sum.operand?.shape ?? [])] })),
    ),
    ...finish.map(({ name, value }) => ({ name, shape: value.shape })),
  ];
  const others = all
    .filter(({ name }) => !named.has(name))
    .map(({ name, shape }) => `const ${arrayOf(name)} = new ${VECTOR[dtype]}(${size(shape)});`);
  return { tensors, blocks, shared, others };
}
