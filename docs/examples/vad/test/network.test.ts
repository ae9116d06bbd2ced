import { expect, test } from 'vitest';
import { numbers } from '../../../../tools/testing/numbers.ts';
import { openNetwork } from '../src/network.ts';
import { CHUNK } from '../src/speech.ts';
import { stateDictOf, withoutContext } from '../src/state-dict.ts';
import { directNetwork, madeUpTensors } from './direct.ts';

const tensors = madeUpTensors();
const chunks = Array.from({ length: 6 }, (_, at) => numbers('float32', CHUNK, at));

test('with made-up parameters the cell gives what the operations of the model one by one give', async () => {
  const { detect } = await openNetwork('silero_vad', stateDictOf(tensors));
  const direct = directNetwork(tensors, 64);
  const expected = chunks.map(direct);
  for (const [at, chunk] of chunks.entries()) expect(detect(chunk)).toBeCloseTo(expected[at]!, 5);
  expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.005);
});

test('without context too', async () => {
  const { detect } = await openNetwork('silero_vad_plain', withoutContext(stateDictOf(tensors)));
  const direct = directNetwork(tensors, 0);
  for (const chunk of chunks) expect(detect(chunk)).toBeCloseTo(direct(chunk), 5);
});

test('what is no Silero VAD v5 is refused, with what is missing', () => {
  const { 'then__encoder.1.reparam_conv.bias': bias, ...others } = tensors;
  expect(() => stateDictOf(others)).toThrow(
    'Silero VAD: expected then__encoder.1.reparam_conv.bias [64], got nothing. Give silero_vad_v5.onnx',
  );
  const wide = { ...others, 'then__encoder.1.reparam_conv.bias': { ...bias!, shape: [8, 8] } };
  expect(() => stateDictOf(wide)).toThrow('got [8,8] of float32');
  expect(() => stateDictOf({ weight_ih_l0: bias! })).toThrow(
    'expected a tensor …stft.forward_basis_buffer [258,1,256]',
  );
});
