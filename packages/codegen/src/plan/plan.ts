import type { Shape } from '@congruent/spec';
import { alive, type Definition, readBy } from '../ir/definition.ts';
import type { MapExpression } from '../ir/expression.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { Extent } from './extent.ts';

/** What a backend asks of its plans. */
export interface Target {
  /** Names that nothing may have: words of the language, and what the emitter itself names. */
  readonly reserved: ReadonlySet<string>;
  /** A row that a map writes has room for a multiple of so many elements, those of a vector register. Default: 1. */
  readonly lanes?: number;
  /**
   * The elements that a product of so many rows writes, as many as a column of its packed matrix has. A product then
   * writes to a buffer of its own. Default: as many as there are, written where they belong.
   */
  readonly packed?: (rows: Extent) => Extent;
  /** Stages go over all rows of a step, or of a chunk of rows, one after the other. Default: row by row. */
  readonly stageByStage?: boolean;
  /**
   * Every stage is a kernel that gives one whole buffer, and reads no other that it writes: nothing is written in place.
   * What it stores lies side by side; results of the loops have buffers of their own, and a carry is handed on by a copy
   * of a whole one. Stages go over all rows of a step, or of all steps. Residuals lie in several buffers, and what no
   * step needs is recorded for all rows at once, after the loops.
   */
  readonly apart?: boolean;
  /** Where stages write apart: how many buffers a kernel may read; all weights but matrices count as one. Default: any. */
  readonly buffers?: number;
}

/** Rows of a buffer: a single one, one for each row of a step, of a chunk of rows, or of the whole sequence. */
export type Rows = 'one' | 'step' | 'chunk' | 'sequence';

/**
 * Who owns a buffer. `tensor`: a parameter as the layout stacks it, given. `gradient`: the same, written by the backward
 * pass. `argument`: rows that the caller gives. `residual`: what the forward pass records and the backward pass reads.
 * `weights`: made once of the parameters. `scratch`: working memory.
 */
export type Space = 'tensor' | 'gradient' | 'argument' | 'residual' | 'weights' | 'scratch';

export interface Buffer {
  readonly name: string;
  readonly space: Space;
  readonly rows: Rows;
  /** Elements of one row, with the padding. */
  readonly width: Extent;
  /** What it holds. */
  readonly holds: string;
}

/** Where a value lies in each row of a buffer. */
export interface View {
  readonly buffer: Buffer;
  /** Its first element. */
  readonly offset: Extent;
  readonly shape: Shape;
}

/** In what memory a schedule runs: every value has its place, every stage says what it loads and stores. */
export interface Plan {
  readonly name: string;
  readonly direction: Schedule['direction'];
  /** The dimensions as extents name them, the inputs' first; `Plans.lengths` says what the cell calls them. */
  readonly dimensions: readonly string[];
  /** The rows that the caller gives, in the order of the cell; backwards then the adjoints of its outputs. */
  readonly inputs: readonly Buffer[];
  /** What the loops over time hand on; holds the initial values before, the last ones afterwards. */
  readonly carries: readonly Buffer[];
  /** The rows that are written: the cell's outputs; backwards the adjoints of its inputs. */
  readonly outputs: readonly Buffer[];
  /** What the forward pass records and the backward pass reads, all of a row one after the other. */
  readonly residuals: Buffer | undefined;
  /** The buffers that residuals lie in, by the same names forwards and backwards; `residuals` alone where there is one. */
  readonly recorded: readonly Buffer[];
  readonly tensors: readonly Buffer[];
  readonly gradients: readonly Buffer[];
  readonly weights: readonly Buffer[];
  readonly scratch: readonly Buffer[];
  /** Once for a set of parameters: from the tensors to the weights. */
  readonly prepare: readonly PlanStage[];
  readonly phases: readonly PlanPhase[];
  /** Once after all rows: from rows and weights to the gradients. */
  readonly finish: readonly PlanStage[];
}

/** Stages for all rows at once, or at every step of a loop over time. */
export interface PlanPhase {
  readonly kind: 'rows' | 'steps';
  /** Whether all that it does is to record. */
  readonly records?: boolean;
  readonly stages: readonly PlanStage[];
}

export type PlanStage = MapPlan | ContractPlan | ReducePlan | PackPlan | CopyPlan;

/** One fused loop over the elements of a shape: loads, definitions, stores. */
export interface MapPlan {
  readonly kind: 'map';
  readonly shape: Shape;
  /** In order of first use; a number is one element for all. */
  readonly loads: readonly { readonly name: string; readonly from: View }[];
  /** What lies in several places one after the other, in a target whose stages write apart. */
  readonly joined?: readonly { readonly name: string; readonly parts: readonly View[] }[];
  /** Sums of products that this map alone reads, in a target whose stages write apart. */
  readonly products?: readonly FusedProduct[];
  readonly definitions: readonly Definition<MapExpression>[];
  readonly stores: readonly { readonly name: string; readonly to: View }[];
}

/** A matrix, and what it multiplies and adds. */
export interface Product {
  /** The equation. */
  readonly label: string;
  readonly matrix: Buffer;
  readonly rows: Extent;
  readonly columns: Extent;
  readonly operand: View;
  /** The vectors of an operand of several, `operand` the first of them; only where stages write apart. */
  readonly parts?: readonly View[] | undefined;
  readonly bias: View | undefined;
}

/** result[i] = Σ_k matrix[i, k] operand[k] + bias[i], in the order of every sum. */
export interface ContractPlan extends Product {
  readonly kind: 'contract';
  readonly result: View;
}

/** A product inside a map: at its element j, the value of each name is the product's row j in its block of rows. */
export interface FusedProduct extends Product {
  readonly names: readonly string[];
}

/** results[b][i, k] = Σ lefts[b][i] right[k] over all rows, or over a single one; without `right` Σ lefts[b][i]. */
export interface ReducePlan {
  readonly kind: 'reduce';
  readonly label: string;
  readonly over: 'sequence' | 'one';
  readonly lefts: readonly View[];
  readonly right: View | undefined;
  readonly results: readonly View[];
}

/** The blocks one below the other as the matrix of a contraction; `transposed`: side by side, each transposed. */
export interface PackPlan {
  readonly kind: 'pack';
  readonly to: Buffer;
  /** A matrix without blocks is a single row of ones. */
  readonly blocks: readonly View[];
  readonly transposed: boolean;
  readonly rows: Extent;
  readonly columns: Extent;
}

export interface CopyPlan {
  readonly kind: 'copy';
  readonly from: View;
  readonly to: View;
}

/** The plan of a forward pass that records nothing: without what only the backward pass reads. */
export function withoutRecording(plan: Plan): Plan {
  const phases = plan.phases
    .filter(({ records }) => !records)
    .map((phase) => ({ ...phase, stages: phase.stages.flatMap(unrecorded) }));
  return { ...plan, residuals: undefined, recorded: [], phases };
}

function unrecorded(stage: PlanStage): readonly PlanStage[] {
  if (stage.kind === 'copy') return stage.to.buffer.space === 'residual' ? [] : [stage];
  if (stage.kind !== 'map') return [stage];
  const stores = stage.stores.filter(({ to }) => to.buffer.space !== 'residual');
  const needed = alive(
    stage.definitions,
    stores.map(({ name }) => name),
  );
  const read = new Set([...readBy(needed), ...stores.map(({ name }) => name)]);
  const loads = stage.loads.filter(({ name }) => read.has(name));
  return stores.length > 0 ? [{ ...stage, loads, definitions: needed, stores }] : [];
}
