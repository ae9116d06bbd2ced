import {
  type AdjointInterpreter,
  type AdjointSchedule,
  adjointInterpreter,
  type Definition,
  type Expression,
  mapOperands,
  printExpression,
  type SumStage,
} from '@congruent/codegen';
import type { Call, FloatArray, Trace } from '@congruent/runtime';
import { type GruSequence, gruSequence, type Mutant, type Sizes, withLayers } from './mutation.ts';
import { moduleOf, type ReferenceBackend, type ReferenceOptions, referenceBackend, withCalls } from './reference.ts';

type Adjoint = NonNullable<ReferenceOptions['adjoint']>;
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
export const scheduleMutant = (name: string, change: (schedule: AdjointSchedule) => AdjointSchedule): Mutant =>
  backwardMutant(name, (program, arithmetic, parameters) =>
    adjointInterpreter({ ...program, adjoint: change(program.adjoint) }, arithmetic, parameters),
  );

/** A step backwards with a part of one definition replaced. */
export const stepMutant = (name: string, definition: string, from: string, to: Expression): Mutant =>
  scheduleMutant(name, (schedule) => {
    let replaced = 0;
    const replace = (value: Expression): Expression => {
      if (printExpression(value) !== from) return mapOperands(value, replace);
      replaced++;
      return to;
    };
    const step = changeDefinitions(schedule.step, (each) =>
      each.name === definition ? { ...each, value: replace(each.value) } : each,
    );
    if (replaced === 0) throw new Error(`mutant ${name}: ${definition} does not contain ${from}`);
    return { ...schedule, step };
  });

const changeDefinitions = (
  stages: AdjointSchedule['step'],
  change: (definition: Definition) => Definition,
): AdjointSchedule['step'] =>
  stages.map((stage) =>
    stage.kind === 'elementwise' ? { ...stage, definitions: stage.definitions.map(change) } : stage,
  );

/** Sums over the rows of something else, which may have definitions of its own. */
export const sumMutant = (
  name: string,
  change: (sum: SumStage) => SumStage,
  definitions: readonly Definition[] = [],
): Mutant =>
  scheduleMutant(name, (schedule) => {
    const added = { kind: 'elementwise', shape: ['H'], definitions, stores: [], keeps: [] } as const;
    return { ...schedule, after: [...schedule.after, added], sums: schedule.sums.map(change) };
  });

/** Another way from the rows' values backwards, or from the rows to the parameters. */
export const backwardMutant = (
  name: string,
  adjoint: Adjoint,
  supports: ReferenceOptions['supports'] = {},
): Mutant => ({
  name,
  module: () => moduleOf(wrongBack({ adjoint, supports })),
});

/** The derived way back with another part. */
export const partMutant = (
  name: string,
  change: (right: AdjointInterpreter<number>) => Partial<AdjointInterpreter<number>>,
  supports?: ReferenceOptions['supports'],
): Mutant =>
  backwardMutant(
    name,
    (...of) => {
      const right = adjointInterpreter(...of);
      return { ...right, ...change(right) };
    },
    supports,
  );

/** What a trace was made of. */
export interface TraceOrigin {
  readonly sequence: GruSequence;
  readonly dimensions: Sizes;
  /** The way back of the same sequence in the other direction. */
  turned(): Pullback;
  /** The parameters that the layer has now. */
  loaded(): Parameters<Pullback>[1];
  /** The way back of the layer's latest run. */
  latest(): Pullback;
}

/** Traces that go back otherwise. */
export const traceMutant = (name: string, change: (pullback: Pullback, origin: TraceOrigin) => Pullback): Mutant => ({
  name,
  module: () =>
    moduleOf(
      withLayers(wrongBack(), (layer, dimensions) => {
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
              const adjoints = { output: outputs[0]!, state: states[0]! };
              const { input, state, parameters: gradients } = changed(of, parameters, adjoints);
              return { inputs: [input], states: [state], parameters: gradients };
            };
            return { ...run, trace: { pullback, dispose: () => trace.dispose() } };
          },
        };
      }),
    ),
});

const pullbackOf =
  (trace: Trace<'sync', FloatArray>): Pullback =>
  (call, given, { output, state }) => {
    const { inputs, states, parameters } = trace.pullback(call, given, { outputs: [output], states: [state] });
    return { input: inputs[0]!, state: states[0]!, parameters };
  };

/** Calls whose way back is put together otherwise. */
export const backCallMutant = (name: string, change: Parameters<typeof withCalls>[1]): Mutant => ({
  name,
  module: () => moduleOf(withCalls(wrongBack(), change)),
});
