import {
  type ContractPlan,
  type CopyPlan,
  type Extent,
  extentOf,
  type FunctionIr,
  type PackPlan,
  type PlanStage,
  product,
  sizeOf,
  total,
} from '@congruent/codegen';
import { addressOf, strideOf } from './address.ts';
import { inI32, scaled } from './extent.ts';
import type { Lanes } from './lanes.ts';
import { mapLoop } from './map.ts';
import { columnOf, vectorsIn } from './panels.ts';
import { reduce } from './reduce.ts';
import { add, advance, below, call, get, i32, repeat, set, type Wat } from './wat.ts';

/** What the code of stages depends on beside their plans. */
export interface Target {
  readonly lanes: Lanes;
  /** What the maps call. */
  readonly functions: readonly FunctionIr[];
}

/** Stages that run once. */
export const stagesOnce = (stages: readonly PlanStage[], target: Target): Wat[] =>
  stages.flatMap((stage, number) => {
    const { lanes } = target;
    if (stage.kind === 'copy') return [copyOnce(stage, lanes)];
    return stage.kind === 'reduce' ? reduce(stage, number, lanes) : stageOf(stage, undefined, target);
  });

/**
 * Stages for so many rows, one after the other.
 *
 * @param rows  the local that holds the number of rows; absent for one row
 */
export const stagesOfRows = (stages: readonly PlanStage[], rows: string | undefined, target: Target): Wat[] =>
  stages.flatMap((stage) => stageOf(stage, rows, target));

/** @param rows  the local that holds the number of rows; absent for one row */
function stageOf(stage: PlanStage, rows: string | undefined, { lanes, functions }: Target): Wat[] {
  switch (stage.kind) {
    case 'map':
      return mapLoop({ ...stage, rows }, lanes, functions);
    case 'contract':
      return contract(stage, rows, lanes);
    case 'copy': {
      const { from, to } = stage;
      const name = 'copied';
      const loop = { shape: from.shape, loads: [{ name, from }], definitions: [], stores: [{ name, to }], rows };
      return mapLoop(loop, lanes, functions);
    }
    case 'pack':
      return pack(stage, lanes);
    case 'reduce':
      throw new TypeError('sums over rows stand after them');
    default:
      return stage satisfies never;
  }
}

function contract(stage: ContractPlan, rows: string | undefined, lanes: Lanes): Wat[] {
  const { label, matrix, operand, bias, columns, result } = stage;
  return [
    `;; ${label}`,
    call(
      'product',
      get(matrix.name),
      vectorsOf(stage, lanes),
      inI32(columns),
      addressOf(operand, lanes),
      inI32(strideOf(operand, lanes)),
      rows === undefined ? i32(1) : get(rows),
      addressOf(result, lanes),
      bias ? addressOf(bias, lanes) : i32(0),
      i32(0),
    ),
  ];
}

function copyOnce({ from, to }: CopyPlan, lanes: Lanes): Wat {
  return ['memory.copy', addressOf(to, lanes), addressOf(from, lanes), inI32(scaled(sizeOf(from.shape), lanes.bytes))];
}

/** Copies the blocks into the columns of the panels, or of a matrix to be transposed the rows. */
function pack(stage: PackPlan, lanes: Lanes): Wat[] {
  const { to, blocks, transposed, columns } = stage;
  const vectors = vectorsOf(stage, lanes);
  if (blocks.length === 0) return ones(stage, lanes);
  return blocks.map((block, index) => {
    const [height, width] = block.shape.map(extentOf) as [Extent, Extent];
    const above = inI32(total(blocks.slice(0, index).map(({ shape }) => [shape[0]!])));
    const [source, rows] = [addressOf(block, lanes), inI32(height)];
    return transposed
      ? call(
          'pack_rows',
          source,
          rows,
          inI32(width),
          inI32(product(lanes.bytes, width)),
          get(to.name),
          above,
          inI32(columns),
          vectors,
        )
      : call('pack', source, rows, inI32(columns), get(to.name), above, vectors);
  });
}

/** A row of ones; the rows that fill up its panels are the same. */
function ones({ to }: PackPlan, lanes: Lanes): Wat[] {
  const store: Wat = [lanes.store, add(get(to.name), get('j')), lanes.constant(1)];
  const end = inI32(scaled(to.width, lanes.bytes));
  return [set('j', i32(0)), repeat('ones', [store, advance('j', lanes.vectorBytes)], below(get('j'), end))];
}

/** The vectors in a column of a packed matrix. */
const vectorsOf = ({ rows }: ContractPlan | PackPlan, lanes: Lanes): Wat =>
  vectorsIn(lanes, inI32(scaled(columnOf(rows, lanes.count), lanes.bytes)));
