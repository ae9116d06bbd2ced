import { describe, expect, test } from 'vitest';
import { readModel } from '../src/index.ts';
import { expectLayer, lastOf, runNet } from './keras-net.ts';
import { expectNear, float32, type Recorded, recorded } from './recorded.ts';
import { run } from './run.ts';

const items = [...recorded('keras'), ...recorded('keras-by-hand')];
const open = ({ file, files }: Recorded) => readModel(files[file]!, { name: file });

/** What may be read is, but for the weights of cuDNN, which is left to Keras. */
const isRead = ({ path, expect }: Recorded): boolean => expect !== 'refuse' && !path.endsWith('h5_cudnn_lstm');

describe.each(items.filter(isRead))('$path', (item) => {
  // biome-ignore lint/suspicious/noExplicitAny: a record's own keys
  const layers: readonly any[] = item.expected.layers;
  const recurrent = layers.filter(({ kind }) => ['GRU', 'LSTM', 'RNN'].includes(kind));

  test('its layers are found, with their options', async () => {
    const model = await open(item);
    expect(model.format).toBe('keras');
    expect(model.layers.map(({ name }) => name)).toEqual(recurrent.map(({ name }) => name));
    for (const [k, layer] of model.layers.entries()) expectLayer(layer, recurrent[k]);
  });

  test('each layer gives what it gives in Keras', async () => {
    const model = await open(item);
    for (const { name, input, output64 } of item.expected.perLayer) {
      const layer = model.layers.find((each) => each.name === name)!;
      const { output, states } = run(layer, float32(input));
      expectNear(output64.shape.length === 3 ? output : lastOf(states[0]!), output64);
    }
  });

  test('the whole net gives what it gives in Keras', async () => {
    const { input, output64, perLayer } = item.expected;
    const first = layers.some(({ kind }) => kind === 'Reshape') ? { ...input, shape: perLayer[0].input.shape } : input;
    expectNear(runNet(await open(item), layers, float32(first)), output64);
  });
});

const REFUSALS: Readonly<Record<string, RegExp>> = {
  h5_cudnn_lstm: /MODEL_FORMAT.*"rnn_1": bias of 48 for 6 units: a CuDNNLSTM weight file/s,
  h5_external_storage:
    /MODEL_UNSAFE.*lstm_cell\/kernel:0.*in an external file, "\.\.\/\.\.\/index\.json", which is not opened/s,
  h5_truncated: /MODEL_FORMAT.*HDF5 file: it is truncated: it has 5491 bytes, but refers to byte 9152/s,
  h5_units_mismatch: /MODEL_FORMAT.*"lstm": the config says 5 units, the weights are for 4/s,
  keras3_lambda: /MODEL_UNSAFE.*layer "lambda": it is a Lambda, Python code that is never run/s,
};

test.each(items.filter((item) => !isRead(item)))('$path is refused', async (item) => {
  await expect(open(item)).rejects.toThrow(REFUSALS[item.path.split('/')[1]!]);
});

test.runIf(items.length > 0)("an optimizer's variables are tensors, and no layer's", async () => {
  const model = await open(items.find(({ path }) => path === 'keras/emg_lstm16')!);
  expect(Object.keys(model.tensors).filter((name) => name.startsWith('optimizer/vars/'))).toHaveLength(16);
  expect(model.tensors['optimizer/vars/0']).toMatchObject({ dtype: 'int64', shape: [] });
  expect(model.layers).toHaveLength(1);
});
