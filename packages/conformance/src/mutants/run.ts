import type { FloatArray } from '@congruent/runtime';
import { takeSteps } from '../examples/rearrange.ts';
import { half } from './arithmetic.ts';
import { type Mutant, runMutant } from './mutation.ts';

const outputs = new WeakSet<FloatArray>();

/** Sequences run wrongly. */
export const runMutants: readonly Mutant[] = [
  runMutant('h stale: every step starts at h0', (run, H) => (call, sequence) => {
    const width = sequence.input.length / sequence.batchSizes.reduce((sum, size) => sum + size, 0);
    let row = 0;
    const output = sequence.batchSizes.flatMap((size) => {
      const input = sequence.input.slice(row * width, (row + size) * width);
      row += size;
      const state = sequence.state.slice(0, size * H);
      return [...run(call, { ...sequence, input, state, batchSizes: [size] }).output];
    });
    const { state } = run(call, sequence);
    return {
      output: state instanceof Float64Array ? Float64Array.from(output) : Float32Array.from(output),
      state,
    };
  }),
  runMutant('reverse not reversed', (run) => (call, sequence) => run(call, { ...sequence, reverse: false })),
  runMutant('reverse output in the order of computation', (run, H) => (call, sequence) => {
    const result = run(call, sequence);
    const batch = sequence.batchSizes[0]!;
    if (!sequence.reverse || sequence.batchSizes.some((size) => size !== batch)) return result;
    const steps = sequence.batchSizes.length;
    const order = Array.from({ length: steps }, (_, t) => steps - 1 - t);
    return { ...result, output: takeSteps({ data: result.output, shape: [steps, batch, H] }, order).data };
  }),
  runMutant('lengths ignored: states go on through the padding', (run) => (call, sequence) => {
    const result = run(call, sequence);
    const [batch, steps] = [sequence.batchSizes[0]!, sequence.batchSizes.length];
    const rows = sequence.batchSizes.reduce((sum, size) => sum + size, 0);
    const width = sequence.input.length / rows;
    const input = new (sequence.input.constructor as Float32ArrayConstructor)(steps * batch * width);
    let row = 0;
    sequence.batchSizes.forEach((size, t) => {
      input.set((sequence.input as Float32Array).subarray(row * width, (row + size) * width), t * batch * width);
      row += size;
    });
    const padded = { ...sequence, input, batchSizes: new Array<number>(steps).fill(batch) };
    return { ...result, state: run(call, padded).state };
  }),
  runMutant('reverse of a packed sequence starts at the common end', (run, H) => (call, sequence) => {
    if (!sequence.reverse) return run(call, sequence);
    const last = sequence.batchSizes.at(-1)!;
    return run(call, { ...sequence, state: sequence.state.map((value, i) => (i < last * H ? value : 0)) });
  }),
  runMutant('h0 ignored', (run) => (call, sequence) => run(call, { ...sequence, state: sequence.state.map(() => 0) })),
  runMutant(
    'h0 of the first row for all rows',
    (run, H) => (call, sequence) =>
      run(call, { ...sequence, state: sequence.state.map((_, i) => sequence.state[i % H]!) }),
  ),
  runMutant('hn is h0', (run) => (call, sequence) => ({ ...run(call, sequence), state: sequence.state })),
  runMutant('upper layers see the input one step late', (run, H) => (call, sequence) => {
    const late = outputs.has(sequence.input);
    const shift = late ? sequence.batchSizes[0]! * H : 0;
    const input = sequence.input.map((value, i) => (i < shift ? value : sequence.input[i - shift]!));
    const result = run(call, { ...sequence, input });
    outputs.add(result.output);
    return result;
  }),
  runMutant('input overwritten in place', (run) => (call, sequence) => {
    const result = run(call, sequence);
    sequence.input.fill(0);
    return result;
  }),
  runMutant('rows after the first four lost', (run, H) => (call, sequence) => {
    const result = run(call, sequence);
    const rows = sequence.batchSizes.reduce((sum, size) => sum + size, 0);
    return rows % 4 === 0
      ? result
      : { ...result, output: result.output.map((value, i) => (i < (rows - (rows % 4)) * H ? value : 0)) };
  }),
  runMutant('output rounded to half precision', (run) => (call, sequence) => {
    const { output, state } = run(call, sequence);
    return { output: output.map(half), state: state.map(half) };
  }),
];
