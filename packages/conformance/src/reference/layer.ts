import type { Arithmetic, Environment, Interpreter, Program } from '@congruent/codegen';
import {
  type Dimensions,
  type FloatArray,
  type Layer,
  type LayerStream,
  type RecordedRun,
  type Run,
  type Sequence,
  type SignatureValue,
  widthOf,
} from '@congruent/runtime';
import { blocksOf } from '../oracle/blocks.ts';
import { rowOrder } from '../oracle/row-order.ts';
import { putRow, rowOf, type Variables } from '../oracle/row-values.ts';
import { ReferenceTrace, type TracedLayer } from './trace.ts';

/** What reference layers compute, and with what. */
export interface ReferenceProgram {
  readonly program: Program;
  readonly arithmetic: Arithmetic<number>;
  /** The cell with its parameters, forwards and backwards. */
  interpret(program: Program, arithmetic: Arithmetic<number>, parameters: Environment<number>): Interpreter<number>;
  zeros(length: number): FloatArray;
}

type Parameters = Readonly<Record<string, FloatArray>>;
type Forward = Interpreter<number>['forward'];

/** One cell in one direction, interpreted one row at a time. */
export class ReferenceLayer implements Layer<'sync', FloatArray> {
  private readonly of: ReferenceProgram;
  private readonly dimensions: Dimensions;
  private parameters: Parameters = {};
  private interpreter: Interpreter<number> | undefined;

  constructor(of: ReferenceProgram, dimensions: Dimensions) {
    this.of = of;
    this.dimensions = dimensions;
  }

  load(parameters: Parameters): void {
    this.parameters = Object.fromEntries(Object.entries(parameters).map(([name, data]) => [name, data.slice()]));
    this.interpreter = this.interpret(parameters);
  }

  run: Layer<'sync', FloatArray>['run'] = (_, sequence) => this.walk(sequence, this.interpreter!.forward);

  record(_: unknown, sequence: Sequence<FloatArray>): RecordedRun<'sync', FloatArray> {
    const layer: TracedLayer = {
      cell: this.of.program.cell,
      dimensions: this.dimensions,
      interpret: (parameters) => this.interpret(parameters),
      zeros: this.of.zeros,
    };
    const { forward } = this.interpret(this.parameters);
    const residuals: Environment<number>[] = [];
    const run = this.walk(sequence, (operands, row) => {
      const step = forward(operands);
      residuals[row] = step.residuals;
      return step;
    });
    return { ...run, trace: new ReferenceTrace(layer, sequence, residuals) };
  }

  stream(batch: number, below: LayerStream<'sync'> | undefined): LayerStream<'sync'> {
    const { cell } = this.of.program;
    const room = (variables: Variables): FloatArray[] => variables.map((variable) => this.zeros(batch, variable));
    const [inputs, states, outputs] = [room(cell.inputs), room(cell.states), room(cell.outputs)];
    return {
      write: (index, input) => inputs[index]!.set(input),
      step: () => {
        if (below) for (const [index, input] of inputs.entries()) below.read(index, input);
        for (let b = 0; b < batch; b++) this.step(this.interpreter!.forward, inputs, b, states, b, outputs);
      },
      read: (index, into) => into.set(outputs[index]!),
      readState: (index, into) => into.set(states[index]!),
      setStates: (values) => {
        for (const [index, value] of values.entries()) states[index]!.set(value);
      },
      dispose: () => {},
    };
  }

  private walk(
    sequence: Sequence<FloatArray>,
    forward: (operands: Environment<number>, row: number) => ReturnType<Forward>,
  ): Run<FloatArray> {
    const order = rowOrder(sequence.batchSizes, sequence.reverse);
    const outputs = this.of.program.cell.outputs.map((output) => this.zeros(order.length, output));
    const states = sequence.states.map((state) => state.slice());
    for (const { row, state } of order)
      this.step((of) => forward(of, row), sequence.inputs, row, states, state, outputs);
    return { outputs, states };
  }

  /** Overwrites row `b` of the states; reads and writes row `row` of the sequence. */
  private step(
    forward: Forward,
    inputs: readonly FloatArray[],
    row: number,
    states: readonly FloatArray[],
    b: number,
    outputs: readonly FloatArray[],
  ): void {
    const { cell } = this.of.program;
    const { dimensions } = this;
    const given = { ...rowOf(inputs, cell.inputs, dimensions, row), ...rowOf(states, cell.states, dimensions, b) };
    const step = forward(given);
    putRow(states, cell.states, dimensions, b, step.states);
    putRow(outputs, cell.outputs, dimensions, row, step.outputs);
  }

  private zeros(rows: number, of: SignatureValue): FloatArray {
    return this.of.zeros(rows * widthOf(of, this.dimensions));
  }

  private interpret(parameters: Parameters): Interpreter<number> {
    const { program, arithmetic, interpret } = this.of;
    const blocks = blocksOf<number>(program.cell, parameters, this.dimensions, (value) => value);
    return interpret(program, arithmetic, blocks);
  }
}
