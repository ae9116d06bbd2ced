import type { FloatArray, Layer } from '@congruent/runtime';
import type { Kind } from '../kinds/kind.ts';
import { kinds } from '../kinds/kinds.ts';
import { moduleOf, type ReferenceBackend } from '../reference/backend.ts';
import { wrongBack } from './gradient-mutation.ts';
import { type Mutant, withLayers, wrong } from './mutation.ts';

type States = readonly FloatArray[];
type Change = (states: States) => States;
type LayerChange = (layer: Layer<'sync', FloatArray>) => Layer<'sync', FloatArray>;

const zeroed = (data: FloatArray): FloatArray => data.map(() => 0);

/** One of several states as it should not be. */
const at =
  (index: number, change: (state: FloatArray) => FloatArray): Change =>
  (states) =>
    states.map((state, i) => (i === index ? change(state) : state));

/** Runs that start from other states, or end in others. */
const runs =
  (initial: Change, last: (states: States, initial: States) => States): LayerChange =>
  (layer) => ({
    load: (parameters) => layer.load(parameters),
    stream: (...of) => layer.stream(...of),
    run: (call, sequence) => {
      const run = layer.run(call, { ...sequence, states: initial(sequence.states) });
      return { ...run, states: last(run.states, sequence.states) };
    },
  });

/** Backward passes that start from other gradients of the last states, or give others of the initial ones. */
const backwards =
  (last: Change, initial: Change): LayerChange =>
  (layer) => ({
    load: (parameters) => layer.load(parameters),
    stream: (...of) => layer.stream(...of),
    run: (...of) => layer.run(...of),
    record: (...of) => {
      const { trace, ...run } = layer.record!(...of);
      return {
        ...run,
        trace: {
          pullback: (call, parameters, adjoints) => {
            const found = trace.pullback(call, parameters, { ...adjoints, states: last(adjoints.states) });
            return { ...found, states: initial(found.states) };
          },
          ownsMemory: trace.ownsMemory,
          dispose: () => trace.dispose(),
        },
      };
    },
  });

const same: Change = (states) => states;

/** For each state of a cell: it is lost, forwards and backwards. */
function lost(kind: Kind, name: string, index: number): Mutant[] {
  const mutant = (what: string, backend: typeof wrong, change: LayerChange): Mutant => ({
    name: `${kind.cell.name}: ${what}`,
    kind,
    module: () => moduleOf((cell): ReferenceBackend => withLayers(backend({ cell }), change)),
  });
  return [
    mutant(`${name}0 ignored`, wrong, runs(at(index, zeroed), same)),
    mutant(
      `${name}n is ${name}0`,
      wrong,
      runs(same, (states, initial) => states.map((state, i) => (i === index ? initial[i]! : state))),
    ),
    mutant(`the gradient of ${name}n ignored`, wrongBack, backwards(at(index, zeroed), same)),
    mutant(`the gradient of ${name}0 lost`, wrongBack, backwards(same, at(index, zeroed))),
  ];
}

/** Of cells with several states. */
export const stateMutants: readonly Mutant[] = kinds
  .filter(({ cell }) => cell.states.length > 1)
  .flatMap((kind) => kind.cell.states.flatMap(({ name }, index) => lost(kind, name, index)));
