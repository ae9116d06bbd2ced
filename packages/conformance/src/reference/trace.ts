import type { Environment, Interpreter } from '@congruent/codegen';
import {
  type Dimensions,
  type FloatArray,
  type LayerGradients,
  type Run,
  type Sequence,
  type Trace,
  widthOf,
} from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { stackedOf } from '../oracle/blocks.ts';
import { rowOrder } from '../oracle/row-order.ts';
import { putRow, rowOf } from '../oracle/row-values.ts';

/** A layer as its backward pass sees it. */
export interface TracedLayer {
  readonly cell: Cell;
  readonly dimensions: Dimensions;
  /** The cell with these parameters, by layout name, forwards and backwards. */
  interpret(parameters: Readonly<Record<string, FloatArray>>): Interpreter<number>;
  zeros(length: number): FloatArray;
}

/** What a run recorded of each row, and the backward pass from it. */
export class ReferenceTrace implements Trace<'sync', FloatArray> {
  readonly ownsMemory = false;
  private readonly layer: TracedLayer;
  private readonly sequence: Pick<Sequence<FloatArray>, 'batchSizes' | 'reverse'>;
  private residuals: readonly Environment<number>[];

  constructor(
    layer: TracedLayer,
    { batchSizes, reverse }: Sequence<FloatArray>,
    residuals: readonly Environment<number>[],
  ) {
    this.layer = layer;
    this.sequence = { batchSizes: [...batchSizes], reverse };
    this.residuals = residuals;
  }

  pullback(
    _: unknown,
    parameters: Readonly<Record<string, FloatArray>>,
    adjoints: Run<FloatArray>,
  ): LayerGradients<FloatArray> {
    const { cell, dimensions, zeros, interpret } = this.layer;
    const { batchSizes, reverse } = this.sequence;
    const { backward, gradients } = interpret(parameters);
    const inputs = cell.inputs.map((input) => zeros(this.residuals.length * widthOf(input, dimensions)));
    const states = adjoints.states.map((state) => state.slice());
    const rows: Environment<number>[] = [];
    for (const { row, state } of rowOrder(batchSizes, reverse).toReversed()) {
      const outputs = rowOf(adjoints.outputs, cell.outputs, dimensions, row);
      const found = backward(this.residuals[row]!, outputs, rowOf(states, cell.states, dimensions, state));
      putRow(states, cell.states, dimensions, state, found.states);
      putRow(inputs, cell.inputs, dimensions, row, found.inputs);
      rows[row] = found.row;
    }
    const stacked = Object.entries(stackedOf(cell, gradients(rows)));
    const arrays = stacked.map(([name, values]) => {
      const array = zeros(values.length);
      array.set(values);
      return [name, array] as const;
    });
    return { inputs, states, parameters: Object.fromEntries(arrays) };
  }

  dispose(): void {
    this.residuals = [];
  }
}
