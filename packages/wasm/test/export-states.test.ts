import { LSTM, tensor } from '@congruent/scalar';
import '@congruent/scalar/sync/lstm_projected';
import { modelOf } from '@congruent/cli';
import { lstm } from '@congruent/spec';
import { expect, test } from 'vitest';
import { numbers } from '../../../tools/testing/numbers.ts';
import { filesOf, running } from './exported.ts';

const [inputSize, hiddenSize, projSize, numLayers, STEPS] = [3, 9, 5, 2, 4];

const layers = LSTM.createSync({ inputSize, hiddenSize, projSize, numLayers });
const h0 = tensor(numbers('float32', numLayers * projSize, 3), [numLayers, 1, projSize]);
const c0 = tensor(numbers('float32', numLayers * hiddenSize, 4), [numLayers, 1, hiddenSize]);
const initialStates = [0, 1].map((layer) => [
  h0.data.slice(layer * projSize, (layer + 1) * projSize),
  c0.data.slice(layer * hiddenSize, (layer + 1) * hiddenSize),
]);
const file = { path: 'model.nam', tensors: layers.stateDict() };
const model = modelOf('model', lstm, { ...file, initialStates }, '', ['A model.']);

test.each([true, false])('a model begins with its initial states, and reset restores them: SIMD %s', async (simd) => {
  const x = numbers('float32', STEPS * inputSize);
  const stream = layers.stream({ h0, c0 });
  const wanted = Array.from({ length: STEPS }, (_, t) => [...stream.step(x.slice(t * inputSize, (t + 1) * inputSize))]);
  const exported = await running(model, simd);
  expect([...exported.run(x, STEPS)]).toEqual(wanted.flat());
  exported.reset();
  expect([...exported.step(x.subarray(0, inputSize))]).toEqual(wanted[0]);
});

test('initial states take their own bytes, and a model without them none', () => {
  const zeros = modelOf('model', lstm, file, '', ['A model.']);
  const bytes = filesOf(model).bytes.length - filesOf(zeros).bytes.length;
  const states = 4 * numLayers * (projSize + hiddenSize);
  expect(bytes).toBeGreaterThanOrEqual(states - 64);
  expect(bytes).toBeLessThan(states + 128);
});
