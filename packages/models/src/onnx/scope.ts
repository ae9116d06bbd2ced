import type { StoredArray, StoredTensor } from '@congruent/runtime';
import { shortened } from '../errors.ts';
import type { Numbers } from './numbers.ts';
import type { AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto } from './proto.ts';
import type { TensorReader } from './tensors.ts';
import { damaged } from './wire.ts';

/** What gives a value of a graph. */
export type Source =
  | { readonly kind: 'constant'; readonly tensor: StoredTensor }
  | NodeSource
  /** Nothing that is known before the model runs, or a tensor of the file that is not read, and why. */
  | { readonly kind: 'input' | 'unread'; readonly why: string };

export interface NodeSource {
  readonly kind: 'node';
  readonly node: NodeProto;
  readonly scope: Scope;
}

/** A graph with its values, which the graphs inside of its nodes see. */
export interface Scope {
  /** What leads to it from the model's graph, e.g. `If_0/then_branch/`; empty for that itself. */
  readonly path: string;
  readonly values: ReadonlyMap<string, Source>;
  readonly outer: Scope | undefined;
  /** What runs the graph in another way than at most once, e.g. `the body of Loop loop_1`. */
  readonly within: string | undefined;
  /** Of a body: by its inputs, what they are at first, outside, and which of its outputs they are next. */
  readonly carried: ReadonlyMap<string, Carried>;
}

interface Carried {
  readonly first: string;
  readonly next: string;
}

/** Where a graph stands. */
type Around = Omit<Scope, 'values'>;

/** What is found on the way through a model, in the order of the file; a node comes before the graphs inside of it. */
export interface Visitor {
  tensor(name: string, tensor: StoredTensor, scope: Scope): void;
  /** A tensor that is not read, and why. */
  unread(name: string, why: string): void;
  node(node: NodeProto, scope: Scope): void;
}

/** A node's name, or where it has none what it gives. */
export const nameOf = ({ name, output, opType }: NodeProto): string =>
  name || output.find((each) => each !== '') || opType;

/** A node as messages and notes call it. */
export const titleOf = (node: NodeProto): string => `${node.opType.slice(0, 80)} ${shortened(nameOf(node))}`;

export const attributeOf = (node: NodeProto, name: string): AttributeProto | undefined =>
  node.attribute.find((attribute) => attribute.name === name);

/** Whether a node is one of ONNX's own operators. */
export const isONNX = ({ domain }: NodeProto): boolean => domain === '' || domain === 'ai.onnx';

/** What gives a value, here or in a graph around. */
export function sourceOf(scope: Scope, name: string): Source | undefined {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const source = at.values.get(name);
    if (source) return source;
  }
  return undefined;
}

/** Goes through a model: its graph, the graphs inside of nodes, and its functions. */
export function walk(model: ModelProto, read: TensorReader, visitor: Visitor): void {
  const top = { outer: undefined, carried: new Map() };
  visit(model.graph, { ...top, path: '', within: undefined }, read, visitor);
  for (const each of model.functions) {
    const within = `the function ${shortened(each.name)}, which nodes call`;
    visit(each, { ...top, path: `${each.name}/`.slice(0, LONGEST_PATH), within }, read, visitor);
  }
}

/** Graphs are nested less deep than the messages that they are read from. */
function visit(graph: GraphProto, around: Around, read: TensorReader, visitor: Visitor): void {
  const values = new Map<string, Source>();
  const scope = { ...around, values };
  for (const name of graph.input) values.set(name, { kind: 'input', why: 'is an input of the graph' });
  const leaveOut = (name: string, why: string): void => {
    visitor.unread(name, why);
    values.set(name, { kind: 'unread', why });
  };
  const add = (name: string, proto: TensorProto): void => {
    const place = `tensor ${shortened(name)}`;
    const tensor = read(proto, place);
    if (tensor) {
      visitor.tensor(name, tensor, scope);
      values.set(name, { kind: 'constant', tensor });
    } else leaveOut(name, `has elements of ONNX's type ${proto.dataType}, which are not read`);
  };
  for (const proto of graph.initializer) add(proto.name, proto);
  for (const name of graph.sparse) leaveOut(name, 'is a sparse tensor, which is not read');
  for (const node of graph.node) {
    const [name = ''] = node.output;
    const constant = isONNX(node) && node.opType === 'Constant' ? constantOf(node) : undefined;
    if (constant && 'kind' in constant) values.set(name, constant);
    else if (constant) add(name, constant);
    else for (const output of node.output) if (output !== '') values.set(output, { kind: 'node', node, scope });
  }
  for (const [name, { first, next }] of around.carried) {
    // What a loop hands on as it is stays what it was outside.
    if (around.outer && behind(scope, next, ['Identity']) === name) {
      values.set(name, { kind: 'node', node: identity(first, name), scope: around.outer });
    }
  }
  for (const node of graph.node) {
    visitor.node(node, scope);
    for (const { name, graphs } of node.attribute) {
      for (const inner of graphs ?? []) visit(inner, inside(scope, node, name, inner), read, visitor);
    }
  }
}

const LONGEST_PATH = 1000;

const identity = (input: string, output: string): NodeProto => ({
  name: '',
  opType: 'Identity',
  domain: '',
  input: [input],
  output: [output],
  attribute: [],
});

