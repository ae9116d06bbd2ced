import { type Arithmetic, compile, interpreter, layoutsOf as layoutsIn, signatureOf } from '@congruent/codegen';
import {
  type Backend,
  backendInfo,
  type Call,
  CongruentError,
  type DType,
  defineGRU,
  defineGRUCell,
  defineLSTM,
  defineLSTMCell,
  defineRNN,
  defineRNNCell,
  type Engine,
  type FloatArray,
  type GRUCellClass,
  type GRUClass,
  gradients,
  type LSTMCellClass,
  type LSTMClass,
  layoutsOf,
  type Mode,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  type RNNCellClass,
  type RNNClass,
  type Supports,
  syncDriver,
  tensor,
} from '@congruent/runtime';
import { type Cell, gru } from '@congruent/spec';
import { kinds } from '../kinds/kinds.ts';
import { quickArithmetic } from '../oracle/quick-arithmetic.ts';
import type { BackendModule } from '../subject/subject.ts';
import { referenceCall } from './call.ts';
import { ReferenceLayer, type ReferenceProgram } from './layer.ts';

/** A backend over plain typed arrays. */
export type ReferenceBackend = Backend<'sync', FloatArray>;

/** What a reference backend computes, and with what. */
export interface ReferenceOptions {
  /** Default: the GRU. */
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
    driver: syncDriver,
    options: {},
    signature: signatureOf(program),
    layouts: layoutsOf(layoutsIn(cell)),
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

/** The classes of a backend that has them all. */
interface Classes<M extends Mode> {
  readonly GRU: GRUClass<M>;
  readonly GRUCell: GRUCellClass<M>;
  readonly LSTM: LSTMClass<M>;
  readonly LSTMCell: LSTMCellClass<M>;
  readonly RNN: RNNClass<M>;
  readonly RNNCell: RNNCellClass<M>;
}

/** All classes, of the reference. */
export type ReferenceModule = BackendModule & Classes<'sync'>;

/** A backend of each cell as the module that its package would be. */
export function moduleOf<M extends Mode, B>(backendFor: (cell: Cell) => Backend<M, B>): BackendModule & Classes<M> {
  const cells = Object.fromEntries(kinds.map(({ cell }) => [cell.name, backendFor(cell)]));
  const { gru, gru_reset_before, lstm, lstm_projected, rnn_tanh, rnn_relu } = cells as Record<string, Backend<M, B>>;
  const [ofGru, ofLstm, ofRnn] = [
    { gru: gru!, gru_reset_before },
    { lstm: lstm!, lstm_projected },
    { rnn_tanh: rnn_tanh!, rnn_relu },
  ];
  return {
    GRU: defineGRU(ofGru),
    GRUCell: defineGRUCell(ofGru),
    LSTM: defineLSTM(ofLstm),
    LSTMCell: defineLSTMCell(ofLstm),
    RNN: defineRNN(ofRnn),
    RNNCell: defineRNNCell(ofRnn),
    backend: backendInfo(gru!),
    tensor,
    packPaddedSequence,
    padPackedSequence,
    packSequence,
    padSequence,
    CongruentError,
  };
}

/** The suite's control: the specification as a whole backend package. */
export const referenceModule = (options: Omit<ReferenceOptions, 'cell'> = {}): ReferenceModule =>
  moduleOf((cell) => referenceBackend({ ...options, cell }));

const float32Zeros = (length: number): FloatArray => new Float32Array(length);
const float64Zeros = (length: number): FloatArray => new Float64Array(length);
