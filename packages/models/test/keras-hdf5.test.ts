import { inflateSync } from 'node:zlib';
import { CongruentError } from '@congruent/runtime';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readHdf5 } from '../src/keras/hdf5/hdf5.ts';
import { denseGroup } from './keras-dense-group.ts';
import { hdf5File, header, message, NONE, SIGNATURE, stored, text, u } from './keras-hdf5-file.ts';
import { recorded } from './recorded.ts';

const SMALL = hdf5File({
  attributes: { keras_version: '3.5.0' },
  children: {
    layer: {
      attributes: { weight_names: ['layer/kernel:0', 'layer/bias:0'] },
      children: { 'kernel:0': stored([3, 4]), 'bias:0': stored([4]) },
    },
  },
});

test('datasets and texts are read by their paths', () => {
  const { tensors, attributes } = readHdf5(SMALL);
  expect([...tensors.keys()]).toEqual(['layer/kernel:0', 'layer/bias:0']);
  expect(tensors.get('layer/kernel:0')).toEqual({ ...stored([3, 4]), dtype: 'float32' });
  expect(attributes.get('')?.get('keras_version')).toEqual(['3.5.0']);
  expect(attributes.get('layer')?.get('weight_names')).toEqual(['layer/kernel:0', 'layer/bias:0']);
});

test('groups of many, in the layout of HDF5 2.0, are read in their order', () => {
  const { tensors } = readHdf5(denseGroup());
  const expected = Array.from({ length: 12 }, (_, k) => [`layers/w${k}`, Float32Array.of(k)]);
  const inLayers = [...tensors].filter(([path]) => path.startsWith('layers/'));
  expect(Object.fromEntries(inLayers.map(([path, { data }]) => [path, data]))).toEqual(Object.fromEntries(expected));
  expect(tensors.get('chunked')).toEqual({ ...stored([7, 5], (k) => k), dtype: 'float32' });
});

/** A file whose root is the header at 48, before whatever follows. */
function hostile(root: readonly number[], rest: readonly number[] = []): Uint8Array {
  const size = 48 + root.length + rest.length;
  return Uint8Array.from([
    ...SIGNATURE,
    2,
    8,
    8,
    0,
    ...u(8, 0),
    ...NONE,
    ...u(8, size, 48),
    ...u(4, 0),
    ...root,
    ...rest,
  ]);
}

/** A node of a v1 tree at a level, with all its children at one address. */
const node = (level: number, children: number, address: number): number[] => [
  ...text('TREE'),
  0,
  level,
  ...u(2, children),
  ...NONE,
  ...NONE,
  ...Array.from({ length: children }, () => u(8, 0, address)).flat(),
  ...u(8, 0),
];

const heap = (at: number): number[] => [...text('HEAP'), 0, 0, 0, 0, ...u(8, 8, 0, at)];

test('a tree whose nodes have the same child over and over is refused, not walked', () => {
  const rootAt = 48;
  const symbols = (tree: number, names: number): number[] => header(message(0x11, u(8, tree, names)));
  const treeAt = rootAt + symbols(0, 0).length;
  const length = node(0, 2, 0).length;
  const levels = 40;
  const nodes = Array.from({ length: levels }, (_, k) => node(levels - 1 - k, 2, treeAt + (k + 1) * length)).flat();
  const file = hostile(symbols(treeAt, treeAt + nodes.length), [...nodes, ...heap(0)]);
  expect(() => readHdf5(file)).toThrow(/MODEL_UNSAFE.*parts lie over each other/s);
});

test('header blocks that continue in each other are refused', () => {
  const count = 2000;
  const at = 48 + 10;
  // Each names the next place, one message further, up to the end.
  const all = Array.from({ length: count }, (_, k) =>
    message(0x10, u(8, at + 20 * (k + 1) - 4, 20 * (count - k - 1) + 4)),
  ).flat();
  expect(() => readHdf5(hostile(header(all)))).toThrow(/MODEL_UNSAFE.*parts lie over each other/s);
});

test('an attribute with more elements than its message has is refused', () => {
  const name = text('keras_version\0');
  const space = [2, 1, 0, 1, ...u(8, 2 ** 31)];
  const attribute = [3, 0, ...u(2, name.length, 8, space.length), 0, ...name, 0x13, 0, 0, 0, ...u(4, 0), ...space];
  expect(() => readHdf5(hostile(header(message(0x0c, attribute))))).toThrow(/MODEL_FORMAT.*truncated/s);
});

test('a dataset larger than the file is refused before anything is allocated', () => {
  const huge = SMALL.slice();
  const dims = Buffer.from(huge).indexOf(Buffer.from([2, 2, 0, 1, 3, 0, 0, 0]));
  new DataView(huge.buffer).setBigUint64(dims + 4, 2n ** 40n, true);
  expect(() => readHdf5(huge)).toThrow(/MODEL_FORMAT.*"layer\/kernel:0": shape \[1099511627776,4\] needs/s);
});

/** The files of all tools, in HDF5. */
const files = [...recorded('keras'), ...recorded('keras-by-hand')]
  .map(({ path, file, files }) => ({ path, bytes: files[file]! }))
  .map(({ path, bytes }) => ({ path, bytes: bytes[0] === 0x50 ? unzipSync(bytes)['model.weights.h5']! : bytes }))
  .filter(({ bytes }) => bytes.length < 100_000);

/** Where the checksums of what zlib deflated are. */
function checksumsIn(bytes: Uint8Array): readonly number[] {
  return Array.from(bytes.keys()).flatMap((at) => {
    if (bytes[at] !== 0x78) return [];
    try {
      // Node's types do not know of what `info` gives.
      const { engine } = inflateSync(bytes.subarray(at), { info: true }) as unknown as {
        engine: { bytesWritten: number };
      };
      return [at + engine.bytesWritten - 4];
    } catch {
      return [];
    }
  });
}

test.runIf(files.length > 0)('a compressed chunk with other bytes than were stored is refused', () => {
  const { bytes } = files.find(({ path }) => path.endsWith('h5_chunked_gzip'))!;
  const checksums = checksumsIn(bytes);
  expect(checksums.length).toBeGreaterThan(0);
  for (const at of checksums) {
    const changed = bytes.slice();
    changed[at]! ^= 1;
    expect(() => readHdf5(changed)).toThrow(/MODEL_FORMAT.*a chunk are not those of its checksum/s);
  }
});

/** Reads, and lets nothing through but our own errors, nor takes long. */
function attempt(bytes: Uint8Array): void {
  const start = performance.now();
  try {
    readHdf5(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(CongruentError);
  }
  expect(performance.now() - start).toBeLessThan(2000);
}

for (const { path, bytes } of [{ path: 'small', bytes: SMALL }, { path: 'dense', bytes: denseGroup() }, ...files]) {
  test(`${path}: cut off anywhere, it is refused`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: bytes.length - 1 }), (length) => {
        expect(() => readHdf5(bytes.subarray(0, length))).toThrow(CongruentError);
      }),
      { numRuns: 30 },
    );
  });

  test(`${path}: with bytes changed, it is read or refused`, () => {
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.oneof(fc.constantFrom(0, 1, 127, 255), fc.nat(255)));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const changed = bytes.slice();
        for (const [at, byte] of changes) changed[at] = byte;
        attempt(changed);
      }),
      { numRuns: 150 },
    );
  });
}
