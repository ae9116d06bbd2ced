/**
 * WebAssembly's text format as data. A node is an atom or a list; a list's first element is its keyword.
 * A string that starts with `;;` is a comment on a line of its own.
 */
export type Wat = string | readonly Wat[];

export const get = (name: string): Wat => ['local.get', `$${name}`];

export const set = (name: string, value: Wat): Wat => ['local.set', `$${name}`, value];

export const i32 = (value: number): Wat => ['i32.const', `${value}`];

/** An i32 operation; numbers stand for constants. */
const operation =
  (name: string) =>
  (left: Wat, right: Wat | number): Wat => [`i32.${name}`, left, typeof right === 'number' ? i32(right) : right];

/** An operation that 0 on the right changes nothing in. */
const neutral =
  (name: string) =>
  (left: Wat, right: Wat | number): Wat =>
    right === 0 ? left : operation(name)(left, right);

export const add: (left: Wat, right: Wat | number) => Wat = neutral('add');
export const sub: (left: Wat, right: Wat | number) => Wat = neutral('sub');
export const mul: (left: Wat, right: Wat | number) => Wat = operation('mul');
export const div: (left: Wat, right: Wat | number) => Wat = operation('div_u');
export const and: (left: Wat, right: Wat | number) => Wat = operation('and');
export const shl: (left: Wat, right: Wat | number) => Wat = operation('shl');
export const shr: (left: Wat, right: Wat | number) => Wat = operation('shr_u');
export const eq: (left: Wat, right: Wat | number) => Wat = operation('eq');
export const below: (left: Wat, right: Wat | number) => Wat = operation('lt_u');
export const atLeast: (left: Wat, right: Wat | number) => Wat = operation('ge_u');
export const above: (left: Wat, right: Wat | number) => Wat = operation('gt_u');

/** Moves a pointer or a counter on. */
export const advance = (name: string, by: Wat | number): Wat => set(name, add(get(name), by));

/** The smaller of two unsigned numbers, which are evaluated twice. */
export const min = (left: Wat, right: Wat): Wat => ['select', left, right, below(left, right)];

/** The larger of two unsigned numbers, which are evaluated twice. */
export const max = (left: Wat, right: Wat): Wat => ['select', left, right, above(left, right)];

/** The deepest that a chain of operations nests: what prints and reads a text takes a line's depth for every line. */
const DEEPEST = 64;

/** Operands combined from the left; where they are very many, in parts, and then those. */
export function chain(operands: readonly Wat[], combine: (left: Wat, right: Wat) => Wat): Wat {
  const parts = Array.from({ length: Math.ceil(operands.length / DEEPEST) }, (_, part) =>
    operands.slice(part * DEEPEST, (part + 1) * DEEPEST).reduce((left, right) => combine(left, right)),
  );
  return parts.length === 1 ? parts[0]! : chain(parts, combine);
}

export const call = (name: string, ...operands: readonly Wat[]): Wat => ['call', `$${name}`, ...operands];

export const when = (condition: Wat, then: readonly Wat[], otherwise: readonly Wat[] = []): Wat => [
  'if',
  condition,
  ['then', ...then],
  ...(otherwise.length > 0 ? [['else', ...otherwise]] : []),
];

/** Runs the body, and again while the condition holds. */
export const repeat = (label: string, body: readonly Wat[], again: Wat): Wat => [
  'loop',
  `$${label}`,
  ...body,
  ['br_if', `$${label}`, again],
];

/** Runs the body while the condition holds. */
export const loopWhile = (label: string, condition: Wat, body: readonly Wat[]): Wat => [
  'loop',
  `$${label}`,
  when(condition, [...body, ['br', `$${label}`]]),
];

/** What operations on two numbers give. */
const FOLDED: Readonly<Record<string, (left: number, right: number) => number>> = {
  'i32.add': (left, right) => left + right,
  'i32.sub': (left, right) => left - right,
  'i32.mul': (left, right) => Math.imul(left, right),
  'i32.shr_u': (left, right) => left >>> right,
};

