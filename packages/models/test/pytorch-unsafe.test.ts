import { existsSync } from 'node:fs';
import { CongruentError } from '@congruent/runtime';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readModel } from '../src/index.ts';
import { read } from '../src/pytorch/read.ts';
import * as py from './pytorch-files.ts';
import { recorded } from './recorded.ts';
import { CHECKSUM, COMPRESSED, lying, METHOD, OFFSET, ORIGINAL, unchecked } from './zip-file.ts';

const gru = { weight_ih_l0: py.tensor('ih', [3, 1]), weight_hh_l0: py.tensor('hh', [3, 1]) };
const storages = { ih: new Float32Array(3), hh: new Float32Array(3) };
const whole = py.torchZip(py.dict(gru), storages);
const legacy = py.torchLegacy(py.dict(gru), storages);

const GLOBALS = [
  'posix.system',
  'nt.system',
  'os.popen',
  'builtins.eval',
  '__builtin__.exec',
  'builtins.getattr',
  'builtins.__import__',
  'subprocess.Popen',
  'operator.attrgetter',
  'functools.partial',
  'runpy.run_path',
  'numpy.load',
  'numpy.testing._private.utils.runstring',
  'torch.load',
  'torch.hub.load',
  'torch.storage._load_from_bytes',
  'torch._utils._import_dotted_name',
  'torch.nn.modules.rnn.os.system',
  'torch.nn.modules.container.warnings',
  'torch.optim.adam.torch.load',
  'torch.FloatStorage.from_file',
  'collections.OrderedDict.fromkeys',
  'constructor.constructor',
  '__main__.Net',
];

test.each([
  ['sklearn.preprocessing._data.MinMaxScaler', /It is no network: give the file of the model/],
  ['keras.src.saving.pickle_utils.deserialize_model_from_bytecode', /model\.save\('model\.keras'\)/],
  ['__main__.Net', /torch\.save\(model\.state_dict\(\), path\)/],
])('of a pickled %s it is said what to do instead', async (name, remedy) => {
  await expect(readModel(py.pickle(py.object(name, {})))).rejects.toThrow(remedy);
});

/** The ways in which a pickle names a global. */
const byGlobal = py.global;
const byStack = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return `${py.str(name.slice(0, dot))}${py.str(name.slice(dot + 1))}\x93`;
};

test.each(GLOBALS)('%s is refused by its name, wherever it stands, and nothing is run', async (name) => {
  const escaped = name.replaceAll('.', '\\.');
  for (const naming of [byGlobal(name), byStack(name)]) {
    const called = `${naming}${py.tuple(py.str('touch ./pickle_code_was_run.txt'))}R`;
    const files = [
      py.torchZip(called, storages),
      py.torchZip(py.dict({ ...gru, x: called }), storages),
      py.torchZip(py.dict({ model: py.dict(gru), optimizer: py.dict({ param_groups: called }) }), storages),
      py.torchZip(`${called}0${py.dict(gru)}`, storages),
      py.torchZip(py.dict({ ...gru, x: naming }), storages),
      py.torchLegacy(py.dict({ ...gru, x: called }), storages),
      py.pickle(called),
    ];
    for (const file of files) {
      const reading = readModel(file);
      await expect(reading).rejects.toThrow(new RegExp(`^MODEL_UNSAFE: .*it names ${escaped}, .*nothing was run`));
    }
  }
  expect(existsSync('pickle_code_was_run.txt')).toBe(false);
});

test.each([
  ['INST', `(${py.str('x')}iposix\nsystem\n`, '0x69'],
  ['OBJ', `(${py.str('x')}o`, '0x6f'],
  ['EXT1', '\x82\x01', '0x82'],
  ['PERSID', 'Px\n', '0x50'],
  ['NEWOBJ_EX', `${py.str('x')})}\x92`, '0x92'],
])('the opcode %s is refused', async (_, code, number) => {
  const reading = readModel(py.torchZip(`${code}0${py.dict(gru)}`, storages));
  await expect(reading).rejects.toThrow(`the opcode ${number} is none that torch.save writes`);
});

test('a pickle that torch.save did not write is said to be that', async () => {
  await expect(readModel(py.pickle(py.dict({ a: py.int(1) })))).rejects.toThrow(
    /MODEL_FORMAT: .*torch\.save did not write/,
  );
});

test('a name that does not end, and a tensor that is made of itself, are refused', async () => {
  const name = readModel(py.torchZip('cposix'));
  await expect(name).rejects.toThrow(/MODEL_FORMAT: .*byte 3: a line of the pickle does not end/);
  const rebuild = py.global('torch._tensor._rebuild_from_type_v2');
  const itself = `${rebuild}]q\0(${rebuild}Nh\0NeR`;
  await expect(readModel(py.torchZip(itself))).rejects.toThrow(/MODEL_FORMAT: .*a tensor is made of what makes none/);
});

