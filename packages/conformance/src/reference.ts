import {
  type Arithmetic,
  compile,
  float32,
  float64,
  type Interpreter,
  interpreter,
  type Program,
} from '@congruent/codegen';
import {
  type Backend,
  type Call,
  type CellSignature,
  CongruentError,
  type DefinedBackend,
  type Dimension,
  type Dimensions,
  type DType,
  defineBackend,
  type Engine,
  type FloatArray,
  type Layer,
  type LayerStream,
  type Mode,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  type Supports,
  tensor,
} from '@congruent/runtime';
import { type Cell, gru } from '@congruent/spec';
import { blocksOf } from './blocks.ts';
import type { BackendModule } from './check.ts';

/** A backend over plain typed arrays. */
export type ReferenceBackend = Backend<'sync', FloatArray>;

/** What a reference backend computes, and with what. */
export interface ReferenceOptions {
  /** Default: the GRU. One input, one state. */
  readonly cell?: Cell;
  /** Default: IEEE single and double precision, in the specified order. */
  readonly arithmetic?: Partial<Readonly<Record<DType, Arithmetic<number>>>>;
  readonly supports?: Partial<Supports>;
}

const ARITHMETIC: Readonly<Record<DType, Arithmetic<number>>> = { float32, float64 };

/**
 * The specification as a backend: the interpreter, one row at a time. Slow, and right by construction; the suite's
 * control, and what its mutants are made of.
 */
export function referenceBackend({ cell = gru, arithmetic, supports }: ReferenceOptions = {}): ReferenceBackend {
  const arithmetics = { ...ARITHMETIC, ...arithmetic };
  const program = compile(cell);
  const openSync = ({ dtype }: { readonly dtype: DType }): Engine<'sync', FloatArray> => ({
    layer: (dimensions) => new ReferenceLayer(program, arithmetics[dtype], dtype, dimensions),
    call: () => referenceCall,
    dispose: () => {},
  });
  return {
    name: 'reference',
    supports: { sync: true, float64: true, training: false, deterministic: true, ...supports },
    mode: 'sync',
    options: [],
    signature: signatureOf(cell),
    open: async (options) => openSync(options),
    openSync,
  };
}

/** A backend as the module that its package would be. */
export function moduleOf<M extends Mode, B>(backend: Backend<M, B>): BackendModule & DefinedBackend<M> {
  return {
    ...defineBackend(backend),
    tensor,
    packPaddedSequence,
    padPackedSequence,
    packSequence,
    padSequence,
    CongruentError,
  };
}

function signatureOf({ name, parameters, layouts }: Cell): CellSignature {
  const shapes = new Map(parameters.map((parameter) => [parameter.name, parameter.shape as readonly Dimension[]]));
  const entries = layouts[0]!.tensors.map(({ name: tensor, blocks }) => {
    const names = blocks.map((block) => block.name);
    return [tensor, { blocks: names, shape: shapes.get(names[0]!)! }] as const;
  });
  return { name, parameters: Object.fromEntries(entries) };
}

const referenceCall: Call<'sync', FloatArray> = {
  upload: (data) => data.slice(),
  download: (buffer) => buffer.slice(),
  join(parts, rows, mask) {
    const widths = parts.map((part) => part.length / rows);
    const joined = new (parts[0]!.constructor as Float32ArrayConstructor)(
      parts.reduce((n, { length }) => n + length, 0),
    );
    let at = 0;
    for (let row = 0; row < rows; row++) {
      parts.forEach((part, i) => {
        joined.set((part as Float32Array).subarray(row * widths[i]!, (row + 1) * widths[i]!), at);
        at += widths[i]!;
      });
    }
    return mask ? joined.map((value, i) => value * mask[i]!) : joined;
  },
  end: () => {},
};

class ReferenceLayer implements Layer<'sync', FloatArray> {
  private readonly program: Program;
  private readonly arithmetic: Arithmetic<number>;
  private readonly dtype: DType;
  private readonly dimensions: Dimensions;
  private interpreter: Interpreter<number> | undefined;

  constructor(program: Program, arithmetic: Arithmetic<number>, dtype: DType, dimensions: Dimensions) {
    this.program = program;
    this.arithmetic = arithmetic;
    this.dtype = dtype;
    this.dimensions = dimensions;
  }

  load(parameters: Readonly<Record<string, FloatArray>>): void {
    const { program, arithmetic, dimensions } = this;
    const blocks = blocksOf(program.cell, parameters, dimensions, (value) => value);
    this.interpreter = interpreter(program, arithmetic, blocks);
  }

  run: Layer<'sync', FloatArray>['run'] = (_, { input, state, batchSizes, reverse }) => {
    const { H } = this.dimensions;
    const rows = batchSizes.reduce((sum, size) => sum + size, 0);
    const output = this.zeros(rows * H);
    const h = state.slice();
    let row = reverse ? rows : 0;
    for (const size of reverse ? [...batchSizes].reverse() : batchSizes) {
      if (reverse) row -= size;
      for (let b = 0; b < size; b++) {
        this.step(input, row + b, h, b);
        output.set(h.subarray(b * H, (b + 1) * H), (row + b) * H);
      }
      if (!reverse) row += size;
    }
    return { output, state: h };
  };

  stream(batch: number, below: LayerStream<'sync'> | undefined): LayerStream<'sync'> {
    const { I, H } = this.dimensions;
    let x = this.zeros(batch * I);
    const h = this.zeros(batch * H);
    return {
      write: (input) => {
        x = input.slice();
      },
      step: () => {
        const input = below?.read() ?? x;
        for (let b = 0; b < batch; b++) this.step(input, b, h, b);
      },
      read: () => h,
      setState: (state) => h.set(state),
      dispose: () => {},
    };
  }

  /** Overwrites row `b` of the state. */
  private step(input: FloatArray, row: number, h: FloatArray, b: number): void {
    const { I, H } = this.dimensions;
    const { inputs, states } = this.program.cell;
    const [x, state] = [inputs[0]!.name, states[0]!.name];
    const next = this.interpreter!.step({
      [x]: Array.from(input.subarray(row * I, (row + 1) * I)),
      [state]: Array.from(h.subarray(b * H, (b + 1) * H)),
    });
    h.set(next[state] as readonly number[], b * H);
  }

  private zeros(length: number): FloatArray {
    return this.dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
  }
}
