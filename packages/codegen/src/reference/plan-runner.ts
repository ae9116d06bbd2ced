import type { FunctionIr } from '../ir/definition.ts';
import { fold } from '../ir/table.ts';
import { type Extent, evaluate, extentOf, sizeOf } from '../plan/extent.ts';
import type { Buffer, ContractPlan, MapPlan, Plan, PlanStage, Product, ReducePlan, View } from '../plan/plan.ts';
import type { Arithmetic } from './arithmetic.ts';
import { interpretFunction } from './evaluator.ts';

/** Elements of every buffer, row by row; what nobody has written is NaN. */
export type Memory = Record<string, number[]>;

/** Rows step by step, longest sequence first: step t is `batchSizes[t]` rows. */
export interface Steps {
  readonly batchSizes: readonly number[];
  readonly reverse: boolean;
}

/** Which row is in hand: in the whole sequence, and in its step. */
interface Row {
  readonly sequence: number;
  readonly step: number;
}

const NO_ROW: Row = { sequence: 0, step: 0 };

/** Runs a plan in plain arrays, as an emitter's code would: nothing but the plan says where anything lies. */
export class PlanRunner {
  readonly memory: Memory = {};
  private readonly plan: Plan;
  private readonly functions: ReadonlyMap<string, FunctionIr>;
  private readonly arithmetic: Arithmetic<number>;
  private readonly lengths: Readonly<Record<string, number>>;
  private readonly steps: Steps;
  private readonly rowByRow: boolean;

  constructor(
    plan: Plan,
    functions: readonly FunctionIr[],
    arithmetic: Arithmetic<number>,
    lengths: Readonly<Record<string, number>>,
    steps: Steps,
    rowByRow: boolean,
  ) {
    this.plan = plan;
    this.functions = new Map(functions.map((called) => [called.name, called]));
    this.arithmetic = arithmetic;
    this.lengths = lengths;
    this.steps = steps;
    this.rowByRow = rowByRow;
    const { inputs, carries, outputs, recorded, tensors, gradients, weights, scratch } = plan;
    const buffers = [...inputs, ...carries, ...outputs, ...recorded, ...buffersOf(plan)];
    for (const buffer of [...buffers, ...tensors, ...gradients, ...weights, ...scratch]) {
      this.memory[buffer.name] = new Array<number>(this.rowsOf(buffer) * this.size(buffer.width)).fill(Number.NaN);
    }
  }

  /** Makes the weights of the tensors. */
  prepare(): void {
    for (const stage of this.plan.prepare) this.stage(stage, NO_ROW);
  }

  /** Makes the weights, and runs the whole sequence. */
  run(): void {
    this.prepare();
    for (const { kind, stages } of this.plan.phases) {
      if (kind === 'rows') this.over(stages, this.rows);
      else for (const rows of this.stepsInOrder()) this.over(stages, rows);
    }
    for (const stage of this.plan.finish) this.stage(stage, NO_ROW);
  }

  /** Those of all steps, as of one. */
  private get rows(): readonly Row[] {
    const length = this.steps.batchSizes.reduce((sum, size) => sum + size, 0);
    return Array.from({ length }, (_, row) => ({ sequence: row, step: row }));
  }

  private rowsOf({ rows }: Buffer): number {
    if (rows === 'one') return 1;
    return rows === 'step' ? this.steps.batchSizes[0]! : this.rows.length;
  }

  private size(extent: Extent): number {
    return evaluate(extent, this.lengths);
  }

  private stepsInOrder(): readonly (readonly Row[])[] {
    const { batchSizes, reverse } = this.steps;
    let first = 0;
    const steps = batchSizes.map((size) => {
      const rows = Array.from({ length: size }, (_, step) => ({ sequence: first + step, step }));
      first += size;
      return rows;
    });
    return reverse === (this.plan.direction === 'forwards') ? steps.toReversed() : steps;
  }

  private over(stages: readonly PlanStage[], rows: readonly Row[]): void {
    if (this.rowByRow) for (const row of rows) for (const stage of stages) this.stage(stage, row);
    else for (const stage of stages) for (const row of rows) this.stage(stage, row);
  }

  private stage(stage: PlanStage, row: Row): void {
    switch (stage.kind) {
      case 'pack':
        for (let i = 0; i < this.size(stage.rows); i++) {
          for (let k = 0; k < this.size(stage.columns); k++) {
            const at = i * this.size(stage.columns) + k;
            this.memory[stage.to.name]![at] = this.packed(stage, i, k);
          }
        }
        break;
      case 'copy':
        for (let j = 0; j < this.size(sizeOf(stage.to.shape)); j++) {
          this.store(stage.to, row, j, this.load(stage.from, row, j));
        }
        break;
      case 'map':
        for (let j = 0; j < this.size(sizeOf(stage.shape)); j++) this.element(stage, row, j);
        break;
      case 'contract':
        this.contract(stage, row);
        break;
      case 'reduce':
        this.reduce(stage);
        break;
      default:
        stage satisfies never;
    }
  }

