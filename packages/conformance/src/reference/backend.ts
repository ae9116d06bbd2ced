import { type Arithmetic, compile, interpreter, signatureOf } from '@congruent/codegen';
import {
  type Backend,
  backendInfo,
  type Call,
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
import { quickArithmetic } from '../oracle/quick-arithmetic.ts';
import type { BackendModule } from '../subject/subject.ts';
import { referenceCall } from './call.ts';
import { ReferenceLayer, type ReferenceProgram } from './layer.ts';

/** A backend over plain typed arrays. */
export type ReferenceBackend = Backend<'sync', FloatArray>;

/** What a reference backend computes, and with what. */
export interface ReferenceOptions {
  /** Default: the GRU. One input, one state. */
  readonly cell?: Cell;
  /** Default: IEEE single and double precision, in the specified order. */
  readonly arithmetic?: Partial<Readonly<Record<DType, Arithmetic<number>>>>;
  /** Default: the derived program, forwards and backwards. */
  readonly interpret?: ReferenceProgram['interpret'];
  readonly supports?: Partial<Supports>;
}

/**
 * The specification as a backend: the interpreter, one row at a time. Slow, and right by construction; the suite's
 * control, and what its mutants are made of.
 */
export function referenceBackend(options: ReferenceOptions = {}): ReferenceBackend {
  const { cell = gru, interpret = interpreter } = options;
  const arithmetics = { ...quickArithmetic, ...options.arithmetic };
  const supports = { sync: true, float64: true, training: true, deterministic: true, ...options.supports };
  const program = compile(cell);
  const openSync = ({ dtype }: { readonly dtype: DType }): Engine<'sync', FloatArray> => {
    const zeros = dtype === 'float64' ? float64Zeros : float32Zeros;
    const of = { program, arithmetic: arithmetics[dtype], interpret, zeros };
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
    signature: signatureOf(program),
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

const float32Zeros = (length: number): FloatArray => new Float32Array(length);
const float64Zeros = (length: number): FloatArray => new Float64Array(length);
