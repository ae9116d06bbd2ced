import type { DType, Program } from '@congruent/codegen';
import { type Engine, type FloatArray, type Layer, type Mode, widthOf } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { expectSameBits } from '../expect/expect.ts';
import type { CellProblem, CellResult } from '../oracle/cell.ts';

/** Runs a packed sequence plainly and recording, and back from the recorded run. */
export async function runBothWays<M extends Mode, B>(
  engine: Engine<M, B>,
  layer: Layer<M, B>,
  { inputs, states, outputAdjoints, stateAdjoints, parameters, batchSizes, reverse }: CellProblem,
): Promise<CellResult<number>> {
  const call = engine.call();
  const upload = (arrays: readonly FloatArray[]): B[] => arrays.map((array) => call.upload(array));
  const download = async (buffers: readonly B[]): Promise<number[][]> => {
    const arrays: number[][] = [];
    for (const buffer of buffers) arrays.push(Array.from(await call.download(buffer)));
    return arrays;
  };
  try {
    const sequence = { inputs: upload(inputs), states: upload(states), batchSizes, reverse };
    const plain = await layer.run(call, sequence);
    const [outputs, last] = [await download(plain.outputs), await download(plain.states)];
    const { trace, ...recorded } = await layer.record!(call, sequence);
    const again = [...(await download(recorded.outputs)), ...(await download(recorded.states))];
    for (const [index, array] of [...outputs, ...last].entries())
      expectSameBits('a run that records', again[index]!, array);
    const adjoints = { outputs: upload(outputAdjoints), states: upload(stateAdjoints) };
    const gradients = await trace.pullback(call, parameters, adjoints);
    const names = Object.keys(gradients.parameters);
    const ofParameters = await download(names.map((name) => gradients.parameters[name]!));
    const result = {
      outputs,
      states: last,
      inputAdjoints: await download(gradients.inputs),
      stateAdjoints: await download(gradients.states),
      parameters: Object.fromEntries(names.map((name, index) => [name, ofParameters[index]!])),
    };
    trace.dispose();
    return result;
  } finally {
    call.end();
  }
}

/** What a stream gives in the steps that have all rows: all outputs, and the last states of the rows that end with them. */
export async function runStream<M extends Mode, B>(
  layer: Layer<M, B>,
  { cell }: Program,
  { dimensions, inputs, states, batchSizes }: CellProblem,
  dtype: DType,
): Promise<Pick<CellResult<number>, 'outputs' | 'states'>> {
  const batch = batchSizes[0]!;
  const steps = batchSizes.filter((size) => size === batch).length;
  const stepped = layer.stream(batch, undefined);
  const lengthOf = (variable: Cell['inputs'][number], rows = batch): number => rows * widthOf(variable, dimensions);
  const outputs = cell.outputs.map((): number[] => []);
  const zeros = (length: number): FloatArray =>
    dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
  stepped.setStates(states);
  for (let t = 0; t < steps; t++) {
    for (const [index, input] of cell.inputs.entries()) {
      stepped.write(index, inputs[index]!.slice(t * lengthOf(input), (t + 1) * lengthOf(input)));
    }
    await stepped.step();
    for (const [index, output] of cell.outputs.entries()) {
      const array = zeros(lengthOf(output));
      await stepped.read(index, array);
      outputs[index]!.push(...array);
    }
  }
  const last: number[][] = [];
  for (const [index, state] of cell.states.entries()) {
    const array = zeros(lengthOf(state));
    await stepped.readState(index, array);
    last.push([...array.slice(lengthOf(state, batchSizes[steps] ?? 0))]);
  }
  stepped.dispose();
  return { outputs, states: last };
}

/** Every result with what it is. */
export function named<V>({
  outputs,
  states,
  inputAdjoints,
  stateAdjoints,
  parameters,
}: CellResult<V>): [string, readonly V[]][] {
  const list = (what: string, all: readonly (readonly V[])[]): [string, readonly V[]][] =>
    all.map((values, index) => [`${what} ${index}`, values]);
  return [
    ...list('output', outputs),
    ...list('last state', states),
    ...list('adjoint of input', inputAdjoints),
    ...list('adjoint of state', stateAdjoints),
    ...Object.entries(parameters).map(([name, values]): [string, readonly V[]] => [`gradient of ${name}`, values]),
  ];
}
