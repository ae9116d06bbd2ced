import type { AdjointInterpreter, AdjointRow, Environment } from '@congruent/codegen';
import type { FloatArray, LayerGradients, Run, Sequence, Trace } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { stackedOf } from './blocks.ts';
import { rowOrder } from './row-order.ts';

/** A layer as its way back sees it. */
export interface TracedLayer {
  readonly cell: Cell;
  readonly dimensions: Readonly<Record<'I' | 'H', number>>;
  /** The cell with these parameters, by layout name, forwards and backwards. */
  adjoint(parameters: Readonly<Record<string, FloatArray>>): AdjointInterpreter<number>;
  zeros(length: number): FloatArray;
}

/** What a run kept of each row, and the way back from it. */
export class ReferenceTrace implements Trace<'sync', FloatArray> {
  private readonly layer: TracedLayer;
  private readonly sequence: Pick<Sequence<FloatArray>, 'batchSizes' | 'reverse'>;
  private kept: readonly Environment<number>[];

  constructor(layer: TracedLayer, { batchSizes, reverse }: Sequence<FloatArray>, kept: readonly Environment<number>[]) {
    this.layer = layer;
    this.sequence = { batchSizes: [...batchSizes], reverse };
    this.kept = kept;
  }

  pullback(
    _: unknown,
    parameters: Readonly<Record<string, FloatArray>>,
    adjoints: Run<FloatArray>,
  ): LayerGradients<FloatArray> {
    const { cell, dimensions, zeros, adjoint } = this.layer;
    const { batchSizes, reverse } = this.sequence;
    const { I, H } = dimensions;
    const [x, h] = [cell.inputs[0]!.name, cell.states[0]!.name];
    const { backward, gradients } = adjoint(parameters);
    const input = zeros(this.kept.length * I);
    const [output, state] = [adjoints.outputs[0]!, adjoints.states[0]!.slice()];
    const rows: AdjointRow<number>['row'][] = [];
    for (const { row, state: b } of rowOrder(batchSizes, reverse).toReversed()) {
      const [from, to] = [b * H, (b + 1) * H];
      const dy = Array.from(output.subarray(row * H, (row + 1) * H));
      const found = backward(this.kept[row]!, dy, { [h]: Array.from(state.subarray(from, to)) });
      state.set(found.states[h] as readonly number[], from);
      input.set(found.inputs[x] as readonly number[], row * I);
      rows[row] = found.row;
    }
    const stacked = Object.entries(stackedOf(cell, gradients(rows)));
    const arrays = stacked.map(([name, values]) => {
      const array = zeros(values.length);
      array.set(values);
      return [name, array] as const;
    });
    return { inputs: [input], states: [state], parameters: Object.fromEntries(arrays) };
  }

  dispose(): void {
    this.kept = [];
  }
}
