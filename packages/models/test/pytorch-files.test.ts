import { expect, test } from 'vitest';
import { readModel } from '../src/index.ts';
import * as py from './pytorch-files.ts';

const ramp = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i + 1);

/** The tensors of a GRU of 1 feature and 1 state without biases, whose storages are `ih` and `hh`. */
const gru = { weight_ih_l0: py.tensor('ih', [3, 1]), weight_hh_l0: py.tensor('hh', [3, 1]) };
const storages = { ih: ramp(3), hh: ramp(3) };

/** The same of an RNN. */
const rnn = { weight_ih_l0: py.tensor('ih', [1, 1]), weight_hh_l0: py.tensor('hh', [1, 1]) };

const prefixed = (prefix: string): Record<string, string> =>
  Object.fromEntries(Object.entries(gru).map(([name, value]) => [prefix + name, value]));

const names = async (bytes: Uint8Array): Promise<readonly string[]> => Object.keys((await readModel(bytes)).tensors);

for (const [format, write] of [
  ['zip', py.torchZip],
  ['legacy', py.torchLegacy],
] as const) {
  test(`${format}: a state dict`, async () => {
    const { tensors, layers } = await readModel(write(py.dict(prefixed('rnn.')), storages));
    expect(tensors['rnn.weight_ih_l0']).toEqual({ data: ramp(3), shape: [3, 1], dtype: 'float32' });
    expect(layers).toMatchObject([{ kind: 'GRU', name: 'rnn', notes: [] }]);
  });

  test(`${format}: an OrderedDict with attributes, as Python 3 has it, and of pairs, as Python 2`, async () => {
    const pairs = Object.entries(gru).map(([name, value]) => py.tuple(py.str(name), value));
    const attributes = py.dict({ _metadata: py.dict({}) });
    const python3 = `${py.reduce('collections.OrderedDict')}${py.dict(gru).slice(1)}${attributes}b`;
    for (const value of [python3, py.reduce('collections.OrderedDict', py.list(...pairs))]) {
      expect(await names(write(value, storages))).toEqual(['weight_ih_l0', 'weight_hh_l0']);
    }
  });

  test(`${format}: a module of torch.nn's classes, with what its state dict would not say`, async () => {
    const layer = py.module('torch.nn.modules.rnn.RNN', rnn, {}, { batch_first: '\x88', mode: py.str('RNN_RELU') });
    const model = py.module('torch.nn.modules.container.Sequential', {}, { 0: layer });
    const { tensors, layers } = await readModel(write(model, { ih: ramp(1), hh: ramp(1) }));
    expect(Object.keys(tensors)).toEqual(['0.weight_ih_l0', '0.weight_hh_l0']);
    expect(layers).toMatchObject([{ kind: 'RNN', name: '0', options: { batchFirst: true, nonlinearity: 'relu' } }]);
  });
}

test.each(['state_dict', 'model_state_dict', 'model', 'net'])('a checkpoint has its weights under %s', async (key) => {
  const optimizer = py.dict({ state: py.dict(prefixed('exp_avg.')), param_groups: py.list() });
  const checkpoint = py.dict({ epoch: py.int(3), optimizer, [key]: py.dict(gru), ema: py.dict(prefixed('ema.')) });
  expect(await names(py.torchZip(checkpoint, storages))).toEqual(['weight_ih_l0', 'weight_hh_l0']);
});

test('of several state dicts all are read, behind their keys; of one alone the key says nothing', async () => {
  const one = py.dict({ mine: py.dict(gru), optimizer: py.dict({ state: py.dict(gru), param_groups: py.list() }) });
  expect(await names(py.torchZip(one, storages))).toEqual(['weight_ih_l0', 'weight_hh_l0']);
  const two = py.dict({ encoder: py.dict(gru), inner: py.dict({ decoder: py.dict(gru) }) });
  const { layers } = await readModel(py.torchZip(two, storages));
  expect(layers.map(({ name }) => name)).toEqual(['encoder', 'inner.decoder']);
});

test('a module inside a checkpoint is walked', async () => {
  const model = py.module('torch.nn.modules.rnn.GRU', gru, {}, { batch_first: '\x88' });
  const { layers } = await readModel(py.torchZip(py.dict({ epoch: py.int(1), model }), storages));
  expect(layers).toMatchObject([{ kind: 'GRU', name: '', options: { batchFirst: true } }]);
});

