import type { PackedSequence, Tensor } from '@congruent/runtime';
import { sample } from '../../examples/samples.ts';
import { expectEqual, expectSameBits } from '../../expect/expect.ts';
import { type Kind, statesOf } from '../../kinds/kind.ts';
import type { LayerGradients, LayerResult } from '../../subject/layers.ts';
import type { Subject } from '../../subject/subject.ts';
import { isCell, type Operands, type RecordedCase } from '../../vectors/vectors.ts';
import { namedResults, type VectorResult } from '../vectors.ts';

/** Forward and backward pass take three times as long as the forward pass alone: a product for each operand. */
export const PASSES = 3;

/** What `vjp` and its pullback give for a case. */
export interface GradientResult extends VectorResult {
  /** By name: `input`, `h0`, `c0`, and the parameters in the order of the state dict. */
  readonly gradients: Readonly<Record<string, Tensor | PackedSequence>>;
}

/** Runs a case forwards and backwards through the public surface. */
export async function runGradient(
  subject: Subject,
  vector: RecordedCase,
  { stateDict, input, initial, cotangents }: Operands,
): Promise<GradientResult> {
  const { kind } = subject;
  const { config, dtype, layout, lengths, enforceSorted } = vector;
  const last = statesOf(kind, 'n').map((name) => cotangents[name]);
  if (isCell(vector)) {
    const { inputSize, hiddenSize, bias } = config;
    using cell = await subject.createCell({ inputSize, hiddenSize, bias, dtype });
    cell.loadStateDict(stateDict);
    const { output, pullback } = await cell.vjp(input, initial);
    using back = pullback;
    return { output: undefined, last: output, gradients: namedGradients(kind, await back(last as Tensor[])) };
  }
  using layers = await subject.createLayers({ ...config, dtype });
  layers.loadStateDict(stateDict);
  const packed = (tensor: Tensor): Tensor | PackedSequence =>
    layout === 'packed'
      ? subject.packPaddedSequence(tensor, lengths!, { batchFirst: config.batchFirst, enforceSorted })
      : tensor;
  const { output, last: states, pullback } = await layers.vjp(packed(input), initial);
  using back = pullback;
  const found = await back({ output: cotangents['output'] && packed(cotangents['output']), last });
  return { output, last: states, gradients: namedGradients(kind, found) };
}

/** By the names of what they are gradients of. */
const namedGradients = <I extends Tensor | PackedSequence>(
  kind: Kind,
  { input, initial, parameters }: LayerGradients<I>,
): Record<string, I | Tensor> => ({
  input,
  ...Object.fromEntries(statesOf(kind, '0').map((name, index) => [name, initial[index]!])),
  ...parameters,
});

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
  { output, last }: LayerResult,
  seed: number,
): { readonly output: Tensor; readonly last: readonly Tensor[] } => {
  const dtype = output.data instanceof Float64Array ? 'float64' : 'float32';
  return {
    output: sample(output.shape, seed, dtype),
    last: last.map(({ shape }, index) => sample(shape, seed + 1 + 1000 * index, dtype)),
  };
};

/** Results have the shapes and the bits of others. */
export function expectSameResults(subject: Subject, what: string, got: VectorResult, expected: VectorResult): void {
  const results = Object.fromEntries(namedResults(subject, got));
  for (const [name, tensor] of namedResults(subject, expected)) {
    const [result, wanted] = [dataOf(results[name]!), dataOf(tensor)];
    expectEqual(`${what}: shape of ${name}`, result.shape, wanted.shape);
    expectSameBits(`${what}: ${name}`, result.data, wanted.data);
  }
}

const dataOf = (result: Tensor | PackedSequence): Tensor => ('batchSizes' in result ? result.data : result);

/** Every gradient has the shape and the bits of another's. */
export function expectSameGradients(
  { kind }: Pick<Subject, 'kind'>,
  what: string,
  got: LayerGradients,
  expected: LayerGradients,
): void {
  const [all, wanted] = [namedGradients(kind, got), namedGradients(kind, expected)];
  expectEqual(`${what}: gradients`, Object.keys(all), Object.keys(wanted));
  for (const [name, { data, shape }] of Object.entries(wanted)) {
    expectEqual(`${what}: shape of the gradient of ${name}`, all[name]!.shape, shape);
    expectSameBits(`${what}: gradient of ${name}`, all[name]!.data, data);
  }
}
