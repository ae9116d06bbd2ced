import type { FloatArray, GRU, GRUClass, GRUOptions, GRUResult, Layer, Sequence, Tensor } from '@congruent/runtime';
import { defineCell, gru } from '@congruent/spec';
import type { Kind } from '../kinds/kind.ts';
import {
  moduleOf,
  type ReferenceBackend,
  type ReferenceModule,
  type ReferenceOptions,
  referenceBackend,
  withCalls,
} from '../reference/backend.ts';
import type { BackendModule } from '../subject/subject.ts';

/** A backend that is wrong in one way; the suite must notice. */
export interface Mutant {
  readonly name: string;
  /** Whose layers are wrong. Default: all of them, and the GRU's must be noticed. */
  readonly kind?: Kind;
  /** Where it is wrong at sizes alone that only the group `sizes` has: the batch of the check that must notice. */
  readonly batch?: number;
  module(): BackendModule;
}

type ReferenceLayer = Layer<'sync', FloatArray>;
type Tensors = Readonly<Record<string, FloatArray>>;
/** Rows and columns of one block of a stacked tensor. */
type BlockChange = (block: FloatArray, rows: number, columns: number) => FloatArray;

// Without `deterministic`, so that each mutant must be noticed by more than a comparison of bits with the interpreter;
// without `training`, by what it does forwards.
export const wrong = (options: ReferenceOptions = {}): ReferenceBackend =>
  referenceBackend({ ...options, supports: { deterministic: false, training: false, ...options.supports } });

/** Every cell's backend made in the same way. */
const wrongModule = (change: (backend: ReferenceBackend) => ReferenceBackend = (backend) => backend): ReferenceModule =>
  moduleOf((cell) => change(wrong({ cell })));

/** Another GRU: the specification with some of its text replaced. */
export function cellMutant(name: string, ...replacements: readonly (readonly [from: string, to: string])[]): Mutant {
  return {
    name,
    module: () => {
      const source = replacements.reduce((text, [from, to]) => {
        if (!text.includes(from)) throw new Error(`mutant ${name}: the specification does not contain ${from}`);
        return text.replaceAll(from, to);
      }, gru.source);
      return moduleOf((cell) => wrong({ cell: cell === gru ? defineCell(source) : cell }));
    },
  };
}

/** Another arithmetic. */
export const arithmeticMutant = (name: string, options: ReferenceOptions): Mutant => ({
  name,
  module: () => moduleOf((cell) => wrong({ ...options, cell })),
});

/** The GRU's. */
export type Sizes = Readonly<Record<'I' | 'H', number>>;

type LayerChange = (layer: ReferenceLayer, dimensions: Sizes, index: number) => ReferenceLayer;

/** The same backend with other layers; `index` counts them in the order in which the runtime makes them. */
export function withLayers(backend: ReferenceBackend, change: LayerChange): ReferenceBackend {
  const openSync: ReferenceBackend['openSync'] = (options) => {
    const engine = backend.openSync!(options);
    let index = 0;
    return { ...engine, layer: (dimensions) => change(engine.layer(dimensions), dimensions as Sizes, index++) };
  };
  return { ...backend, openSync, open: async (options) => openSync(options) };
}

/** Layers that do something else. */
const layerMutant = (name: string, change: LayerChange): Mutant => ({
  name,
  module: () => wrongModule((backend) => withLayers(backend, change)),
});

/** The one input, output or state that the GRU has. */
export function only<T>(values: readonly T[]): T {
  if (values.length !== 1) throw new Error(`${values.length} values where the GRU has one`);
  return values[0]!;
}

/** A sequence for the GRU, which has one input and one state. */
export type GruSequence = Omit<Sequence<FloatArray>, 'inputs' | 'states'> & {
  readonly input: FloatArray;
  readonly state: FloatArray;
};

export const gruSequence = ({ inputs, states, ...rest }: Sequence<FloatArray>): GruSequence => ({
  ...rest,
  input: only(inputs),
  state: only(states),
});

type GruRun = (call: unknown, sequence: GruSequence) => { readonly output: FloatArray; readonly state: FloatArray };

/** Layers whose `run` sees another sequence, or gives another result. */
export const runMutant = (name: string, change: (run: GruRun, H: number, index: number) => GruRun): Mutant =>
  layerMutant(name, (layer, { H }, index) => ({
    load: (parameters) => layer.load(parameters),
    stream: (batch, below) => layer.stream(batch, below),
    run(call, sequence) {
      const run: GruRun = (_, { input, state, ...rest }) => {
        const { outputs, states } = layer.run(call, { ...rest, inputs: [input], states: [state] });
        return { output: only(outputs), state: only(states) };
      };
      const { output, state } = change(run, H, index)(call, gruSequence(sequence));
      return { outputs: [output], states: [state] };
    },
  }));

/** Layers that load other parameters. */
export const loadMutant = (name: string, change: (parameters: Tensors, dimensions: Sizes) => Tensors): Mutant =>
  layerMutant(name, (layer, dimensions) => ({
    load: (parameters) => layer.load(change(parameters, dimensions)),
    stream: (batch, below) => layer.stream(batch, below),
    run: (call, sequence) => layer.run(call, sequence),
  }));

/** A tensor with each of its three blocks changed. */
export function changeBlocks(tensor: FloatArray, rows: number, columns: number, change: BlockChange): FloatArray {
  const result = tensor.slice();
  const size = rows * columns;
  for (let gate = 0; gate < 3; gate++) {
    result.set(change(tensor.slice(gate * size, (gate + 1) * size), rows, columns), gate * size);
  }
  return result;
}

/** Calls with another upload, join or download. */
export const callMutant = (name: string, change: Parameters<typeof withCalls>[1]): Mutant => ({
  name,
  module: () => wrongModule((backend) => withCalls(backend, change)),
});

/** A whole module whose GRUs are changed after they are made. */
export function moduleMutant(
  name: string,
  change: (gru: GRU) => void,
  of: () => ReferenceModule = wrongModule,
): Mutant {
  return {
    name,
    module: () => {
      const module = of();
      const create = async (options: GRUOptions): Promise<GRU> => {
        const made = await module.GRU.create(options);
        change(made);
        return made;
      };
      const get = (target: GRUClass, key: string | symbol): unknown =>
        key === 'create' ? create : Reflect.get(target, key, target);
      return { ...module, GRU: new Proxy(module.GRU, { get }) };
    },
  };
}

/** Another result of `forward`. */
export function changeResult(
  gru: { forward(input: Tensor, h0?: Tensor): GRUResult | Promise<GRUResult> },
  change: (result: GRUResult) => GRUResult,
): void {
  const forward = gru.forward.bind(gru);
  Object.assign(gru, { forward: async (input: Tensor, h0?: Tensor) => change(await forward(input, h0)) });
}
