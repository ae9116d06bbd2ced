import {
  type Block,
  type Buffer,
  type Code,
  type ContractPlan,
  type Definition,
  type Extent,
  evaluate,
  extentOf,
  fold,
  type MapExpression,
  type MapPlan,
  type PackPlan,
  type PlanStage,
  type ReducePlan,
  sizeOf,
  type Table,
  type View,
} from '@congruent/codegen';
import { comment } from './language.ts';

/** How stages are written. */
export interface Style {
  /** What every name of the file begins with. */
  readonly model: string;
  readonly table: Table<Code>;
  /** Whether what is written to a place is added to what is there. */
  readonly adds: (view: View) => boolean;
}

/** The number that an extent is: the sizes of an exported model are numbers. */
export const lengthOf = (extent: Extent): number => evaluate(extent, {});

/** How many elements a value has. */
export const elementsOf = ({ shape }: Pick<View, 'shape'>): number => lengthOf(sizeOf(shape));

/** The code of one stage, for a single row. */
export function codeOf(stage: PlanStage, style: Style): Block {
  switch (stage.kind) {
    case 'map':
      return map(stage, style);
    case 'copy':
      return loop('j', elementsOf(stage.to), [assign(stage.to, 'j', at(stage.from, 'j'), style)]);
    case 'contract':
      return contract(stage, style);
    case 'reduce':
      return reduce(stage, style);
    case 'pack':
      return pack(stage);
    default:
      return stage satisfies never;
  }
}

/** A definition as a statement, with what the specification says about it. */
export const statement = ({ name, value, comment: said }: Definition<MapExpression>, table: Table<Code>): string =>
  `const float ${name} = ${fold(value, table).text};${said ? ` ${comment(said)}` : ''}`;

/** One fused loop over the elements: loads, the definitions as they stand in the schedule, stores. */
function map({ shape, loads, definitions, stores }: MapPlan, style: Style): Block {
  const lines = [
    ...loads.map(({ name, from }) => `const float ${name} = ${at(from, 'j')};`),
    ...definitions.map((definition) => statement(definition, style.table)),
    ...stores.map(({ name, to }) => assign(to, 'j', name, style)),
  ];
  return shape.length === 0 ? ['{', lines, '}'] : loop('j', lengthOf(sizeOf(shape)), lines);
}

function contract({ label, matrix, rows, columns, operand, bias, result }: ContractPlan, style: Style): Block {
  const [height, width] = [lengthOf(rows), lengthOf(columns)];
  const product = `${style.model}_product(${matrix.name}, ${height}, ${width}, ${pointer(operand)}, ${pointer(result)});`;
  const added = bias ? loop('j', height, [`${at(result, 'j')} += ${at(bias, 'j')};`]) : [];
  return [comment(label), product, ...added];
}

/** Of a single row, the sum over all rows is that row's: the sum of +0 and its products. */
function reduce({ label, lefts, right, results }: ReducePlan, style: Style): Block {
  const width = right ? elementsOf(right) : 1;
  const sums = lefts.flatMap((left, index): Block => {
    const to = results[index]!;
    const term = `0.0f + ${at(left, 'i')}${right ? ` * ${at(right, 'k')}` : ''}`;
    if (!right) return loop('i', elementsOf(left), [assign(to, 'i', term, style)]);
    return loop('i', elementsOf(left), loop('k', width, [assign(to, `i * ${width} + k`, term, style)]));
  });
  return [comment(label), ...sums];
}

/** The matrix of a contraction, row by row. */
function pack({ to, blocks, transposed, columns }: PackPlan): Block {
  const width = lengthOf(columns);
  if (blocks.length === 0) return loop('j', width, [`${to.name}[j] = 1.0f;`]);
  let before = 0;
  return blocks.flatMap((block): Block => {
    const [rows, own] = block.shape.map((length) => lengthOf(extentOf(length))) as [number, number];
    const from = before;
    before += transposed ? rows : rows * own;
    if (!transposed) return loop('j', rows * own, [`${to.name}[${plus(from, 'j')}] = ${at(block, 'j')};`]);
    const move = `${to.name}[k * ${width} + ${plus(from, 'i')}] = ${at(block, `i * ${own} + k`)};`;
    return loop('i', rows, loop('k', own, [move]));
  });
}

/** Over so many elements. */
export const loop = (index: string, end: number, body: Block): Block => [
  `for (int ${index} = 0; ${index} < ${end}; ${index}++) {`,
  body,
  '}',
];

/** Zeros in whole buffers. */
export const zeroed = (buffers: readonly Buffer[]): Block =>
  buffers.flatMap(({ name, width }) => loop('j', lengthOf(width), [`${name}[j] = 0.0f;`]));

const assign = (to: View, index: string, value: string, { adds }: Style): string =>
  `${at(to, index)} ${adds(to) ? '+=' : '='} ${value};`;

const plus = (offset: number, index: string): string => (offset === 0 ? index : `${offset} + ${index}`);

/** An element of a value; a number is one for all. */
export const at = ({ buffer, offset, shape }: View, index: string): string =>
  `${buffer.name}[${shape.length === 0 ? lengthOf(offset) : plus(lengthOf(offset), index)}]`;

const pointer = ({ buffer, offset }: View): string =>
  lengthOf(offset) === 0 ? buffer.name : `${buffer.name} + ${lengthOf(offset)}`;
