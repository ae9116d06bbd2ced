import type { FloatArray, Tensor } from '@congruent/runtime';
import recorded from '../../../vectors/training.json' with { type: 'json' };
import { expectWithin } from '../../expect/expect.ts';
import { statesOf } from '../../kinds/kind.ts';
import type { LayerResult, LayersUnderTest } from '../../subject/layers.ts';
import type { Subject } from '../../subject/subject.ts';
import type { GradientCase } from '../../vectors/gradient-vectors.ts';
import { costOf, decode, operandsOf, type VectorFile } from '../../vectors/vectors.ts';
import type { KindCheck, Outcome } from '../check.ts';
import { PASSES } from './run.ts';
import { refuseTraining } from './training.ts';

/** Loss curves of PyTorch in float64, of torch.optim.Adam with this learning rate and its defaults. */
const { cases } = recorded as VectorFile<GradientCase>;
const LEARNING_RATE = 0.01;

/** Relative, in either element type: PyTorch's own float32 curve is within a hundredth of it. */
const CURVE_BOUND = 1e-4;

/** Whole training runs, in float64 where the backend has it. */
export const trainingChecks: readonly KindCheck[] = cases.map((vector) => {
  const losses = decode(vector.expected['loss']!);
  return {
    group: 'training',
    title: `E10 E11 E12 C28: ${losses.length} steps of Adam follow PyTorch's loss curve: ${vector.name}`,
    cost: losses.length * PASSES * costOf(vector),
    run: (subject) => checkCurve(subject, vector, losses),
  };
});

async function checkCurve(subject: Subject, vector: GradientCase, losses: Float64Array): Promise<Outcome> {
  const { training, float64 } = subject.backend.supports;
  if (!training) return await refuseTraining(subject);
  const dtype = float64 ? 'float64' : 'float32';
  const { stateDict, input, initial, cotangents } = operandsOf(vector);
  const of = ({ data, shape }: Tensor): Tensor => ({ data: float64 ? data : Float32Array.from(data), shape });
  using layers = await subject.createLayers({ ...vector.config, dtype });
  layers.loadStateDict(Object.fromEntries(Object.entries(stateDict).map(([name, value]) => [name, of(value)])));
  const batch = {
    input: of(input),
    initial: initial!.map(of),
    output: of(cotangents['output']!),
    last: statesOf(subject.kind, 'n').map((name) => of(cotangents[name]!)),
  };
  const adam = new Adam();
  const curve: number[] = [];
  for (const _ of losses) {
    const { loss, gradients } = await lossOf(layers, batch);
    curve.push(loss);
    layers.loadStateDict(adam.step(layers.stateDict(), gradients));
  }
  expectWithin(`loss in ${dtype}`, curve, losses, (loss) => CURVE_BOUND * loss);
  return float64 ? 'passed' : 'refused';
}

/** The mean squared errors of output and last states, and the gradients of their sum. */
async function lossOf(
  layers: LayersUnderTest,
  { input, initial, ...wanted }: LayerResult & { readonly input: Tensor; readonly initial: readonly Tensor[] },
): Promise<{ loss: number; gradients: Record<string, Tensor> }> {
  const { output, last, pullback } = await layers.vjp(input, initial);
  using back = pullback;
  const of = squaredError(output, wanted.output);
  const ofLast = last.map((state, index) => squaredError(state, wanted.last[index]!));
  const { parameters } = await back({ output: of.gradient, last: ofLast.map(({ gradient }) => gradient) });
  return { loss: ofLast.reduce((sum, { loss }) => sum + loss, of.loss), gradients: parameters };
}

function squaredError({ data, shape }: Tensor, wanted: Tensor): { loss: number; gradient: Tensor } {
  const errors = Array.from(data, (value, i) => value - wanted.data[i]!);
  const loss = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
  return { loss, gradient: { data: data.map((_, i) => (2 * errors[i]!) / errors.length), shape } };
}

/** torch.optim.Adam, with its defaults. */
class Adam {
  private steps = 0;
  private readonly moments = new Map<string, { readonly mean: Float64Array; readonly square: Float64Array }>();

  step(parameters: Record<string, Tensor>, gradients: Record<string, Tensor>): Record<string, Tensor> {
    this.steps++;
    const entries = Object.entries(parameters).map(([name, { data, shape }]): [string, Tensor] => [
      name,
      { data: this.moved(name, data, gradients[name]!.data), shape },
    ]);
    return Object.fromEntries(entries);
  }

  private moved(name: string, values: FloatArray, gradient: FloatArray): FloatArray {
    const zeros = { mean: new Float64Array(values.length), square: new Float64Array(values.length) };
    const { mean, square } = this.moments.get(name) ?? zeros;
    this.moments.set(name, { mean, square });
    const [ofMean, ofSquare] = [1 - 0.9 ** this.steps, 1 - 0.999 ** this.steps];
    return values.map((value, i) => {
      const g = gradient[i]!;
      mean[i] = 0.9 * mean[i]! + (1 - 0.9) * g;
      square[i] = 0.999 * square[i]! + (1 - 0.999) * g * g;
      return value - (LEARNING_RATE * (mean[i] / ofMean)) / (Math.sqrt(square[i] / ofSquare) + 1e-8);
    });
  }
}
