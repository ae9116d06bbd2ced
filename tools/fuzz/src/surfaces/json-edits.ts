import * as fc from 'fast-check';

/** A change of a JSON value, at one of the places in it, counted round and round. */
export type JsonEdit = { readonly at: number } & (
  | { readonly kind: 'put'; readonly value: unknown }
  | { readonly kind: 'copy'; readonly from: number }
  | { readonly kind: 'rename'; readonly name: string }
  | { readonly kind: 'add'; readonly name: string; readonly value: unknown }
  | { readonly kind: 'remove' }
  | { readonly kind: 'nest'; readonly depth: number }
);

/** Names that mean something to JavaScript, to a format, or to a file system. */
const telling: fc.Arbitrary<string> = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'length',
  '__metadata__',
  '',
  '../../x',
  '/etc/passwd',
  'weight_ih_l0',
  '\u0000',
  '\ud800',
  'x'.repeat(5000),
);

const names: fc.Arbitrary<string> = fc.oneof(telling, fc.string({ maxLength: 12 }));

const values: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, null, true, false, [], {}),
  fc.integer({ min: -3, max: 70 }),
  fc.array(fc.constantFrom(0, 1, 2, 3, 2 ** 31, 2 ** 53, -1), { maxLength: 70 }),
  names,
  fc.jsonValue({ maxDepth: 2 }),
);

/** Mostly shallow: what nests deep is slow to read, whoever reads it. */
const depths: fc.Arbitrary<number> = fc.oneof(
  { weight: 90, arbitrary: fc.constant(3) },
  { weight: 9, arbitrary: fc.constant(100) },
  { weight: 1, arbitrary: fc.constant(20_000) },
);

const edit: fc.Arbitrary<JsonEdit> = fc.nat(9999).chain((at) =>
  fc.oneof<fc.Arbitrary<JsonEdit>[]>(
    values.map((value) => ({ at, kind: 'put', value })),
    fc.nat(9999).map((from) => ({ at, kind: 'copy', from })),
    names.map((name) => ({ at, kind: 'rename', name })),
    fc.tuple(names, values).map(([name, value]) => ({ at, kind: 'add', name, value })),
    fc.constant({ at, kind: 'remove' }),
    depths.map((depth) => ({ at, kind: 'nest', depth })),
  ),
);

export const jsonEdits: fc.Arbitrary<readonly JsonEdit[]> = fc.array(edit, { minLength: 1, maxLength: 4 });

/** A copy of a JSON value with these changes, as a text: some nest deeper than JSON.stringify goes. */
export function editedJson(json: unknown, changes: readonly JsonEdit[]): string {
  const root = [structuredClone(json)];
  const nests: string[] = [];
  for (const change of changes) {
    const places = placesIn(root);
    if (places.length === 0) break;
    const [parent, key] = places[change.at % places.length]!;
    apply(parent, key, change, places, nests);
  }
  const text = JSON.stringify(root[0]) ?? 'null';
  return nests.reduce((whole, nest, i) => whole.replaceAll(`"${MARK}${i}"`, () => nest), text);
}

export type Place = readonly [parent: object, key: string];

/** What stands in the text for what is nested. */
const MARK = 'nested:';

function apply(parent: object, key: string, change: JsonEdit, places: readonly Place[], nests: string[]): void {
  const set = (name: string, value: unknown): void => {
    // Also of `__proto__`, as JSON.parse does.
    Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
  };
  const old = (parent as Record<string, unknown>)[key];
  if (change.kind === 'put') set(key, change.value);
  else if (change.kind === 'copy') {
    const [from, name] = places[change.from % places.length]!;
    set(key, structuredClone((from as Record<string, unknown>)[name]));
  } else if (change.kind === 'nest') {
    set(key, `${MARK}${nests.length}`);
    nests.push('['.repeat(change.depth) + ']'.repeat(change.depth));
  } else if (Array.isArray(parent)) {
    if (change.kind === 'remove') parent.splice(Number(key), 1);
    else parent.splice(Number(key), 0, 'value' in change ? change.value : old);
  } else if (change.kind === 'add') set(change.name, change.value);
  else {
    delete (parent as Record<string, unknown>)[key];
    if (change.kind === 'rename') set(change.name, old);
  }
}

/** Every place in a value: each property of an object, each element of an array that is no typed one. */
export function placesIn(value: object): Place[] {
  const found: Place[] = [];
  const waiting: object[] = [value];
  for (let at = 0; at < waiting.length; at++) {
    for (const [key, each] of Object.entries(waiting[at]!)) {
      found.push([waiting[at]!, key]);
      if (typeof each === 'object' && each !== null && !ArrayBuffer.isView(each)) waiting.push(each);
    }
  }
  return found;
}
