import { CongruentError, writeSafetensors } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { readModel } from '../src/index.ts';
import { expectNear, float32, recorded } from './recorded.ts';
import { run } from './run.ts';

const gru = {
  'rnn.weight_ih_l0': { data: new Float32Array(12).fill(0.5), shape: [6, 2] },
  'rnn.weight_hh_l0': { data: new Float32Array(12).fill(-0.5), shape: [6, 2] },
  'fc.weight': { data: Float64Array.of(1, 2), shape: [1, 2] },
};

test('a .safetensors file gives its tensors and its layers', async () => {
  const { format, tensors, layers } = await readModel(writeSafetensors(gru));
  expect(format).toBe('safetensors');
  expect(tensors['fc.weight']).toEqual({ ...gru['fc.weight'], dtype: 'float64' });
  expect(layers).toMatchObject([{ kind: 'GRU', name: 'rnn', options: { bias: false }, notes: [] }]);
});

test('one that is cut off is refused by its own code', async () => {
  const cut = readModel(writeSafetensors(gru).slice(0, -1));
  await expect(cut).rejects.toThrow(CongruentError);
  await expect(cut).rejects.toThrow(/SAFETENSORS_FORMAT/);
});

for (const { path, files, file, expected } of recorded('gtcrn')) {
  test(`${path}: every tensor and all fourteen GRUs, each by its prefix, as PyTorch runs it`, async () => {
    const { tensors, layers } = await readModel(files[file]!);
    expect(Object.keys(tensors)).toHaveLength(expected.tensorCount);
    for (const name of expected.i64) expect(tensors[name]).toMatchObject({ dtype: 'int64', shape: [] });
    expect(layers.map(({ name }) => `${name}.`).sort()).toEqual([...expected.gruPrefixes].sort());
    for (const { prefix, input, output64, output, toolError } of expected.cases) {
      const layer = layers.find(({ name }) => `${name}.` === prefix)!;
      expect(layer.notes).toEqual([]);
      expectNear(run(layer, float32(input)).output, output64 ?? output, toolError);
    }
  });
}
