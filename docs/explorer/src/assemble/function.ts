import { unsigned, vector } from './bytes.ts';
import { codeOf, type Places } from './code.ts';
import { isName, listOf, type Node, show, stringOf } from './reader.ts';

const TYPES: ReadonlyMap<Node | undefined, number> = new Map([
  ['i32', 0x7f],
  ['i64', 0x7e],
  ['f32', 0x7d],
  ['f64', 0x7c],
  ['v128', 0x7b],
]);

/** The code of the type of a value. */
export function typeCode(type: Node | undefined): number {
  const code = TYPES.get(type);
  if (code === undefined) throw new Error(`assemble: unknown type ${show(type)}`);
  return code;
}

/** A function as its text has it; types by their codes. */
export interface FunctionText {
  readonly exports: readonly string[];
  readonly parameters: ReadonlyMap<string, number>;
  readonly locals: ReadonlyMap<string, number>;
  readonly results: readonly number[];
  readonly body: readonly Node[];
}

/** What stands in a function before its instructions. */
const HEAD: ReadonlySet<string> = new Set(['export', 'param', 'result', 'local']);

/** A function of this name, from what follows that in the text. */
export function readFunction(name: string, nodes: readonly Node[]): FunctionText {
  const exports: string[] = [];
  const [parameters, locals] = [new Map<string, number>(), new Map<string, number>()];
  const results: number[] = [];
  let at = 0;
  for (; at < nodes.length && HEAD.has(listOf(nodes[at])[0]); at++) {
    const [keyword, first, second] = listOf(nodes[at], 2);
    if (keyword === 'export' && second === undefined) exports.push(stringOf(first));
    else if (keyword === 'result' && second === undefined) results.push(typeCode(first));
    else if (!isName(first) || parameters.has(first) || locals.has(first)) {
      throw new Error(`assemble: cannot read ${show(nodes[at])} of ${name}`);
    } else (keyword === 'param' ? parameters : locals).set(first, typeCode(second));
  }
  return { exports, parameters, locals, results, body: nodes.slice(at) };
}

/** The type of a function: parameters, results. */
export const functionType = ({ parameters, results }: FunctionText): number[] => [
  0x60,
  ...vector([...parameters.values()].map((type) => [type])),
  ...vector(results.map((type) => [type])),
];

/** The code of a function. Locals of one type stand together, in the order in which the text has these types first. */
export function functionCode({ parameters, locals, body }: FunctionText, others: Omit<Places, 'locals'>): number[] {
  const groups = [...new Set(locals.values())].map((type) => ({
    type,
    names: [...locals].flatMap(([name, of]) => (of === type ? [name] : [])),
  }));
  const order = [...parameters.keys(), ...groups.flatMap(({ names }) => names)];
  return [
    ...vector(groups.map(({ type, names }) => [...unsigned(names.length), type])),
    ...codeOf(body, { ...others, locals: new Map(order.map((name, place) => [name, place])) }),
  ];
}
