import {
  type CellSignature,
  dimensionNames,
  type FloatArray,
  type LayerClass,
  type OwnNames,
  type Tensor,
  tensor,
  widthOf,
} from '@congruent/runtime';
import { given, taken } from './by-name.ts';

/** Steps of a sequence at most, and milliseconds: of a run that tells anything at least, and of all together. */
const [MOST_STEPS, SHORTEST, TOGETHER] = [2 ** 16, 2, 80];

/** The layer of one class, as the page runs it: step by step, with all names that the cell has. */
export class Runner {
  private readonly signature: CellSignature;
  private readonly sizes: Readonly<Record<string, number>>;
  private readonly layer: Awaited<ReturnType<LayerClass<OwnNames, 'sync'>['create']>>;
  private readonly stream: ReturnType<Runner['layer']['stream']>;

  private constructor(signature: CellSignature, sizes: Runner['sizes'], layer: Runner['layer']) {
    this.signature = signature;
    this.sizes = sizes;
    this.layer = layer;
    this.stream = layer.stream();
  }

  /**
   * @param weights  a seed, or the parameters of another layer of the cell
   * @throws CongruentError where no layer has such sizes
   */
  static async open(
    Layer: LayerClass<OwnNames, 'sync'>,
    signature: CellSignature,
    sizes: Readonly<Record<string, number>>,
    weights: number | Readonly<Record<string, Tensor>>,
  ): Promise<Runner> {
    const own = Object.fromEntries(dimensionNames(signature).map((name) => [name, sizes[name]!]));
    const layer = await Layer.create({ sizes: own, ...(typeof weights === 'number' && { seed: weights }) });
    if (typeof weights !== 'number') layer.loadStateDict(weights);
    return new Runner(signature, own, layer);
  }

  get parameters(): Readonly<Record<string, Tensor>> {
    return this.layer.stateDict();
  }

  /** The outputs of a step, and the next states, by the names of their equations. */
  step(inputs: readonly FloatArray[]): ReadonlyMap<string, FloatArray> {
    const { inputs: taking, outputs, states } = this.signature;
    const values = taken<FloatArray>(namesOf(outputs), this.stream.step(given(namesOf(taking), inputs)));
    const results = new Map(outputs.map(({ name }, i) => [name, values[i]!]));
    if (states.every(({ name }) => results.has(`${name}'`))) return results;
    const last = [this.stream.state as Tensor | readonly Tensor[]].flat();
    for (const [i, { name }] of states.entries()) results.set(`${name}'`, last[i]!.data);
    return results;
  }

  reset(): void {
    this.stream.reset();
  }

  dispose(): void {
    this.layer.dispose();
  }

  /** Steps in a second, where nothing interrupts them; the loop over time is the layer's own. */
  stepsPerSecond(): number {
    let [best, together] = [0, 0];
    for (let steps = 8; together < TOGETHER; steps = Math.min(MOST_STEPS, 2 * steps)) {
      const elapsed = this.timeOf(steps);
      if (elapsed >= SHORTEST) best = Math.max(best, (1000 * steps) / elapsed);
      together += Math.max(elapsed, SHORTEST / 4); // clocks of pages stand still for a while
    }
    return best;
  }

  /** Milliseconds that a sequence of zeros takes. */
  private timeOf(steps: number): number {
    const { inputs } = this.signature;
    const rows = inputs.map((input) => {
      const width = widthOf(input, this.sizes);
      return tensor(new Float32Array(steps * width), [steps, 1, ...(input.shape.length === 0 ? [] : [width])]);
    });
    const start = performance.now();
    this.layer.forward(given(namesOf(inputs), rows));
    return performance.now() - start;
  }
}

const namesOf = (values: readonly { readonly name: string }[]): readonly string[] => values.map(({ name }) => name);