/** A branch of an If is run at most once; the body of anything else as often as the model says. */
function inside(scope: Scope, node: NodeProto, attribute: string, graph: GraphProto): Around {
  const { path, within } = scope;
  const once = isONNX(node) && node.opType === 'If';
  const body = once ? within : `the ${attribute.slice(0, 80)} of ${titleOf(node)}`;
  // Names may be of any length, and what is in the graph is named with the path before.
  const inner = `${path}${nameOf(node)}/${attribute}/`.slice(0, LONGEST_PATH);
  return { path: inner, outer: scope, within: body, carried: carriedOf(node, graph) };
}

/** Loop gives its body the number of the run and a condition before, Scan the slices of sequences behind what they carry. */
function carriedOf(node: NodeProto, { input, output }: GraphProto): ReadonlyMap<string, Carried> {
  const scanned = attributeOf(node, 'num_scan_inputs')?.i;
  const isLoop = node.opType === 'Loop';
  if (!isONNX(node) || (!isLoop && (node.opType !== 'Scan' || scanned === undefined))) return new Map();
  const names = isLoop ? input.slice(2) : input.slice(0, Math.max(0, input.length - Number(scanned)));
  return new Map(
    names.map((name, k) => [
      name,
      isLoop
        ? { first: node.input[k + 2] ?? '', next: output[k + 1] ?? '' }
        : { first: node.input[k] ?? '', next: output[k] ?? '' },
    ]),
  );
}

/** Operators that give the same numbers in the same order. */
const SAME_NUMBERS: readonly string[] = ['Identity', 'Squeeze', 'Unsqueeze', 'Reshape', 'Flatten'];

/** Exporters put a few of them in a row. */
const MOST_SAME = 100;

/** The value with the same numbers that is given by something else, or by nothing. */
export function behind(scope: Scope, name: string, operators: readonly string[] = SAME_NUMBERS): string {
  let at = name;
  for (let k = 0; k < MOST_SAME; k++) {
    const source = sourceOf(scope, at);
    if (source?.kind !== 'node' || !isONNX(source.node) || !operators.includes(source.node.opType)) break;
    at = source.node.input[0] ?? '';
  }
  return at;
}

/** Whether a loop hands on a value as what another is in the next run. */
export function handsOn(scope: Scope, name: string, value: string): boolean {
  const carried = scope.carried.get(behind(scope, name));
  return carried !== undefined && behind(scope, carried.next) === behind(scope, value);
}

/** Values that may still be followed, for all of a file: whoever asks for more than any model has does not wait long. */
export interface Steps {
  left: number;
}

/** The inputs of graphs that a value is computed from, each as often as it is met, as far as the steps reach. */
function* inputsBehind(
  scope: Scope,
  name: string,
  steps: Steps,
  follow: (node: NodeProto) => readonly string[],
): Generator<string, undefined> {
  const seen = new Set<unknown>();
  const open: (readonly [Scope, string])[] = [[scope, name]];
  for (let next = open.pop(); next; next = open.pop()) {
    const source = sourceOf(...next);
    if (source?.kind === 'input') yield next[1];
    if (source?.kind !== 'node' || seen.has(source.node)) continue;
    seen.add(source.node);
    steps.left -= 1 + source.node.input.length;
    if (steps.left < 0) return;
    for (const input of follow(source.node)) open.push([source.scope, input]);
  }
}

/** The inputs of graphs that a value is computed from, as text; nothing where the steps do not reach them. */
export function comesFrom(scope: Scope, name: string, steps: Steps): string | undefined {
  const inputs = new Set(inputsBehind(scope, name, steps, ({ input }) => input));
  return steps.left < 0 ? undefined : JSON.stringify([...inputs].sort());
}

/** How many inputs of an operator have numbers of its result; those behind them have its shape or its type. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['Shape', 0],
  ['Size', 0],
  ['ConstantOfShape', 0],
  ['Expand', 1],
  ['Tile', 1],
  ['CastLike', 1],
]);

/** Whether the numbers of a value are the file's own, and none that a graph is given, but for shapes. */
export function isOwn(scope: Scope, name: string, steps: Steps): boolean {
  const [input] = inputsBehind(scope, name, steps, (node) => node.input.slice(0, NUMBERS.get(node.opType)));
  return input === undefined && steps.left >= 0;
}

/** The tensor of a Constant node, whichever attribute has it. */
function constantOf(node: NodeProto): TensorProto | Source {
  const [attribute] = node.attribute;
  if (!attribute) throw damaged(`node ${shortened(nameOf(node))}`, 'the constant has no value');
  const { name, t, f, i, floats, ints } = attribute;
  if (name === 'value' && t) return t;
  if (name === 'value_float' && f !== undefined) return { ...FLOAT, floatData: one(Float32Array.of(f)) };
  if (name === 'value_int' && i !== undefined) return { ...INT64, int64Data: one(BigInt64Array.of(i)) };
  if (name === 'value_floats') return { ...FLOAT, dims: lengthOf(floats), ...(floats && { floatData: floats }) };
  if (name === 'value_ints') return { ...INT64, dims: lengthOf(ints), ...(ints && { int64Data: ints }) };
  return { kind: 'unread', why: `is a constant given as ${name}, which is not read` };
}

/** TensorProto.DataType. */
const FLOAT = { name: '', dataType: 1 };
const INT64 = { name: '', dataType: 7 };

const one = <A extends StoredArray>(array: A): Numbers<A> => ({ array, length: 1 });

const lengthOf = (numbers: Numbers<StoredArray> | undefined): Numbers<BigInt64Array> =>
  one(BigInt64Array.of(BigInt(numbers?.length ?? 0)));
