import type { StoredDType } from '@congruent/runtime';
import { unsafeError } from '../errors.ts';
import { isStorageClass } from './storages.ts';
import { dict, type Global, isOf, sequence, setItems, type TensorView, type Unreadable, type Value } from './values.ts';

/** Says what is wrong with the pickle. */
type Fail = (problem: string) => never;

/**
 * A class or function that a pickle names.
 *
 * @param place  where it does, for the message
 * @throws MODEL_UNSAFE for every one that is not on the list below
 */
export function globalOf(place: string, module: string, name: string): Global {
  const full = `${PYTHON_3[module] ?? module}.${name}`;
  if (Object.hasOwn(FUNCTIONS, full) || isStorageClass(full) || INERT.some((pattern) => pattern.test(full))) {
    return { kind: 'global', name: full };
  }
  throw unsafeError(
    'PyTorch',
    place,
    `it names ${`${module}.${name}`.slice(0, 120)}, which would have to be imported and might run anything; nothing was run`,
    OTHERS.find(([of]) => of.test(full))?.[1] ??
      'Save the weights alone, where that code is: torch.save(model.state_dict(), path)',
  );
}

/** What is pickled beside models, or in place of them, and what to do then. */
const OTHERS: readonly (readonly [of: RegExp, remedy: string])[] = [
  [/^(sklearn|xgboost|lightgbm|pandas)\b/, 'It is no network: give the file of the model that it stands beside'],
  [/quantized|ScriptObject/, 'Save the weights before they are quantised: torch.save(model.state_dict(), path)'],
  [/^(keras|tf_keras)\b/, "It is a Keras model: save it with model.save('model.keras')"],
];

/** Modules that Python 2 called otherwise. */
const PYTHON_3: Readonly<Record<string, string>> = { __builtin__: 'builtins', copy_reg: 'copyreg' };

/** What calling a class or function would give: for most a record of its name. */
export function call({ name }: Global, given: readonly Value[], fail: Fail): Value {
  const make = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  return make ? make(given, fail) : { kind: 'instance', of: name, state: null };
}

/** Gives an object its state. What else has one (a tensor, a dict) has only notes of PyTorch's in it. */
export function build(of: Value, state: Value): void {
  if (isOf('instance', of)) of.state = state;
}

/** What is a name and no more: classes of objects that stand beside weights, and types. */
const INERT: readonly RegExp[] = [
  // The layers of PyTorch itself, of which a whole pickled model may be made, and of TorchScript.
  /^torch\.nn\.(?:modules|parallel|utils)\.\w+\.[A-Z]\w*$/,
  /^torch\.nn\.functional\.\w+$/,
  /^torch\._C\._nn\.\w+$/,
  /^torch\.nn\.backends\.thnn\._get_thnn_function_backend$/,
  /^__torch__(?:\.\w+)+$/,
  // Types, devices and layouts.
  /^torch\.(?:Tensor|device|strided|sparse_\w+|per_(?:tensor|channel)_\w+|contiguous_format|channels_last\w*|preserve_format)$/,
  /^torch\.(?:bool|q?u?int\d+\w*|b?float\d+\w*|complex\d+|bits\w+)$/,
  /^torch\.serialization\._get_layout$/,
  // What a checkpoint of a training run has besides.
  /^torch\.optim\.(?:\w+\.)?[A-Z]\w*$/,
  /^argparse\.Namespace$|^types\.SimpleNamespace$|^collections\.deque$|^uuid\.UUID$|^decimal\.Decimal$/,
  /^datetime\.(?:datetime|date|time|timedelta|timezone)$/,
  /^pathlib\.(?:_local\.)?(?:Pure)?(?:Posix|Windows)?Path$/,
  /^numpy\.(?:dtype|ndarray|[a-z]+\d+|bool_)$|^numpy\.dtypes\.\w+DType$|^numpy\._?core\.multiarray\.(?:scalar|_reconstruct)$/,
  /^builtins\.(?:object|int|float|bool|str|bytes|bytearray|complex|slice|x?range)$/,
  /^(?:pytorch_lightning|lightning_fabric|lightning)(?:\.\w+)*\.AttributeDict$/,
];

/** The argument itself. */
const first = ([value]: readonly Value[], fail: Fail): Value => value ?? fail('an argument is missing');

const unreadable = (problem: string) => (): Unreadable => ({ kind: 'unreadable', problem });

const sequenceOf = ([of]: readonly Value[]): Value => (isOf('sequence', of) ? of : sequence());