test('what is called keeps no more than its name', async () => {
  const date = py.reduce('datetime.datetime', py.str('\x07'));
  const { tensors } = await readModel(py.torchZip(py.dict({ ...gru, date }), storages));
  expect(Object.keys(tensors)).toEqual(Object.keys(gru));
});

test('names that are special in JavaScript are names', async () => {
  const value = py.dict({ __proto__x: py.tensor('ih', [3]), constructor: py.tensor('hh', [3]) });
  const file = py.torchZip(value.replace(py.str('__proto__x'), py.str('__proto__')), storages);
  const { tensors } = await readModel(file);
  expect(Object.keys(tensors)).toEqual(['__proto__', 'constructor']);
  expect(Object.getPrototypeOf(tensors)).toBeNull();
});

const bomb = zipSync({ 'm/data.pkl': py.pickle(py.dict(gru)), 'm/data/ih': new Uint8Array(1e7) }, { level: 9 });

test.each([
  ['a stored size', lying(whole, 0, COMPRESSED, 0xf0000000), /MODEL_FORMAT: .*data\.pkl.*4026531840 bytes/],
  ['two sizes', lying(whole, 1, ORIGINAL, 13), /MODEL_FORMAT: .*data\/ih": it has 12 bytes, not 13/],
  ['a large one', lying(whole, 1, ORIGINAL, 0x70000000), /MODEL_UNSAFE: .*inflates to/],
  ['a place', lying(whole, 1, OFFSET, 0x7fffffff), /MODEL_FORMAT: .*data\/ih.*it has 0 bytes, not 12/],
  ['an inflated size', lying(bomb, 1, ORIGINAL, 12), /MODEL_FORMAT: /],
  ['a compression', lying(whole, 1, METHOD, 14), /MODEL_FORMAT: .*unknown compression type 14/],
  ['a bomb', bomb, /MODEL_UNSAFE: .*inflates to 10000\d{3}/],
  ['a checksum', lying(whole, 1, CHECKSUM, 7), /MODEL_FORMAT: .*data\/ih": its bytes are not those of its checksum/],
  ['a name twice', zipTwice(), /MODEL_FORMAT: .*data\/ih.*twice/],
])('a zip archive whose directory lies is refused: %s', async (_, file, message) => {
  await expect(readModel(file)).rejects.toThrow(message);
});

test('a bit that has changed is found, but where PyTorch was told not to compute checksums', async () => {
  const file = py.torchZip(py.dict(gru), { ...storages, ih: Float32Array.of(1, 2, 3) });
  const changed = file.slice();
  changed[Buffer.from(file).indexOf(Buffer.from(Float32Array.of(1, 2, 3).buffer))]! ^= 0x10;
  await expect(readModel(changed)).rejects.toThrow(/MODEL_FORMAT: .*its bytes are not those of its checksum/);
  expect((await readModel(unchecked(file))).tensors).toEqual((await readModel(file)).tensors);
});

/** The second storage renamed as the first. */
function zipTwice(): Uint8Array {
  const text = Array.from(whole, (byte) => String.fromCharCode(byte)).join('');
  return py.latin(text.replaceAll('model/data/hh', 'model/data/ih'));
}

test('records that overlap are refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}`, new Float32Array(100)]));
  let file = py.torchZip(py.dict(gru), { ...many, big: new Float32Array(1000) });
  for (let record = 1; record < 51; record++) {
    file = lying(lying(file, record, COMPRESSED, 4000), record, ORIGINAL, 4000);
  }
  await expect(readModel(file)).rejects.toThrow(/MODEL_FORMAT: .*the records up to it have/);
});

const DAMAGED = [
  [
    'a view past its storage',
    py.tensor('ih', [2, 2], { length: 3 }),
    /MODEL_FORMAT: .*"x".*reaches to element 4, past/,
  ],
  ['an offset past it', py.tensor('ih', [1], { length: 3, offset: 3 }), /MODEL_FORMAT: .*reaches to element 4/],
  ['a stride past it', py.tensor('ih', [2], { length: 3, strides: [3] }), /MODEL_FORMAT: .*reaches to element 4/],
  ['a negative stride', py.tensor('ih', [2], { length: 3, offset: 2, strides: [-1] }), /MODEL_FORMAT: .*strides/],
  ['a negative length', py.tensor('ih', [-1], { length: 3, strides: [1] }), /MODEL_FORMAT: .*shape/],
  ['too few strides', py.tensor('ih', [3], { strides: [] }), /MODEL_FORMAT: .*strides/],
  ['another length of the storage', py.tensor('ih', [2], { length: 2 }), /MODEL_FORMAT: .*12 bytes, where 8 are said/],
  ['a storage that is not there', py.tensor('none', [3]), /MODEL_FORMAT: .*"none" is not in the file/],
  ['a terabyte of one element', py.tensor('ih', [1e6, 1e6], { length: 3, strides: [0, 0] }), /MODEL_UNSAFE: .*repeat/],
  [
    'sizes that overflow',
    py.tensor('ih', [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1], { length: 3, strides: [0, 0, 0] }),
    /MODEL_UNSAFE: .*repeat/,
  ],
] as const;

test.each(DAMAGED)('a tensor is refused before memory is taken for it: %s', async (_, x, message) => {
  await expect(readModel(py.torchZip(py.dict({ x }), storages))).rejects.toThrow(message);
});

test('a storage of a legacy file that is longer than the file is refused', async () => {
  const bytes = legacy.slice();
  const at = bytes.length - 2 * (8 + 12);
  new DataView(bytes.buffer).setBigUint64(at, 2n ** 62n, true);
  await expect(readModel(bytes)).rejects.toThrow(/MODEL_FORMAT: .*storage "ih": it has \d+ bytes, of which 32 follow/);
});

/** Puts a value under a number, and takes it from there. */
const put = (index: number): string => `q${String.fromCharCode(index)}`;
const get = (index: number): string => `h${String.fromCharCode(index)}`;

test('modules in modules without an end are refused: doubled forty times, and in themselves', async () => {
  const sequential = 'torch.nn.modules.container.Sequential';
  let doubled = `${py.module('torch.nn.modules.rnn.GRU', gru)}${put(0)}`;
  for (let level = 1; level <= 40; level++) {
    doubled += `0${py.module(sequential, {}, { a: get(level - 1), b: get(level - 1) })}${put(level)}`;
  }
  const inItself = `${py.global(sequential)})\x81${put(0)}${py.dict({ _parameters: py.dict(gru), _modules: py.dict({ a: get(0) }) })}b`;
  const dictInItself = `}${put(0)}(${py.str('a')}${get(0)}u`;
  for (const value of [doubled, inItself, dictInItself]) {
    await expect(readModel(py.torchZip(value, storages))).rejects.toThrow(/MODEL_UNSAFE: .*without an end/);
  }
});

test('a pickle that only makes things is bounded', async () => {
  await expect(readModel(py.torchZip('}'.repeat(5e6)))).rejects.toThrow(/MODEL_UNSAFE: .*more than 4000000 opcodes/);
});

test('nesting of any depth is no overflow of the stack', async () => {
  const deep = `${'('.repeat(100_000)}N${'t'.repeat(100_000)}`;
  const dicts = `${`}${py.str('a')}`.repeat(50_000)}N${'s'.repeat(50_000)}`;
  await expect(readModel(py.torchZip(deep))).rejects.toThrow(/MODEL_FORMAT: .*no state dict/);
  await expect(readModel(py.torchZip(dicts))).rejects.toThrow(/MODEL_UNSAFE: .*without an end/);
});

