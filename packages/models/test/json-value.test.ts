import { expect, test } from 'vitest';
import { readModel } from '../src/index.ts';
import { jsonValue } from '../src/json-value.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

test('JSON is read as deep as models have it, and no deeper', () => {
  expect(jsonValue(new TextEncoder().encode('{"a": [1, null, "b"]}'))).toEqual({ a: [1, null, 'b'] });
  expect(jsonValue(nested(200))).toHaveLength(1);
  expect(() => jsonValue(nested(202))).toThrow('nested deeper than 200 levels');
  expect(() => jsonValue('{')).toThrow(SyntaxError);
});

test('the mark of UTF-8 before it is none of it', async () => {
  const numbers = Array.from({ length: 16 }, (_, i) => i);
  const model = { architecture: 'LSTM', config: { input_size: 1, hidden_size: 1, num_layers: 1 }, weights: numbers };
  const bytes = new TextEncoder().encode(`\ufeff${JSON.stringify(model)}`);
  expect(await readModel(bytes, { name: 'marked.nam' })).toMatchObject({ format: 'nam', layers: [{ kind: 'LSTM' }] });
});

test.each([
  [
    'TensorFlow.js',
    `{"format":"layers-model","modelTopology":{},"weightsManifest":[{"paths":[],"weights":[{"name":"a","shape":${nested(20_000)},"dtype":"float32"}]}]}`,
  ],
  ['RTNeural', `{"in_shape":[null,null,1],"layers":${nested(20_000)}}`],
  ['NAM', `{"version":"0.5.4","architecture":"LSTM","config":${nested(20_000)},"weights":[]}`],
])('a file of %s that is nested deeper is refused by a code', async (_, text) => {
  const bytes = new TextEncoder().encode(text);
  await expect(readModel(bytes, { name: 'model.json' })).rejects.toMatchObject({ code: 'MODEL_FORMAT' });
});
