import type { FloatArray, Tensor } from '@congruent/runtime';
import { type Form, formOf, type Input } from './batches.ts';
import { namedWeights, stateNames, stateWidths } from './held.ts';
import type { Batch, BatchResult } from './peer-adapter.ts';
import { PeerObject, type Pullback, pullbackOf, type States } from './peer-object.ts';
import { PeerStream, type StreamOptions } from './peer-stream.ts';

type Cotangents = Readonly<Record<string, Input | undefined>>;

/** The layers of a peer, as the suite takes a class of layers. */
export class PeerLayers extends PeerObject {
  async forward(input: Input, initial?: States): Promise<Record<string, Input>> {
    const form = this.#form(input);
    return this.#named(form, await this.run(this.#batch(form, initial)));
  }

  async vjp(input: Input, initial?: States): Promise<Record<string, Input> & { pullback: Pullback<Cotangents> }> {
    const form = this.#form(input);
    const batch = this.#batch(form, initial);
    const back = this.goBack(batch);
    const result = await this.run(batch);
    if (this.peer.withoutGradients) await back(result);
    const shapes = Object.entries(this.stateDict()).map(([name, { shape }]) => [name, shape] as const);
    const pullback = pullbackOf(async (cotangents: Cotangents) => {
      const fed = this.#cotangents(form, result, cotangents);
      const { input, initial, weights } = await back(fed);
      const all = namedWeights(weights);
      const names = stateNames(this.held, '0');
      return {
        input: form.wrap(input, this.held.options.inputSize),
        ...Object.fromEntries(names.map((name, index) => [name, this.#state(form, initial, index)])),
        parameters: Object.fromEntries(shapes.map(([name, shape]) => [name, { data: all[name]!, shape }])),
      };
    });
    return Object.assign(this.#named(form, result), { pullback });
  }

  stream({ batchSize = 1, ...states }: StreamOptions = {}): PeerStream {
    const names = stateNames(this.held, '0');
    const given = names.map((name) => states[name]).filter((state): state is Tensor => typeof state === 'object');
    const { numLayers } = this.held.options;
    return new PeerStream({
      batchSize,
      shapes: stateWidths(this.held).map((width) => [numLayers!, batchSize, width]),
      initial: given.length > 0 ? given : undefined,
      run: (batch) => this.run(batch),
    });
  }

  get #directions(): number {
    return this.held.options.bidirectional ? 2 : 1;
  }

  #form(input: Input): Form {
    return formOf(input, this.held.options.batchFirst ?? false);
  }

  #batch({ batch }: Form, initial: States | undefined): Batch {
    return { ...batch, initial: initial && [initial].flat().map(({ data }) => data.slice()) };
  }

  #named(form: Form, { output, last }: BatchResult): Record<string, Input> {
    const names = stateNames(this.held, 'n');
    const states = names.map((name, index) => [name, this.#state(form, last, index)] as const);
    return { output: form.wrap(output, this.#directions * stateWidths(this.held)[0]!), ...Object.fromEntries(states) };
  }

  #state(form: Form, states: readonly FloatArray[], index: number): Tensor {
    const count = this.held.options.numLayers! * this.#directions;
    const shape = form.stateShape(count, stateWidths(this.held)[index]!);
    return { data: states[index]!.slice(), shape };
  }

  #cotangents(form: Form, { output, last }: BatchResult, given: Cotangents): BatchResult {
    const states = stateNames(this.held, 'n').map((name, index) => {
      const tensor = given[name] as Tensor | undefined;
      return tensor?.data.slice() ?? zerosLike(last[index]!);
    });
    return { output: given['output'] ? form.unwrap(given['output']) : zerosLike(output), last: states };
  }
}

const zerosLike = (array: FloatArray): FloatArray => array.map(() => 0);
