import { gru, lstm } from '@congruent/spec';
import { afterEach, expect, test, vi } from 'vitest';
import { codeSizes } from '../../codegen/export/code-size.ts';
import { headerOf } from '../../codegen/export/header.ts';
import exporter from '../../codegen/export/index.ts';
import { modelOf } from './cases.ts';
import { present } from './tools.ts';

afterEach(() => vi.unstubAllEnvs());

const INFERENCE = { simd: true, training: false };
const model = modelOf(lstm, { I: 3, H: 5 }, 'model');
const begun = { ...model, initialStates: [new Float32Array(5).fill(1), new Float32Array(5).fill(2)] };

const exported = (of: typeof model, options = INFERENCE) => exporter.export(of, options, () => new Uint8Array());

const isCode = (note: string): boolean => note.startsWith('code: ');

test('beside the header the memory of each struct is said: what is constant, and what is RAM', () => {
  const { files, notes } = exported(begun);
  expect(files).toEqual([{ path: 'model.h', contents: headerOf(begun).text }]);
  expect(notes.filter((note) => !isCode(note))).toEqual([
    'model_weights: 720 bytes of constants',
    'model_initial_states: 40 bytes of constants',
    'model_state: 200 bytes of RAM',
  ]);
});

test.skipIf(!present('cc', 'size'))(
  'the size of the code is measured without its constants, and without reading them',
  () => {
    const { text } = headerOf(begun);
    const unreadable = text.replaceAll(/^( *)-?[\d.]+(e-\d+)?f,.*$/gm, '$1no number,');
    expect(unreadable).not.toBe(text);
    const sizes = codeSizes('model.h', unreadable, 'model');
    expect(sizes.at(-1)).toMatch(/^code: \d{3,4} bytes by cc -Os -ffp-contract=off$/);
    expect(exported(begun).notes.filter(isCode)).toEqual(sizes);
  },
);

test('where no temporary file can be written, the size of the code is left out', () => {
  vi.stubEnv('TMPDIR', '/no-such-folder');
  expect(exported(model)).toMatchObject({
    files: [{ path: 'model.h' }],
    notes: [expect.stringMatching(/^model_weights/), expect.stringMatching(/^model_state/)],
  });
});

test.each([
  [false, 2 ** 24, 'a header of C holds 16777216'],
  [true, 2 ** 23, 'a header of C with --training holds 8388608'],
])('a model that no header holds is refused, with how large it is: training %s', (training, most, holds) => {
  const huge = {
    ...modelOf(gru, { I: 1, H: 1 }, 'huge'),
    tensors: new Map([['weight_hh', new Float32Array(most + 1)]]),
  };
  expect(() => exported(huge, { simd: true, training })).toThrow(
    `EXPORT_SIZE: huge has ${most + 1} weights, and ${holds}. Use a smaller model, or --target wasm.`,
  );
});

test('--no-simd is refused, as C names no vectors', () => {
  expect(() => exported(model, { simd: false, training: false })).toThrow(
    expect.objectContaining({ code: 'EXPORT_OPTION' }),
  );
});
