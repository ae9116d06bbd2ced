import { type Arithmetic, adjointInterpreter, compile } from '@congruent/codegen';
import {
  type Backend,
  backendInfo,
  type Call,
  type CellSignature,
  CongruentError,
  type DType,
  defineGRU,
  defineGRUCell,
  type Engine,
  type FloatArray,
  type GRUCellClass,
  type GRUClass,
  gradients,
  type Mode,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  type Supports,
  tensor,
} from '@congruent/runtime';
import { type Cell, gru } from '@congruent/spec';
import type { BackendModule } from './check.ts';
import { quickArithmetic } from './quick-arithmetic.ts';
import { referenceCall } from './reference-call.ts';
import { ReferenceLayer, type ReferenceProgram } from './reference-layer.ts';

/** A backend over plain typed arrays. */
export type ReferenceBackend = Backend<'sync', FloatArray>;

/** What a reference backend computes, and with what. */
export interface ReferenceOptions {
  /** Default: the GRU. One input, one state. */
  readonly cell?: Cell;
  /** Default: IEEE single and double precision, in the specified order. */
  readonly arithmetic?: Partial<Readonly<Record<DType, Arithmetic<number>>>>;
  /** Default: the derived backward pass. */
  readonly adjoint?: ReferenceProgram['adjoint'];
  readonly supports?: Partial<Supports>;
}

/**
 * The specification as a backend: the interpreter, one row at a time. Slow, and right by construction; the suite's
 * control, and what its mutants are made of.
 */
export function referenceBackend(options: ReferenceOptions = {}): ReferenceBackend {
  const { cell = gru, adjoint = adjointInterpreter } = options;
  const arithmetics = { ...quickArithmetic, ...options.arithmetic };
  const supports = { sync: true, float64: true, training: true, deterministic: true, ...options.supports };
  const program = compile(cell);
  const openSync = ({ dtype }: { readonly dtype: DType }): Engine<'sync', FloatArray> => {
    const zeros = dtype === 'float64' ? float64Zeros : float32Zeros;
    const of = { program, arithmetic: arithmetics[dtype], adjoint, zeros };
    return {
      layer: (dimensions) => new ReferenceLayer(of, dimensions),
      call: () => referenceCall(arithmetics[dtype]),
      dispose: () => {},
    };
  };
  return {
    name: 'reference',
    supports,
    gradients: supports.training ? gradients : undefined,
    mode: 'sync',
    options: [],
    signature: signatureOf(cell),
    open: async (options) => openSync(options),
    openSync,
  };
}

/** The same backend with some of what its calls do replaced. */
export function withCalls(
  backend: ReferenceBackend,
  change: (call: Call<'sync', FloatArray>) => Partial<Call<'sync', FloatArray>>,
): ReferenceBackend {
  const openSync: ReferenceBackend['openSync'] = (options) => {
    const engine = backend.openSync!(options);
    return {
      ...engine,
      call: () => {
        const call = engine.call();
        return { ...call, ...change(call) };
      },
    };
  };
  return { ...backend, openSync, open: async (options) => openSync(options) };
}

interface Classes<M extends Mode> {
  readonly GRU: GRUClass<M>;
  readonly GRUCell: GRUCellClass<M>;
}

/** A backend as the module that its package would be. */
export function moduleOf<M extends Mode, B>(definition: Backend<M, B>): BackendModule & Classes<M> {
  return {
    GRU: defineGRU(definition),
    GRUCell: defineGRUCell(definition),
    backend: backendInfo(definition),
    tensor,
    packPaddedSequence,
    padPackedSequence,
    packSequence,
    padSequence,
    CongruentError,
  };
}

function signatureOf({ name, inputs, states, parameters, layouts }: Cell): CellSignature {
  const shapes = new Map(parameters.map((parameter) => [parameter.name, parameter.shape]));
  const entries = layouts[0]!.tensors.map(({ name: tensor, blocks }) => {
    const names = blocks.map((block) => block.name);
    return [tensor, { blocks: names, shape: shapes.get(names[0]!)! }] as const;
  });
  const outputs = states
    .map((state) => ({ name: `${state.name}'`, shape: state.shape, state: state.name }))
    .slice(0, 1);
  return { name, inputs, states, outputs, parameters: Object.fromEntries(entries) };
}

const float32Zeros = (length: number): FloatArray => new Float32Array(length);
const float64Zeros = (length: number): FloatArray => new Float64Array(length);
