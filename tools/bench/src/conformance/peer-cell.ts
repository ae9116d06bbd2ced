import type { Tensor } from '@congruent/runtime';
import { namedWeights, stateNames } from './held.ts';
import type { Batch, BatchResult } from './peer-adapter.ts';
import { PeerObject, type Pullback, pullbackOf, type States } from './peer-object.ts';

/** A cell, which is a peer's layer of one step. */
export class PeerCell extends PeerObject {
  async forward(x: Tensor, states?: States): Promise<States> {
    return this.#states(x, (await this.run(this.#batch(x, states))).last);
  }

  async vjp(x: Tensor, states?: States): Promise<{ output: States; pullback: Pullback<States> }> {
    const batch = this.#batch(x, states);
    const back = this.goBack(batch);
    const result = await this.run(batch);
    if (this.peer.withoutGradients) await back(result);
    const shapes = Object.entries(this.stateDict()).map(([name, { shape }]) => [name, shape] as const);
    const pullback = pullbackOf(async (cotangents: States) => {
      const last = [cotangents].flat().map(({ data }) => data.slice());
      const { input, initial, weights } = await back({ output: result.output.map(() => 0), last });
      const all = namedWeights(weights);
      const given = [this.#states(x, initial)].flat();
      return {
        input: { data: input, shape: x.shape },
        ...Object.fromEntries(stateNames(this.held, 'x').map((name, index) => [name, given[index]!])),
        parameters: Object.fromEntries(shapes.map(([name, shape]) => [name, { data: all[`${name}_l0`]!, shape }])),
      };
    });
    return { output: this.#states(x, result.last), pullback };
  }

  protected override torchNames(): Record<string, Tensor> {
    return Object.fromEntries(Object.entries(this.stateDict()).map(([name, tensor]) => [`${name}_l0`, tensor]));
  }

  #batch({ data, shape }: Tensor, states: States | undefined): Batch {
    const batch = shape.length === 1 ? 1 : shape[0]!;
    return {
      steps: 1,
      batch,
      input: data.slice(),
      initial: states && [states].flat().map(({ data }) => data.slice()),
    };
  }

  #states({ shape }: Tensor, last: BatchResult['last']): States {
    const rows = shape.slice(0, -1);
    const states = last.map((data) => ({ data: data.slice(), shape: [...rows, this.held.options.hiddenSize] }));
    return states.length === 1 ? states[0]! : states;
  }
}