/** Whatever is wrong is our error, and soon. */
async function readOrRefuse(bytes: Uint8Array): Promise<unknown> {
  try {
    return await read({ name: 'file', bytes, files: {} });
  } catch (error) {
    expect(error).toBeInstanceOf(CongruentError);
    return error;
  }
}

test('every file that is cut off is refused, wherever it is', async () => {
  for (const file of [whole, legacy]) {
    for (let length = 0; length < file.length; length++) {
      expect(await readOrRefuse(file.subarray(0, length))).toBeInstanceOf(CongruentError);
    }
  }
});

const small = recorded('pytorch').flatMap(({ files, file }) => (files[file]!.length < 12_000 ? [files[file]!] : []));

test('files with some bytes changed are read or refused', async () => {
  const change = fc.tuple(fc.nat(), fc.nat(255));
  const file = fc.constantFrom(whole, legacy, ...[whole, ...small].map(unchecked));
  await fc.assert(
    fc.asyncProperty(file, fc.array(change, { minLength: 1, maxLength: 6 }), async (bytes, changes) => {
      const changed = bytes.slice();
      for (const [at, value] of changes) changed[at % changed.length] = value;
      await readOrRefuse(changed);
    }),
    { numRuns: 2000 },
  );
});

test('pickles of random opcodes are read or refused', async () => {
  const opcode = fc.constantFrom(
    ...'().0123NIKMJGUXCBtl]}aesuqrhjcRbQo',
    ...'\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96',
    ...Object.values(gru),
    ...[py.dict(gru), py.str('_modules'), py.str('model'), py.int(3), py.tuple(py.int(3))],
    ...['collections.OrderedDict', 'torch._utils._rebuild_tensor_v2', 'torch.nn.modules.rnn.GRU'].map(py.global),
    ...['torch.FloatStorage', 'torch._tensor._rebuild_from_type_v2', 'torch.Size'].map(py.global),
    ...[put(0), get(0), put(1), get(1)],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(opcode, { maxLength: 60 }), fc.boolean(), async (opcodes, zip) => {
      const value = opcodes.join('');
      await readOrRefuse(zip ? py.torchZip(value, storages) : py.torchLegacy(value, storages));
    }),
    { numRuns: 2000 },
  );
});
