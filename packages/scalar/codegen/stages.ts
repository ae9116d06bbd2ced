import {
  type Block,
  type ContractPlan,
  type Extent,
  type MapPlan,
  type PackPlan,
  type Plan,
  type PlanStage,
  printExtent,
  type ReducePlan,
  sizeOf,
  type View,
} from '@congruent/codegen';
import { statement } from './code.ts';
import type { Element } from './element.ts';

/** The code of one stage, for the row in hand where it works on rows. */
export function codeOf(stage: PlanStage, element: Element): Block {
  switch (stage.kind) {
    case 'map':
      return map(stage, element);
    case 'contract':
      return contract(stage);
    case 'copy':
      return [`copy(${at(stage.from)}, ${at(stage.to)}, ${lengthOf(stage.to.shape)});`];
    case 'reduce':
      return reduce(stage, element, []);
    case 'pack':
      return [`const ${stage.to.name} = ${packed(stage, element)};`];
    default:
      return stage satisfies never;
  }
}

/** One fused loop over the elements: loads, the definitions as they stand in the schedule, stores. */
function map({ shape, loads, definitions, stores }: MapPlan, element: Element): Block {
  const of = (view: View): string => {
    const start = startOf(view);
    if (view.shape.length === 0) return `${view.buffer.name}[${start}]`;
    return `${view.buffer.name}[${start === '0' ? 'j' : `${start} + j`}]`;
  };
  const lines = [
    ...loads.map(({ name, from }) => `const ${name} = ${of(from)}!;`),
    ...definitions.map((definition) => statement(definition, element)),
    ...stores.map(({ name, to }) => `${of(to)} = ${name};`),
  ];
  return [shape.length === 0 ? '{' : `for (let j = 0; j < ${lengthOf(shape)}; j++) {`, lines, '}'];
}

function contract({ label, matrix, rows, columns, operand, bias, result }: ContractPlan): Block {
  const size = `${printExtent(rows)}, ${printExtent(columns)}`;
  const added = bias ? [`addTo(${at(result)}, ${at(bias)}, ${printExtent(rows)});`] : [];
  return [`// ${label}`, `product(${matrix.name}, ${size}, ${at(operand)}, ${at(result)});`, ...added];
}

/** What follows from all rows: the columns that are summed are made rows once, however many sums they are in. */
export function finishOf({ finish }: Plan, element: Element): Block {
  const sums = finish.flatMap((stage) => (stage.kind === 'reduce' && stage.over === 'sequence' ? stage.lefts : []));
  const columns = [...new Set(sums.map((left) => transposed(left, 'rows')))];
  const made = columns.length > 0 ? ['const columns = [', columns.map((each) => `${each},`), '];'] : [];
  const code = finish.flatMap((stage) =>
    stage.kind === 'reduce' ? reduce(stage, element, columns) : codeOf(stage, element),
  );
  return [...made, ...(finish.some(({ kind }) => kind === 'reduce') ? ['let right: Float64Array;'] : []), ...code];
}

/** The columns of a value of all rows as rows. */
function transposed({ buffer, offset, shape }: View, rows: string): string {
  const stride = buffer.rows === 'one' ? 0 : buffer.width;
  return `transposed(${buffer.name}, ${rows}, ${printExtent(stride)}, ${printExtent(offset)}, ${lengthOf(shape)})`;
}

/** Sums of the products of two values' elements, over all rows or over one. */
function reduce(
  { label, over, lefts, right, results }: ReducePlan,
  { widened }: Element,
  columns: readonly string[],
): Block {
  const rows = over === 'one' ? '1' : 'rows';
  const sums = lefts.map((view, index) => {
    const left = transposed(view, rows);
    const known = columns.indexOf(left);
    const sizes = `${lengthOf(view.shape)}, right, ${right ? lengthOf(right.shape) : 1}, ${rows}`;
    return `sumOfOuter(${known < 0 ? left : `columns[${known}]!`}, ${sizes}, ${at(results[index]!)});`;
  });
  const other = right ? widened(transposed(right, rows)) : `new Float64Array(${rows}).fill(1)`;
  return [`// ${label}, summed`, `right = ${other};`, ...sums];
}

/** A matrix, made of the parameters. */
function packed({ blocks, transposed, rows, columns }: PackPlan, { widened }: Element): string {
  const [height, width] = [printExtent(rows), printExtent(columns)];
  if (blocks.length === 0) return `new Float64Array(${width}).fill(1)`;
  const parts = blocks.map(
    ({ buffer, offset, shape }) => `block(${buffer.name}, ${printExtent(offset)}, ${lengthOf(shape)})`,
  );
  const stack = `stack(${parts.join(', ')})`;
  return widened(transposed ? `transposed(${stack}, ${width}, ${height}, 0, ${height})` : stack);
}

const lengthOf = (shape: View['shape']): string => printExtent(sizeOf(shape));

/** So many elements for each of some rows. */
export const perRow = (rows: string, width: Extent): string =>
  typeof width === 'object' && width.kind === 'sum'
    ? `${rows} * (${printExtent(width)})`
    : `${rows} * ${printExtent(width)}`;

/** Where a value starts in its buffer: in a loop over rows `row` is one of the sequence, from `first` on in a step. */
function startOf({ buffer, offset }: View): string {
  if (buffer.rows === 'one') return printExtent(offset);
  const start = perRow(buffer.rows === 'step' ? '(row - first)' : 'row', buffer.width);
  return offset === 0 ? start : `${start} + ${printExtent(offset)}`;
}

/** A value as helpers take it. */
const at = (view: View): string => `${view.buffer.name}, ${startOf(view)}`;
