import {
  type AdjointInterpreter,
  type Arithmetic,
  type Environment,
  type Interpreter,
  interpreter,
  type Program,
} from '@congruent/codegen';
import type { Dimensions, FloatArray, Layer, LayerStream, RecordedRun, Run, Sequence } from '@congruent/runtime';
import { blocksOf } from './blocks.ts';
import { ReferenceTrace, type TracedLayer } from './reference-trace.ts';
import { rowOrder } from './row-order.ts';

/** What reference layers compute, and with what. */
export interface ReferenceProgram {
  readonly program: Program;
  readonly arithmetic: Arithmetic<number>;
  /** The cell with its parameters, forwards and backwards. */
  adjoint(
    program: Program,
    arithmetic: Arithmetic<number>,
    parameters: Environment<number>,
  ): AdjointInterpreter<number>;
  zeros(length: number): FloatArray;
}

type Parameters = Readonly<Record<string, FloatArray>>;
/** The next states of a row, by name; `row` counts the rows of the sequence. */
type Step = (operands: Environment<number>, row: number) => Environment<number>;

/** One cell in one direction, interpreted one row at a time. */
export class ReferenceLayer implements Layer<'sync', FloatArray> {
  private readonly of: ReferenceProgram;
  private readonly dimensions: Readonly<Record<'I' | 'H', number>>;
  private parameters: Parameters = {};
  private interpreter: Interpreter<number> | undefined;

  constructor(of: ReferenceProgram, dimensions: Dimensions) {
    this.of = of;
    this.dimensions = dimensions as Readonly<Record<'I' | 'H', number>>;
  }

  load(parameters: Parameters): void {
    const { program, arithmetic } = this.of;
    this.parameters = Object.fromEntries(Object.entries(parameters).map(([name, data]) => [name, data.slice()]));
    this.interpreter = interpreter(program, arithmetic, this.blocks(parameters));
  }

  run: Layer<'sync', FloatArray>['run'] = (_, sequence) => this.walk(sequence, this.interpreter!.step);

  record(_: unknown, sequence: Sequence<FloatArray>): RecordedRun<'sync', FloatArray> {
    const { program, arithmetic, zeros } = this.of;
    const layer: TracedLayer = {
      cell: program.cell,
      dimensions: this.dimensions,
      adjoint: (parameters) => this.of.adjoint(program, arithmetic, this.blocks(parameters)),
      zeros,
    };
    const { forward } = layer.adjoint(this.parameters);
    const kept: Environment<number>[] = [];
    const run = this.walk(sequence, (operands, row) => {
      const step = forward(operands);
      kept[row] = step.kept;
      return step.states;
    });
    return { ...run, trace: new ReferenceTrace(layer, sequence, kept) };
  }

  stream(batch: number, below: LayerStream<'sync'> | undefined): LayerStream<'sync'> {
    const { I, H } = this.dimensions;
    const x = this.of.zeros(batch * I);
    const h = this.of.zeros(batch * H);
    return {
      write: (_, input) => x.set(input),
      step: () => {
        below?.read(0, x);
        for (let b = 0; b < batch; b++) this.step(this.interpreter!.step, x, b, h, b);
      },
      read: (_, into) => into.set(h),
      readState: (_, into) => into.set(h),
      setStates: ([state]) => h.set(state!),
      dispose: () => {},
    };
  }

  private walk({ inputs, states, batchSizes, reverse }: Sequence<FloatArray>, step: Step): Run<FloatArray> {
    const { H } = this.dimensions;
    const order = rowOrder(batchSizes, reverse);
    const output = this.of.zeros(order.length * H);
    const [input, h] = [inputs[0]!, states[0]!.slice()];
    for (const { row, state: b } of order) {
      this.step(step, input, row, h, b);
      output.set(h.subarray(b * H, (b + 1) * H), row * H);
    }
    return { outputs: [output], states: [h] };
  }

  /** Overwrites row `b` of the state. */
  private step(step: Step, input: FloatArray, row: number, h: FloatArray, b: number): void {
    const { I, H } = this.dimensions;
    const { inputs, states } = this.of.program.cell;
    const [x, state] = [inputs[0]!.name, states[0]!.name];
    const operands = {
      [x]: Array.from(input.subarray(row * I, (row + 1) * I)),
      [state]: Array.from(h.subarray(b * H, (b + 1) * H)),
    };
    h.set(step(operands, row)[state] as readonly number[], b * H);
  }

  private blocks(parameters: Parameters): ReturnType<typeof blocksOf<number>> {
    return blocksOf(this.of.program.cell, parameters, this.dimensions, (value) => value);
  }
}
