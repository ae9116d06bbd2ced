import type { GRUCotangents, GRUGradients, PackedSequence, Tensor } from '@congruent/runtime';
import { sample } from '../../examples/samples.ts';
import { expectEqual, expectSameBits } from '../../expect/expect.ts';
import type { Subject } from '../../subject/subject.ts';
import type { Operands, RecordedCase } from '../../vectors/vectors.ts';
import type { VectorResult } from '../vectors.ts';

/** Forward and backward pass take three times as long as the forward pass alone: a product for each operand. */
export const PASSES = 3;

/** What `vjp` and its pullback give for a case. */
export interface GradientResult {
  /** Left out for a GRUCell. */
  readonly output: Tensor | PackedSequence | undefined;
  readonly hn: Tensor;
  /** By name: `input`, `h0`, and the parameters in the order of the state dict. */
  readonly gradients: { readonly input: Tensor | PackedSequence; readonly h0: Tensor } & Readonly<
    Record<string, Tensor | PackedSequence>
  >;
}

/** Runs a case forwards and backwards through the public surface. */
export async function runGradient(
  subject: Subject,
  vector: RecordedCase,
  { stateDict, input, h0, cotangents }: Operands,
): Promise<GradientResult> {
  const { config, dtype, layout, lengths, enforceSorted } = vector;
  if (vector.kind === 'cell') {
    const { inputSize, hiddenSize, bias } = config;
    using cell = await subject.createCell({ inputSize, hiddenSize, bias, dtype });
    cell.loadStateDict(stateDict);
    const { output, pullback } = await cell.vjp(input, h0);
    using back = pullback;
    const found = await back(cotangents.hn!);
    const gradients = { input: found.input, h0: found.hx, ...found.parameters };
    return { output: undefined, hn: output, gradients };
  }
  using gru = await subject.createGRU({ ...config, dtype });
  gru.loadStateDict(stateDict);
  const packed = (tensor: Tensor): Tensor | PackedSequence =>
    layout === 'packed'
      ? subject.packPaddedSequence(tensor, lengths!, { batchFirst: config.batchFirst, enforceSorted })
      : tensor;
  const { output, hn, pullback } = await gru.vjp(packed(input), h0);
  using back = pullback;
  const given = { ...(cotangents.output && { output: packed(cotangents.output) }), hn: cotangents.hn };
  const found: GRUGradients<Tensor | PackedSequence> = await back(given as GRUCotangents<Tensor | PackedSequence>);
  return { output, hn, gradients: { input: found.input, h0: found.h0, ...found.parameters } };
}

/** With zeros where a packed input has no steps, as torch gives the gradient of what was packed. */
export function padded(
  subject: Subject,
  { config, steps }: RecordedCase,
  gradient: GradientResult['gradients'][string],
): Tensor {
  if (!('batchSizes' in gradient)) return gradient;
  return subject.padPackedSequence(gradient, { batchFirst: config.batchFirst, totalLength: steps }).output;
}

/** Gradients to feed back into results, of their shapes and element type. */
export const cotangentsOf = (
  { output, hn }: { readonly output: Tensor; readonly hn: Tensor },
  seed: number,
): { readonly output: Tensor; readonly hn: Tensor } => {
  const dtype = output.data instanceof Float64Array ? 'float64' : 'float32';
  return { output: sample(output.shape, seed, dtype), hn: sample(hn.shape, seed + 1, dtype) };
};

/** Results have the shapes and the bits of others. */
export function expectSameResults(what: string, got: GradientResult, expected: VectorResult): void {
  for (const name of ['output', 'hn'] as const) {
    if (expected[name] === undefined) continue;
    const [result, wanted] = [dataOf(got[name]!), dataOf(expected[name])];
    expectEqual(`${what}: shape of ${name}`, result.shape, wanted.shape);
    expectSameBits(`${what}: ${name}`, result.data, wanted.data);
  }
}

const dataOf = (result: Tensor | PackedSequence): Tensor => ('batchSizes' in result ? result.data : result);

/** Every gradient has the shape and the bits of another's. */
export function expectSameGradients(what: string, got: GRUGradients, expected: GRUGradients): void {
  const [all, wanted] = [flat(got), flat(expected)];
  expectEqual(`${what}: gradients`, Object.keys(all), Object.keys(wanted));
  for (const [name, { data, shape }] of Object.entries(wanted)) {
    expectEqual(`${what}: shape of the gradient of ${name}`, all[name]!.shape, shape);
    expectSameBits(`${what}: gradient of ${name}`, all[name]!.data, data);
  }
}

const flat = ({ input, h0, parameters }: GRUGradients): Record<string, Tensor> => ({ input, h0, ...parameters });
