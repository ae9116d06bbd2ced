/// <reference path="./jsfive.d.ts" />
import { formatError } from '../../errors.ts';
import { extentOf } from './datatype.ts';
import { cutOff, overlapping } from './metered-buffer.ts';
import { isUndefined, unsigned } from './object-header.ts';

const ATTRIBUTE = 0x0c;
const ATTRIBUTE_INFO = 0x15;
const TEXT = 3;
const VARIABLE_LENGTH = 9;

/** Texts of an object's attributes, by name. */
export type Attributes = ReadonlyMap<string, readonly string[]>;

/** The attributes that Keras writes its names and configs in; a long list of names goes on in `layer_names0` …. */
const WANTED = /^(keras_version|model_config|dtype|(layer|weight)_names\d*)$/;

/**
 * Reads the attributes of text that Keras writes: as jsfive has them, after a look at what they make it allocate.
 *
 * @throws MODEL_FORMAT, MODEL_UNSAFE
 */
export function readAttributes(view: DataView, object: import('jsfive').DataObjects): Attributes {
  const found = new Map<string, readonly string[]>();
  for (const message of object.msgs) {
    const at = message.get('offset_to_message');
    if (message.get('type') === ATTRIBUTE_INFO) refuseDense(view, at);
    if (message.get('type') !== ATTRIBUTE) continue;
    const attribute = attributeAt(view, at, message.get('size'));
    if (!attribute || !WANTED.test(attribute.name)) continue;
    const [, value] = object.unpack_attribute(at);
    const texts = Array.isArray(value) ? value : [value];
    if (texts.every((text) => typeof text === 'string')) {
      found.set(
        attribute.name,
        texts.map((text) => text.replace(/\0+$/, '')),
      );
    }
  }
  return found;
}

/** jsfive does not see attributes that lie in a heap of their own, and would take the file for one without a config. */
function refuseDense(view: DataView, at: number): void {
  const heap = unsigned(view, at + 2 + (view.getUint8(at + 1) & 1 ? 2 : 0), 8);
  if (!isUndefined(heap)) {
    throw formatError(
      'HDF5',
      '',
      'the attributes of an object lie in a fractal heap, which is not read',
      "Save the model again with Keras's own save()",
    );
  }
}

/** The name of an attribute of text; `undefined` for others. Specification IV.A.2.m. */
function attributeAt(view: DataView, at: number, size: number): { readonly name: string } | undefined {
  const version = view.getUint8(at);
  const padding = version === 1 ? 8 : 1;
  const padded = (length: number): number => Math.ceil(length / padding) * padding;
  const nameAt = at + (version === 3 ? 9 : 8);
  const typeAt = nameAt + padded(view.getUint16(at + 2, true));
  const spaceAt = typeAt + padded(view.getUint16(at + 4, true));
  const dataAt = spaceAt + padded(view.getUint16(at + 6, true));
  const kind = view.getUint8(typeAt) & 15;
  if (kind !== TEXT && kind !== VARIABLE_LENGTH) return undefined;
  const { count } = extentOf(view, spaceAt);
  const bytes = unsigned(view, typeAt + 4, 4);
  if (!(bytes > 0) || dataAt + count * bytes > at + size) throw cutOff(dataAt + count * bytes, view.byteLength);
  if (kind === VARIABLE_LENGTH) checkHeaps(view, dataAt, count);
  return { name: textAt(view, nameAt, view.getUint16(at + 2, true)) };
}

/** Each element of variable length makes jsfive copy at most its whole collection. */
function checkHeaps(view: DataView, dataAt: number, count: number): void {
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const collection = unsigned(view, dataAt + 16 * i + 4, 8);
    if (collection + 16 > view.byteLength) throw cutOff(collection + 16, view.byteLength);
    bytes += unsigned(view, collection + 8, 8);
  }
  if (bytes > 16 * view.byteLength + 0x400000) throw overlapping();
}

/** ASCII text up to its end or a NUL. */
export function textAt(view: DataView, at: number, most: number): string {
  let text = '';
  for (let i = at; i < Math.min(at + most, view.byteLength); i++) {
    const code = view.getUint8(i);
    if (code === 0) break;
    text += String.fromCharCode(code);
  }
  return text;
}
