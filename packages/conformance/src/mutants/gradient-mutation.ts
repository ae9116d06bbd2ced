import {
  type Contraction,
  type Definition,
  type Interpreter,
  interpreter,
  isContraction,
  type MapExpression,
  mapOperands,
  printExpression,
  type Schedule,
  type Stage,
} from '@congruent/codegen';
import type { Call, FloatArray, Trace } from '@congruent/runtime';
import {
  moduleOf,
  type ReferenceBackend,
  type ReferenceOptions,
  referenceBackend,
  withCalls,
} from '../reference/backend.ts';
import { type GruSequence, gruSequence, type Mutant, only, type Sizes, withLayers } from './mutation.ts';

type Interpret = NonNullable<ReferenceOptions['interpret']>;
type Gradients = Readonly<Record<string, FloatArray>>;
/** The GRU's, which has one input and one state. */
type Pullback = (
  call: Call<'sync', FloatArray>,
  parameters: Gradients,
  adjoints: { readonly output: FloatArray; readonly state: FloatArray },
) => { readonly input: FloatArray; readonly state: FloatArray; readonly parameters: Gradients };

/** Right forwards, and wrong backwards; without `deterministic`, as for other mutants. */
export const wrongBack = (options: ReferenceOptions = {}): ReferenceBackend =>
  referenceBackend({ ...options, supports: { deterministic: false, ...options.supports } });

/** Another backward pass of the cell. */
const scheduleMutant = (name: string, change: (schedule: Schedule) => Schedule): Mutant =>
  backwardMutant(name, (program, arithmetic, parameters) =>
    interpreter({ ...program, backward: change(program.backward) }, arithmetic, parameters),
  );

/** Another backward pass, its definitions changed one by one. */
export const definitionMutant = (name: string, change: (definition: Definition) => Definition): Mutant =>
  scheduleMutant(name, (schedule) => changeStages(schedule, (stage) => changeDefinitions(stage, change)));

/** A step backwards with a part of one definition replaced. */
export const stepMutant = (name: string, definition: string, from: string, to: MapExpression): Mutant =>
  scheduleMutant(name, (schedule) => {
    let replaced = 0;
    const replace = (value: MapExpression): MapExpression => {
      if (printExpression(value) !== from) return mapOperands<MapExpression>(value, replace);
      replaced++;
      return to;
    };
    const changed = changeStages(schedule, (stage) =>
      changeDefinitions(stage, (each) =>
        each.name !== definition || isContraction(each.value) ? each : { ...each, value: replace(each.value) },
      ),
    );
    if (replaced === 0) throw new Error(`mutant ${name}: ${definition} does not contain ${from}`);
    return changed;
  });

const changeStages = (schedule: Schedule, change: (stage: Stage) => Stage): Schedule => ({
  ...schedule,
  phases: schedule.phases.map((phase) => ({ ...phase, stages: phase.stages.map(change) })),
});

const changeDefinitions = (stage: Stage, change: (definition: Definition) => Definition): Stage =>
  ({ ...stage, definitions: stage.definitions.map(change) }) as Stage;

/** Sums over the rows of something else, which may have definitions of its own. */
export const sumMutant = (
  name: string,
  change: (sum: Definition<Contraction>) => Definition<Contraction>,
  definitions: readonly Definition[] = [],
): Mutant =>
  scheduleMutant(name, (schedule) => {
    const changed = changeStages(schedule, (stage) =>
      changeDefinitions(stage, (each) => (isContraction(each.value) ? change({ ...each, value: each.value }) : each)),
    );
    const added = definitions.map(({ name, value }): Stage => {
      if (isContraction(value)) return { kind: 'contract', definitions: [{ name, value }] };
      return { kind: 'map', shape: value.shape, definitions: [{ name, value }], stores: [name], records: [] };
    });
    const at = changed.phases.findIndex(({ kind }) => kind === 'reduce');
    return { ...changed, phases: changed.phases.toSpliced(at, 0, { kind: 'rows', stages: added }) };
  });

/** Another way from the rows' values backwards, or from the rows to the parameters. */
export const backwardMutant = (
  name: string,
  interpret: Interpret,
  supports: ReferenceOptions['supports'] = {},
): Mutant => ({
  name,
  module: () => moduleOf((cell) => wrongBack({ cell, interpret, supports })),
});

/** The derived backward pass with another part. */
export const partMutant = (
  name: string,
  change: (right: Interpreter<number>) => Partial<Interpreter<number>>,
  supports?: ReferenceOptions['supports'],
): Mutant =>
  backwardMutant(
    name,
    (...of) => {
      const right = interpreter(...of);
      return { ...right, ...change(right) };
    },
    supports,
  );

/** What a trace was made of. */
export interface TraceOrigin {
  readonly sequence: GruSequence;
  readonly dimensions: Sizes;
  /** The backward pass of the same sequence in the other direction. */
  turned(): Pullback;
  /** The parameters that the layer has now. */
  loaded(): Parameters<Pullback>[1];
  /** The backward pass of the layer's latest run. */
  latest(): Pullback;
}

/** Traces that go back otherwise. */
export const traceMutant = (name: string, change: (pullback: Pullback, origin: TraceOrigin) => Pullback): Mutant => ({
  name,
  module: () =>
    moduleOf((cell) =>
      withLayers(wrongBack({ cell }), (layer, dimensions) => {
        let loaded: Parameters<Pullback>[1] = {};
        let latest: Pullback | undefined;
        return {
          load: (parameters) => {
            loaded = parameters;
            layer.load(parameters);
          },
          run: (call, sequence) => layer.run(call, sequence),
          stream: (batch, below) => layer.stream(batch, below),
          record: (call, sequence) => {
            const { trace, ...run } = layer.record!(call, sequence);
            latest = pullbackOf(trace);
            const origin: TraceOrigin = {
              sequence: gruSequence(sequence),
              dimensions,
              turned: () => {
                return pullbackOf(layer.record!(call, { ...sequence, reverse: !sequence.reverse }).trace);
              },
              loaded: () => loaded,
              latest: () => latest!,
            };
            const changed = change(latest, origin);
            const pullback: typeof trace.pullback = (of, parameters, { outputs, states }) => {
              const adjoints = { output: only(outputs), state: only(states) };
              const { input, state, parameters: gradients } = changed(of, parameters, adjoints);
              return { inputs: [input], states: [state], parameters: gradients };
            };
            return { ...run, trace: { pullback, ownsMemory: trace.ownsMemory, dispose: () => trace.dispose() } };
          },
        };
      }),
    ),
});

const pullbackOf =
  (trace: Trace<'sync', FloatArray>): Pullback =>
  (call, given, { output, state }) => {
    const { inputs, states, parameters } = trace.pullback(call, given, { outputs: [output], states: [state] });
    return { input: only(inputs), state: only(states), parameters };
  };

/** Calls whose backward pass is put together otherwise. */
export const backCallMutant = (name: string, change: Parameters<typeof withCalls>[1]): Mutant => ({
  name,
  module: () => moduleOf((cell) => withCalls(wrongBack({ cell }), change)),
});
