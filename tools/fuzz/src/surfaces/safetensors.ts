import { readSafetensors, type SafetensorsFile, writeSafetensors } from '@congruent/runtime';
import * as fc from 'fast-check';
import { outcomeOf } from '../engine/outcome.ts';
import { ACCEPTED, type Surface, surface } from '../engine/surface.ts';
import { sameBits } from './bits.ts';
import { type Edit, edited, edits } from './edits.ts';
import { editedJson, type JsonEdit, jsonEdits } from './json-edits.ts';
import { expectUnpolluted } from './unpolluted.ts';

type Input = { readonly bytes: readonly Edit[] } | { readonly header: readonly JsonEdit[] };

const inputs: fc.Arbitrary<Input> = fc.oneof(fc.record({ bytes: edits }), {
  weight: 2,
  arbitrary: fc.record({ header: jsonEdits }),
});

/** A file with element types of every width, an empty tensor, a number, one that is not read, and metadata. */
const header = {
  __metadata__: { format: 'pt' },
  'gru.weight_ih_l0': { dtype: 'F32', shape: [3, 2], data_offsets: [0, 24] },
  h: { dtype: 'F16', shape: [2], data_offsets: [24, 28] },
  f: { dtype: 'F8_E4M3', shape: [2, 2], data_offsets: [28, 32] },
  n: { dtype: 'I64', shape: [], data_offsets: [32, 40] },
  d: { dtype: 'F64', shape: [1], data_offsets: [40, 48] },
  e: { dtype: 'BF16', shape: [0, 7], data_offsets: [48, 48] },
  c: { dtype: 'C64', shape: [1], data_offsets: [48, 56] },
};

/** Of a text as the header, and 56 bytes behind it. */
function fileOf(text: string): Uint8Array {
  const json = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + json.length + 56);
  new DataView(file.buffer).setUint32(0, json.length, true);
  file.set(json, 8);
  for (let i = 0; i < 56; i++) file[8 + json.length + i] = 37 * i;
  return file;
}

const file = fileOf(JSON.stringify(header));

/** What is read is all there, within the file, and the same when it was written and read again. */
function check({ tensors, metadata, unread }: SafetensorsFile, bytes: number): void {
  for (const [name, { data, shape }] of Object.entries(tensors)) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (data.length !== size) throw new Error(`${name} has ${data.length} elements in place of ${size}`);
    if (size > bytes) throw new Error(`${name} has more elements than the file has bytes`);
  }
  if (Object.keys(unread).length > 0) return;
  const written = outcomeOf(() => writeSafetensors(tensors, metadata));
  if (written.refused !== undefined) return; // names or metadata that may be read and not written
  const again = readSafetensors(written.value);
  if (!sameBits(again.tensors, tensors)) throw new Error('written and read again, it is another');
}

export const safetensors: Surface = surface(
  'safetensors',
  inputs,
  (input, say) => {
    const bytes = 'bytes' in input ? edited(file, input.bytes) : fileOf(editedJson(header, input.header));
    const { value, refused = ACCEPTED } = outcomeOf(() => readSafetensors(bytes));
    expectUnpolluted();
    if (value) check(value, bytes.length);
    say(refused);
  },
  { frozen: true },
);