const TYPES = [
  ['Float', 'float32', Float32Array.of(1.5, -2)],
  ['Double', 'float64', Float64Array.of(0.1, -2)],
  ['Char', 'int8', Int8Array.of(-1, 127)],
  ['Byte', 'uint8', Uint8Array.of(1, 255)],
  ['Short', 'int16', Int16Array.of(-1, 32767)],
  ['Int', 'int32', Int32Array.of(-1, 2 ** 31 - 1)],
  ['Long', 'int64', BigInt64Array.of(-(2n ** 53n) - 1n, 2n)],
  ['Bool', 'bool', Uint8Array.of(0, 1)],
] as const;

test.each(TYPES)('elements of a %sStorage are %s, also where they were on a GPU', async (type, dtype, elements) => {
  const value = py.dict({ x: py.tensor('0', [2], { type, location: 'cuda:0' }) });
  for (const bytes of [py.torchZip(value, { 0: elements }), py.torchLegacy(value, { 0: elements })]) {
    expect((await readModel(bytes)).tensors['x']).toEqual({ data: elements, shape: [2], dtype });
  }
});

test('a str of Python 2 may be long, as the source of a module is', async () => {
  const text = 'class Net:\n    pass  # \xe9\n'.repeat(2000);
  const source = `T${String.fromCharCode(text.length & 255, text.length >> 8, 0, 0)}${text}`;
  const value = py.dict({ source, x: py.tensor('0', [2]) });
  const { tensors } = await readModel(py.torchLegacy(value, { 0: Float32Array.of(1, 2) }));
  expect(tensors['x']).toMatchObject({ data: Float32Array.of(1, 2) });
});

test('a type that PyTorch stores as bytes is that of the tensor', async () => {
  const id = py.tuple(
    py.str('storage'),
    py.global('torch.storage.UntypedStorage'),
    py.str('0'),
    py.str('cpu'),
    py.int(8),
  );
  const hooks = py.reduce('collections.OrderedDict');
  const of = (dtype: string): string =>
    py.reduce(
      'torch._utils._rebuild_tensor_v3',
      `${id}Q`,
      py.int(1),
      py.tuple(py.int(1)),
      py.tuple(py.int(1)),
      '\x89',
      hooks,
      py.global(dtype),
    );
  const bytes = Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255);
  const { tensors } = await readModel(py.torchZip(py.dict({ x: of('torch.uint32') }), { 0: bytes }));
  expect(tensors['x']).toEqual({ data: Uint32Array.of(2 ** 32 - 1), shape: [1], dtype: 'uint32' });
  const float8 = await readModel(py.torchZip(py.dict({ x: of('torch.float8_e4m3fn') }), { 0: bytes.fill(0x38) }));
  expect(float8.tensors['x']).toEqual({ data: Float32Array.of(1), shape: [1], dtype: 'float8_e4m3fn' });
  const complex = await readModel(py.torchZip(py.dict({ x: of('torch.complex64') }), { 0: bytes }));
  expect({ ...complex.unread }).toEqual({ x: 'has elements of the type torch.complex64, which is not read' });
});

test('views are copied in the order of their shapes: offsets, strides, a stride of zero, an empty one', async () => {
  const value = py.dict({
    column: py.tensor('0', [2], { length: 6, offset: 1, strides: [3] }),
    transposed: py.tensor('0', [3, 2], { length: 6, strides: [1, 3] }),
    expanded: py.tensor('0', [2, 2], { length: 6, offset: 5, strides: [0, 0] }),
    empty: py.tensor('0', [0, 3], { length: 6 }),
    scalar: py.tensor('0', [], { length: 6, offset: 2 }),
  });
  const { tensors } = await readModel(py.torchZip(value, { 0: ramp(6) }));
  const data = Object.fromEntries(Object.entries(tensors).map(([name, each]) => [name, [...each.data]]));
  expect(data).toEqual({
    column: [2, 5],
    transposed: [1, 4, 2, 5, 3, 6],
    expanded: [6, 6, 6, 6],
    empty: [],
    scalar: [3],
  });
  expect(tensors['column']!.data.buffer).not.toBe(tensors['scalar']!.data.buffer);
});