/** What is done by data alone. */
const FUNCTIONS: Readonly<Record<string, (given: readonly Value[], fail: Fail) => Value>> = {
  'collections.OrderedDict': dictOf,
  'collections.Counter': dictOf,
  'builtins.dict': dictOf,
  'collections.defaultdict': () => dict(),
  'builtins.set': sequenceOf,
  'builtins.frozenset': sequenceOf,
  'builtins.list': sequenceOf,
  'builtins.tuple': sequenceOf,
  'torch.Size': sequenceOf,
  '_codecs.encode': first,
  'copyreg._reconstructor': ([of]) => ({ kind: 'instance', of: isOf('global', of) ? of.name : 'object', state: null }),
  'torch.nn.parameter.Parameter': first,
  'torch._utils._rebuild_parameter': first,
  'torch._utils._rebuild_parameter_with_state': first,
  'torch._utils._rebuild_tensor': (given, fail) => tensorOf(given, undefined, fail),
  'torch._utils._rebuild_tensor_v2': (given, fail) => tensorOf(given, undefined, fail, given[6]),
  'torch._utils._rebuild_tensor_v3': (given, fail) => tensorOf(given, given[6], fail, given[7]),
  'torch._utils._rebuild_sparse_tensor': unreadable('is sparse'),
  'torch._utils._rebuild_qtensor': unreadable('is quantised'),
  'torch._utils._rebuild_meta_tensor_no_storage': unreadable('has no elements (it is on the device meta)'),
  'torch._tensor._rebuild_from_type_v2': ([of, , given], fail) => {
    if (!isOf('global', of) || !isOf('sequence', given) || of.name === 'torch._tensor._rebuild_from_type_v2') {
      return fail('a tensor is made of what makes none');
    }
    return call(of, given.items, fail);
  },
  'torch.jit._pickle.restore_type_tag': first,
  'torch.jit._pickle.build_tensorlist': first,
  'torch.jit._pickle.build_intlist': first,
  'torch.jit._pickle.build_doublelist': first,
  'torch.jit._pickle.build_boollist': first,
};

/** Of another dict, or as Python 2 has it of a list of pairs, which are moved: whoever repeats them gains no memory. */
function dictOf([of]: readonly Value[], fail: Fail): Value {
  if (isOf('dict', of)) return of;
  const made = dict();
  for (const pair of isOf('sequence', of) ? of.items.splice(0) : []) {
    if (!isOf('sequence', pair) || pair.items.length !== 2) fail('a dict is made of what are no pairs');
    setItems(made, pair.items);
  }
  return made;
}

/** `_rebuild_tensor_v2(storage, offset, shape, strides, …)`, and with the type of its elements where the storage has none. */
function tensorOf(
  given: readonly Value[],
  of: Value | undefined,
  fail: Fail,
  metadata?: Value,
): TensorView | Unreadable {
  const [storage, offset, shape, strides] = given;
  if (!isOf('storage', storage)) return fail('a tensor has no storage');
  const [lengths, steps] = [sizesOf(shape), sizesOf(strides)];
  if (!isSize(offset) || !lengths || !steps || lengths.length !== steps.length) {
    return fail('a tensor has an offset, a shape or strides that are none');
  }
  const dtype = of === undefined ? storage.dtype : dtypeOf(of);
  if (!dtype) {
    const type = isOf('global', of) ? of.name : storage.type;
    return { kind: 'unreadable', problem: `has elements of the type ${type}, which is not read` };
  }
  if (isOf('dict', metadata) && [...metadata.entries.values()].includes(true)) {
    return { kind: 'unreadable', problem: 'is a view that conjugates or negates' };
  }
  return { kind: 'tensor', storage, dtype, offset, shape: lengths, strides: steps };
}

const isSize = (value: Value | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** No layer has a tensor of so many dimensions. */
const MAX_DIMENSIONS = 16;

const sizesOf = (value: Value | undefined): readonly number[] | undefined =>
  isOf('sequence', value) && value.items.length <= MAX_DIMENSIONS && value.items.every(isSize)
    ? [...value.items]
    : undefined;

const DTYPES: readonly string[] = [
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e5m2',
  'float8_e5m2fnuz',
  'float8_e8m0fnu',
  'float16',
  'bfloat16',
  'float32',
  'float64',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'bool',
] satisfies StoredDType[];

const dtypeOf = (of: Value): StoredDType | undefined => {
  const name = isOf('global', of) ? of.name.replace(/^torch\./, '') : '';
  return DTYPES.includes(name) ? (name as StoredDType) : undefined;
};
