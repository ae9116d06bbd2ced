import { bytesPerElement, readElements, type StoredTensor, shapeText, sizeOf } from '@congruent/runtime';
import { formatError, shortened, unsafeError } from '../errors.ts';
import type { Model } from '../model.ts';
import { isOf, type TensorView, type Unreadable, type Value } from './values.ts';

/** Where the elements of storages are. */
interface Storages {
  readonly littleEndian: boolean;
  /** The bytes of a storage, or undefined where the file does not have them. */
  bytesOf(key: string): Uint8Array | undefined;
}

/** What torch.save or torch.jit.save stored. */
export interface Stored extends Storages {
  readonly root: Value;
  /** The source of a class of TorchScript, with the others of its module. */
  codeOf(name: string): string | undefined;
}

/** A tensor that repeats elements, or that several names have, takes more memory than the file: so many bytes for each. */
const MOST_OF_FILE = 8;

/** So that a small file may repeat elements as it likes. */
const ALWAYS_ALLOWED = 65_536;

/**
 * The tensors with their elements, each as a copy in the order of its shape, and why others are not read.
 *
 * @param fileBytes  the length of the file, which bounds theirs together
 * @throws MODEL_FORMAT where one reaches past its storage; MODEL_UNSAFE
 */
export function readTensors(
  views: ReadonlyMap<string, TensorView | Unreadable>,
  storages: Storages,
  fileBytes: number,
): Pick<Model, 'tensors' | 'unread'> {
  const unread: Record<string, string> = Object.create(null);
  const tensors: Record<string, StoredTensor> = Object.create(null);
  let left = MOST_OF_FILE * fileBytes + ALWAYS_ALLOWED;
  for (const [name, view] of views) {
    const place = `tensor ${shortened(name)}`;
    if (isOf('unreadable', view)) {
      unread[name] = view.problem;
      continue;
    }
    const bytes = checkedBytes(place, view, storages);
    left -= sizeOf(view.shape) * bytesPerElement(view.dtype);
    if (left < 0) {
      const problem = `the tensors up to this one repeat what is in the file of ${fileBytes} bytes more than ${MOST_OF_FILE} times`;
      throw unsafeError('PyTorch', place, problem, 'Save contiguous tensors: {name: tensor.contiguous()}');
    }
    const elements = gather(view, bytes);
    const data = new DataView(elements.buffer, elements.byteOffset, elements.byteLength);
    tensors[name] = {
      data: readElements(view.dtype, data, storages.littleEndian),
      shape: [...view.shape],
      dtype: view.dtype,
    };
  }
  return { tensors, unread };
}

/** The bytes of the storage of a tensor, which lies in it. */
function checkedBytes(place: string, view: TensorView, { bytesOf }: Storages): Uint8Array {
  const { storage, dtype, shape } = view;
  const refuse = (problem: string): never => {
    throw formatError('PyTorch', place, problem, 'The file is damaged or cut off: save or fetch it again');
  };
  const bytes = bytesOf(storage.key) ?? refuse(`its storage ${shortened(storage.key)} is not in the file`);
  const wanted = storage.length * storage.bytesPerElement;
  if (bytes.length !== wanted) refuse(`its storage has ${bytes.length} bytes, where ${wanted} are said`);
  const length = Math.floor(bytes.length / bytesPerElement(dtype));
  const end = endOf(view);
  if (end > length) {
    refuse(`the view of shape ${shapeText(shape)} reaches to element ${end}, past its storage of ${length}`);
  }
  return bytes;
}

/** The element of the storage behind the last one of a tensor. */
function endOf(view: TensorView): number {
  const { offset, shape, strides } = view;
  if (sizeOf(shape) === 0) return 0;
  return strides.reduce((last, stride, i) => last + stride * (shape[i]! - 1), offset) + 1;
}

/** The bytes of a tensor's elements in the order of its shape; those of the storage where they lie so. */
function gather(view: TensorView, bytes: Uint8Array): Uint8Array {
  const { dtype, offset, shape, strides } = view;
  const width = bytesPerElement(dtype);
  const size = sizeOf(shape);
  if (size === 0) return new Uint8Array(0);
  if (isContiguous(view)) return bytes.subarray(offset * width, (offset + size) * width);
  const gathered = new Uint8Array(size * width);
  const index = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < size; to++) {
    for (let byte = 0; byte < width; byte++) gathered[to * width + byte] = bytes[from * width + byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      from += strides[axis]!;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return gathered;
}

function isContiguous({ shape, strides }: TensorView): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}