  private packed(stage: Extract<PlanStage, { kind: 'pack' }>, i: number, k: number): number {
    const { blocks, transposed } = stage;
    if (blocks.length === 0) return 1;
    let [row, column] = transposed ? [k, i] : [i, k];
    for (const block of blocks) {
      const [height, width] = block.shape.map((length) => this.size(extentOf(length))) as [number, number];
      if (row < height) return this.load(block, NO_ROW, row * width + column);
      row -= height;
    }
    throw new RangeError(`${stage.to.name} has no element ${i}, ${k}`);
  }

  private element(
    { shape, loads, joined = [], products = [], definitions, stores }: MapPlan,
    row: Row,
    j: number,
  ): void {
    const values: Record<string, number> = {};
    for (const { name, parts } of joined) values[name] = parts.flatMap((part) => this.elements(part, row))[j]!;
    for (const { name, from } of loads) values[name] = this.load(from, row, from.shape.length === 0 ? 0 : j);
    for (const product of products) {
      const sums = this.product(product, row);
      for (const [block, name] of product.names.entries()) values[name] = sums[block * this.size(sizeOf(shape)) + j]!;
    }
    const { arithmetic, functions } = this;
    for (const { name, value } of definitions) {
      values[name] = fold(value, {
        ...arithmetic,
        reference: (of) => values[of]!,
        call: (of, operand) => interpretFunction(functions.get(of)!, arithmetic, operand),
      });
    }
    for (const { name, to } of stores) this.store(to, row, j, values[name]!);
  }

  private contract(stage: ContractPlan, row: Row): void {
    this.product(stage, row).forEach((sum, i) => {
      this.store(stage.result, row, i, sum);
    });
  }

  private product({ matrix, rows, columns, operand, parts, bias }: Product, row: Row): readonly number[] {
    const [height, width] = [this.size(rows), this.size(columns)];
    const vector = parts ? parts.flatMap((part) => this.elements(part, row)) : this.elements(operand, row, width);
    return Array.from({ length: height }, (_, i) => {
      const sum = this.arithmetic.dot(this.memory[matrix.name]!.slice(i * width, (i + 1) * width), vector);
      return bias ? this.arithmetic.binary('+', sum, this.load(bias, row, i)) : sum;
    });
  }

  private elements(view: View, row: Row, length = this.size(sizeOf(view.shape))): number[] {
    return Array.from({ length }, (_, k) => this.load(view, row, k));
  }

  private reduce({ over, lefts, right, results }: ReducePlan): void {
    const rows = over === 'one' ? [NO_ROW] : this.rows;
    const column = (view: View, j: number): number[] => rows.map((row) => this.load(view, row, j));
    lefts.forEach((left, block) => {
      const rights = right ? this.size(sizeOf(right.shape)) : 1;
      for (let i = 0; i < this.size(sizeOf(left.shape)); i++) {
        for (let k = 0; k < rights; k++) {
          const other = right ? column(right, k) : rows.map(() => 1);
          this.store(results[block]!, NO_ROW, i * rights + k, this.arithmetic.dot(column(left, i), other));
        }
      }
    });
  }

  private at({ buffer, offset }: View, row: Row, j: number): number {
    const index = { one: 0, step: row.step, chunk: row.sequence, sequence: row.sequence }[buffer.rows];
    return index * this.size(buffer.width) + this.size(offset) + j;
  }

  private load(view: View, row: Row, j: number): number {
    return this.memory[view.buffer.name]![this.at(view, row, j)]!;
  }

  private store(view: View, row: Row, j: number, value: number): void {
    this.memory[view.buffer.name]![this.at(view, row, j)] = value;
  }
}

/** Every buffer that a plan writes. */
const buffersOf = ({ phases }: Plan): readonly Buffer[] => phases.flatMap(({ stages }) => stages).flatMap(writtenBy);

/** The buffers that a stage writes. */
export function writtenBy(stage: PlanStage): readonly Buffer[] {
  switch (stage.kind) {
    case 'map':
      return [...new Set(stage.stores.map(({ to }) => to.buffer))];
    case 'contract':
      return [stage.result.buffer];
    case 'reduce':
      return stage.results.map(({ buffer }) => buffer);
    case 'pack':
      return [stage.to];
    case 'copy':
      return [stage.to.buffer];
    default:
      return stage satisfies never;
  }
}