/** Code with numbers in the place of some locals, which nothing sets, and of what follows from numbers alone. */
export function withNumbers(node: Wat, numbers: ReadonlyMap<string, number>): Wat {
  if (typeof node === 'string') return node;
  const [keyword, first] = node as [string, Wat];
  if (keyword === 'local.get') {
    const number = numbers.get((first as string).slice(1));
    return number === undefined ? node : i32(number);
  }
  const folded = node.map((child) => withNumbers(child, numbers));
  const operation = FOLDED[keyword];
  const [left, right] = [numberOf(folded[1]), numberOf(folded[2])];
  return operation && left !== undefined && right !== undefined ? i32(operation(left, right) | 0) : folded;
}

const numberOf = (node: Wat | undefined): number | undefined =>
  node?.[0] === 'i32.const' ? Number(node[1]) : undefined;

interface Parameter {
  readonly name: string;
  readonly type: 'i32' | 'f32' | 'f64' | 'v128';
}

interface Signature {
  readonly name: string;
  /** What the function computes, in one line or a few. */
  readonly comment: string;
  /** A name alone is that of an i32. */
  readonly parameters: readonly (string | Parameter)[];
  readonly result?: 'i32' | 'f64';
  readonly exported?: boolean;
}

/** A function; its locals are what the body sets, each of the type of the first value it is set to. */
export function define(signature: Signature, body: readonly Wat[]): Wat[] {
  const { name, comment, result, exported } = signature;
  const parameters = signature.parameters.map(
    (each): Parameter => (typeof each === 'string' ? { name: each, type: 'i32' } : each),
  );
  const types = new Map(parameters.map((parameter) => [`$${parameter.name}`, parameter.type as string]));
  const locals: Wat[] = [];
  const visit = (node: Wat): void => {
    if (typeof node === 'string') return;
    for (const child of node) visit(child);
    const [keyword, local, value] = node as [string, string, Wat];
    if (keyword !== 'local.set' || types.has(local)) return;
    types.set(local, typeOf(value, types));
    locals.push(['local', local, types.get(local)!]);
  };
  for (const node of body) visit(node);
  return [
    ...comment.split('\n').map((line) => `;; ${line}`),
    [
      'func',
      `$${name}`,
      ...(exported ? [['export', `"${name}"`]] : []),
      ...parameters.map((parameter) => ['param', `$${parameter.name}`, parameter.type]),
      ...(result ? [['result', result]] : []),
      ...locals,
      ...body,
    ],
  ];
}

function typeOf(value: Wat, types: ReadonlyMap<string, string>): string {
  const [keyword, first] = value as readonly [string, Wat];
  if (keyword === 'local.get') return types.get(first as string)!;
  if (keyword === 'select') return typeOf(first, types);
  if (keyword === 'global.get') return 'i32'; // globals hold addresses
  const [type] = keyword.split('.') as [string];
  return type.includes('x') || type === 'v128' ? 'v128' : type;
}

const WIDTH = 118;

/** Lists whose elements stand on lines of their own. */
const BLOCKS = new Set(['module', 'func', 'loop', 'block', 'if', 'then', 'else']);

/** The text of a node, indented by `depth` spaces. */
export function print(node: Wat, depth = 0): string {
  const margin = ' '.repeat(depth);
  if (typeof node === 'string') return margin + node;
  const [keyword] = node as [string];
  const flat = BLOCKS.has(keyword) ? undefined : flatten(node);
  if (flat !== undefined && flat.length + depth <= WIDTH) return margin + flat;
  const inHead = (child: Wat): boolean =>
    typeof child === 'string' ? !child.startsWith(';;') : ['export', 'param', 'result'].includes(child[0] as string);
  const condition = keyword === 'if' ? 1 : 0;
  const count = node.findIndex((child) => !inHead(child));
  const head = node.slice(0, count < 0 ? node.length : count);
  const locals = node.filter((child) => child[0] === 'local').map(flatten);
  const rest = node.slice(head.length).filter((child) => child[0] !== 'local');
  const inline = condition && flatten(rest[0]!).length + depth + 4 <= WIDTH ? rest.splice(0, 1).map(flatten) : [];
  return [
    `${margin}(${[...head.map(flatten), ...inline].join(' ')}`,
    ...wrapped(locals, depth + 2),
    ...rest.map((child) => print(child, depth + 2)),
  ]
    .join('\n')
    .concat(')');
}

/** Words filled into lines. */
function wrapped(words: readonly string[], depth: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(' '.repeat(depth) + word);
  }
  return lines;
}

const flatten = (node: Wat): string => (typeof node === 'string' ? node : `(${node.map(flatten).join(' ')})`);