test('numbers of a machine with the other byte order are read', async () => {
  const big = Uint8Array.of(0x3f, 0x80, 0, 0);
  const value = py.dict({ x: py.tensor('0', [1]) });
  const order = (text: string) => py.torchZip(value, { 0: big }, { byteorder: py.latin(text) });
  expect((await readModel(order('big'))).tensors['x']!.data).toEqual(Float32Array.of(1));
  await expect(readModel(order('middle'))).rejects.toThrow(/byteorder.*neither/);
});

const SCRIPTED = `class GRU(Module):
  __parameters__ = ["weight_ih_l0", ]
  mode : Final[str] = "GRU"
  batch_first : Final[bool] = True
class Other(Module):
  batch_first : Final[bool] = False
`;

const TRACED = `class GRU(Module):
  def forward(self, x: Tensor) -> Tensor:
    _0, _1 = torch.gru(x, hx, _2, False, 1, 0., False, False, True)
    return _0
`;

test.each([
  ['scripted', SCRIPTED],
  ['traced', TRACED],
])('TorchScript, %s: parameters by name, and whether the batch is first by the code', async (_, code) => {
  const inner = py.object('__torch__.torch.nn.modules.rnn.GRU', { ...gru, training: '\x89' });
  const outer = py.object('__torch__.Net', { rnn: inner, scale: py.tensor('ih', [3]) });
  const file = py.torchZip(outer, storages, {
    'code/__torch__/torch/nn/modules/rnn.py': py.latin(code),
    'constants.pkl': py.pickle(py.tuple()),
  });
  const { tensors, layers } = await readModel(file);
  expect(Object.keys(tensors).sort()).toEqual(['rnn.weight_hh_l0', 'rnn.weight_ih_l0', 'scale']);
  expect(layers).toMatchObject([{ kind: 'GRU', name: 'rnn', options: { batchFirst: true }, notes: [] }]);
});

const WITHOUT = [
  ['one tensor', py.tensor('ih', [3, 1]), /no state dict, but one tensor of the shape \[3, 1\]/],
  [
    'a dict of numbers',
    py.dict({ epoch: py.int(1), loss: py.int(2) }),
    /no state dict, but a dict with the keys epoch, loss/,
  ],
  ['an optimiser alone', py.dict({ state: py.dict(gru), param_groups: py.list() }), /no state dict/],
  ['nothing', 'N', /no state dict, but None/],
  [
    'frozen TorchScript',
    py.object('__torch__.Net', { training: '\x89' }),
    /weights have no names, because it is frozen/,
  ],
] as const;

test.each(WITHOUT)('%s is no model, and is named', async (_, value, message) => {
  await expect(readModel(py.torchZip(value, storages))).rejects.toThrow(message);
});

test('a tensor that is sparse or quantised is left out by its name, and the others are read', async () => {
  const sparse = py.reduce('torch._utils._rebuild_sparse_tensor', py.global('torch.sparse_coo'), py.tuple());
  const { tensors, unread, layers } = await readModel(py.torchZip(py.dict({ ...gru, x: sparse }), storages));
  expect(unread).toEqual({ x: 'is sparse' });
  expect(Object.keys(tensors)).toEqual(Object.keys(gru));
  expect(layers).toMatchObject([{ kind: 'GRU', notes: [] }]);
  const { layers: lacking } = await readModel(py.torchZip(py.dict({ ...gru, weight_hh_l0: sparse }), storages));
  expect(lacking[0]!.notes).toContain('weight_hh_l0 is missing');
  expect(await names(py.torchZip(py.dict({ model: py.dict(gru), x: sparse }), storages))).toHaveLength(2);
});

test('a model that is quantised is to be saved before', async () => {
  const packed = py.reduce('torch.ScriptObject', py.str('x'));
  const reading = readModel(py.torchZip(py.dict({ 'rnn._all_weight_values.0.param': packed }), storages));
  await expect(reading).rejects.toThrow(/MODEL_UNSAFE: .*torch\.ScriptObject.*before they are quantised/);
});

test('nothing of the result refers to the file', async () => {
  const file = py.torchZip(py.dict(gru), storages);
  const { tensors } = await readModel(file);
  file.fill(0);
  expect(tensors['weight_ih_l0']!.data).toEqual(ramp(3));
});
