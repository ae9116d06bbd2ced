import type { Tensor } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';
import { crossEntropy, Linear, type LossResult, mseLoss } from '../src/index.ts';
import {
  BOUND,
  difference,
  optimizerOf,
  recordedTensor,
  recordedTensors,
  type TrainingCase,
  trainingCases,
} from './recorded.ts';

function lossOf({ loss, lossOptions, dtype, target }: TrainingCase, output: Tensor): LossResult {
  if (loss === 'crossEntropy') return crossEntropy(output, target as readonly number[], lossOptions);
  return mseLoss(output, recordedTensor(dtype, target as Exclude<typeof target, readonly number[]>), lossOptions);
}

function headOf({ dtype, parameters }: TrainingCase): Linear {
  const { weight, ...rest } = recordedTensors(dtype, parameters);
  const [outFeatures, inFeatures] = weight!.shape as [number, number];
  const head = new Linear({ inFeatures, outFeatures, dtype });
  head.loadStateDict({ weight: weight!, ...rest });
  return head;
}

describe.each(trainingCases.map((recorded) => [recorded.name, recorded] as const))(
  'a linear layer, %s',
  (_, recorded) => {
    const { dtype, losses, checkpoints, first } = recorded;
    const input = recordedTensor(dtype, recorded.input);

    test("output, loss's gradient, and the gradients of input, weight and bias are those of PyTorch", () => {
      const { output, pullback } = headOf(recorded).vjp(input);
      const { gradient } = lossOf(recorded, output);
      expect(difference({ output, gradient }, recordedTensors(dtype, first.loss))).toBeLessThanOrEqual(BOUND[dtype]);
      const { input: dx, parameters } = pullback(gradient);
      const gradients = recordedTensors(dtype, first.gradients);
      expect(difference({ input: dx, ...parameters }, gradients)).toBeLessThanOrEqual(BOUND[dtype]);
    });

    test('50 steps: the losses and the parameters are those of PyTorch', () => {
      const head = headOf(recorded);
      const optimizer = optimizerOf(recorded);
      let compared = 0;
      for (const [index, expected] of losses.entries()) {
        const { output, pullback } = head.vjp(input);
        const { loss, gradient } = lossOf(recorded, output);
        expect(Math.abs(loss - expected) / Math.max(1, expected)).toBeLessThanOrEqual(BOUND[dtype]);
        head.loadStateDict(optimizer.step(head.stateDict(), pullback(gradient).parameters));
        const parameters = checkpoints[index + 1];
        if (parameters === undefined) continue;
        compared++;
        expect(difference(head.stateDict(), recordedTensors(dtype, parameters))).toBeLessThanOrEqual(BOUND[dtype]);
      }
      expect([losses.length, compared]).toEqual([50, 4]);
    });
  },
);
