import {
  type ContractPlan,
  type CopyPlan,
  type DType,
  type Extent,
  extentOf,
  type PackPlan,
  type PlanStage,
  sizeOf,
  total,
} from '@congruent/codegen';
import { inC, member } from './extent.ts';
import type { Functions } from './functions.ts';
import { mapLoop } from './map.ts';
import { pointerTo, strideOf } from './memory.ts';
import { sumOver } from './sums.ts';
import { lineOf } from './target.ts';

/** What the code of stages depends on, and the functions that it needs. */
export interface Setting {
  readonly dtype: DType;
  readonly functions: Functions;
}

/** A stage for all rows in hand, or one that runs once. */
export function codeOf(stage: PlanStage, { dtype, functions }: Setting, isForRows: boolean): readonly string[] {
  switch (stage.kind) {
    case 'map':
      return mapLoop(stage, dtype, functions, isForRows);
    case 'contract':
      return contract(stage, dtype, isForRows);
    case 'copy':
      return copy(stage, isForRows);
    case 'pack':
      return pack(stage, dtype);
    case 'reduce':
      return sumOver(stage, '0, 1');
    default:
      return stage satisfies never;
  }
}

/** Output rows of a packed matrix, filled up. */
const heightOf = ({ rows }: ContractPlan | PackPlan, dtype: DType): string => `up(${inC(rows)}, ${lineOf(dtype)})`;

function contract(stage: ContractPlan, dtype: DType, isForRows: boolean): readonly string[] {
  const { label, matrix, columns, operand, bias, result } = stage;
  const operands = [
    ...[member(matrix.name), heightOf(stage, dtype), inC(columns), pointerTo(operand), strideOf(operand)],
    ...[isForRows ? 'at.count' : '1', pointerTo(result), bias ? pointerTo(bias) : 'NULL', 'false'],
  ];
  return [`/* ${label} */`, `congruent_product(${operands.join(', ')});`];
}

function copy({ from, to }: CopyPlan, isForRows: boolean): readonly string[] {
  const count = inC(sizeOf(from.shape));
  const operands = [pointerTo(to), strideOf(to), pointerTo(from), strideOf(from), count, isForRows ? 'at.count' : '1'];
  return [`congruent_copy_rows(${operands.join(', ')});`];
}

/** The blocks one below the other; where they are transposed, side by side. */
function pack(stage: PackPlan, dtype: DType): readonly string[] {
  const { to, blocks, transposed, columns } = stage;
  if (blocks.length === 0) return [`congruent_fill(${member(to.name)}, 1, ${inC(to.width)});`];
  return blocks.map((block, at) => {
    const [rows, width] = block.shape.map((length) => inC(extentOf(length))) as [string, string];
    const above: Extent = total(blocks.slice(0, at).map(({ shape }) => [shape[0]!]));
    const matrix = `${member(to.name)}, ${heightOf(stage, dtype)}, ${inC(columns)}`;
    return transposed
      ? `congruent_pack_transposed(${matrix}, ${pointerTo(block)}, ${width}, ${rows}, ${width}, ${inC(above)});`
      : `congruent_pack(${matrix}, ${pointerTo(block)}, ${rows}, ${inC(above)});`;
  });
}
