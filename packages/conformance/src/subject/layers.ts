import type { FloatArray, Tensor } from '@congruent/runtime';
import { type Kind, statesOf } from '../kinds/kind.ts';
import type { Answer, Disposable, Input, Layers, LoadResult, Named, SingleStep, States, Stream } from './classes.ts';

// Layers and cells with their states always in a list, in the cell's order, whatever names and lists their classes have.
// A call reaches the class before it returns, so that checks see in which order calls act.

/** What `forward` gives. */
export interface LayerResult<I extends Input = Tensor> {
  readonly output: I;
  readonly last: readonly Tensor[];
}

/** What is fed back; what is left out counts as zeros. */
export interface LayerCotangents<I extends Input = Tensor> {
  readonly output?: I | undefined;
  readonly last?: readonly (Tensor | undefined)[] | undefined;
}

/** What `pullback` gives. */
export interface LayerGradients<I extends Input = Tensor> {
  readonly input: I;
  readonly initial: readonly Tensor[];
  readonly parameters: Record<string, Tensor>;
}

type Pullback<C, G> = Disposable<(cotangents: C) => Promise<G>>;

/** What `vjp` gives. */
export interface LayerVjp<I extends Input = Tensor> extends LayerResult<I> {
  readonly pullback: Pullback<LayerCotangents<I>, LayerGradients<I>>;
}

/** One tensor alone, several as a list, none as they are left out. */
const given = (states: readonly Tensor[] | undefined): States | undefined =>
  states?.length === 1 ? states[0]! : states;

const listed = (states: States): readonly Tensor[] => (Array.isArray(states) ? states : [states as Tensor]);

/** Layers of any class. */
export class LayersUnderTest {
  /** The object itself. */
  readonly made: Layers;
  readonly #kind: Kind;

  constructor(kind: Kind, made: Layers) {
    this.#kind = kind;
    this.made = made;
  }

  async forward<I extends Input>(input: I, initial?: readonly Tensor[]): Promise<LayerResult<I>> {
    return this.#resultOf<I>(await this.made.forward(input, given(initial)));
  }

  async vjp<I extends Input>(input: I, initial?: readonly Tensor[]): Promise<LayerVjp<I>> {
    const found = await this.made.vjp(input, given(initial));
    const [ends, starts] = [statesOf(this.#kind, 'n'), statesOf(this.#kind, '0')];
    const pullback = async ({ output, last }: LayerCotangents<I>): Promise<LayerGradients<I>> => {
      const states = ends.map((name, index) => [name, last?.[index]] as const);
      const all = [['output', output] as const, ...states].filter(([, tensor]) => tensor !== undefined);
      const { input, parameters, ...gradients } = await found.pullback(Object.fromEntries(all) as Named);
      return { input: input as I, initial: starts.map((name) => gradients[name] as Tensor), parameters };
    };
    return { ...this.#resultOf<I>(found), pullback: withDispose(pullback, found.pullback) };
  }

  stream({ batchSize, initial }: { batchSize?: number; initial?: readonly Tensor[] } = {}): StreamUnderTest {
    const names = statesOf(this.#kind, '0');
    const states = Object.fromEntries(names.map((name, index) => [name, initial?.[index]]));
    return new StreamUnderTest(this.made.stream({ batchSize, ...states }));
  }

  stateDict(): Record<string, Tensor> {
    return this.made.stateDict();
  }

  loadStateDict(dict: Readonly<Record<string, Tensor>>, options?: { readonly strict?: boolean }): LoadResult {
    return this.made.loadStateDict(dict, options);
  }

  train(): this {
    this.made.train();
    return this;
  }

  eval(): this {
    this.made.eval();
    return this;
  }

  dispose(): void {
    this.made.dispose();
  }

  [Symbol.dispose](): void {
    this.made[Symbol.dispose]();
  }

  #resultOf<I extends Input>(result: Named): LayerResult<I> {
    return {
      output: result['output'] as I,
      last: statesOf(this.#kind, 'n').map((name) => result[name] as Tensor),
    };
  }
}

/** A stream of any class. */
export class StreamUnderTest {
  readonly #made: Stream;

  constructor(made: Stream) {
    this.#made = made;
  }

  async step(x: FloatArray): Promise<FloatArray> {
    return await this.#made.step(x);
  }

  async state(): Promise<readonly Tensor[]> {
    return listed(await this.#made.state);
  }

  reset(initial?: readonly Tensor[]): void {
    this.#made.reset(given(initial));
  }

  dispose(): void {
    this.#made.dispose();
  }

  [Symbol.dispose](): void {
    this.#made[Symbol.dispose]();
  }
}

/** What `vjp` of a cell gives. */
export interface CellVjp {
  readonly output: readonly Tensor[];
  readonly pullback: Pullback<readonly Tensor[], LayerGradients>;
}

/** A cell of any class. */
export class CellUnderTest {
  readonly made: SingleStep;
  readonly #kind: Kind;

  constructor(kind: Kind, made: SingleStep) {
    this.#kind = kind;
    this.made = made;
  }

  async forward(x: Tensor, states?: readonly Tensor[]): Promise<readonly Tensor[]> {
    return listed(await this.made.forward(x, given(states)));
  }

  async vjp(x: Tensor, states?: readonly Tensor[]): Promise<CellVjp> {
    const { output, pullback } = await this.made.vjp(x, given(states));
    const back = async (cotangents: readonly Tensor[]): Promise<LayerGradients> => {
      const { input, parameters, ...gradients } = await pullback(given(cotangents)!);
      const initial = statesOf(this.#kind, 'x').map((name) => gradients[name] as Tensor);
      return { input: input as Tensor, initial, parameters };
    };
    return { output: listed(output), pullback: withDispose(back, pullback) };
  }

  stateDict(): Record<string, Tensor> {
    return this.made.stateDict();
  }

  loadStateDict(dict: Readonly<Record<string, Tensor>>): LoadResult {
    return this.made.loadStateDict(dict);
  }

  dispose(): void {
    this.made.dispose();
  }

  [Symbol.dispose](): void {
    this.made[Symbol.dispose]();
  }
}

/** Whatever a class answers with, at once or later. */
export const isPromise = (answer: Answer<unknown>): boolean =>
  typeof (answer as { then?: unknown }).then === 'function';

const withDispose = <F extends object>(back: F, of: { dispose(): void; [Symbol.dispose](): void }): Disposable<F> =>
  Object.assign(back, { dispose: () => of.dispose(), [Symbol.dispose]: () => of[Symbol.dispose]() });
