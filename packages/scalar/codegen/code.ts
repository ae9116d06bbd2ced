import {
  type Block,
  type Declaration,
  type Definition,
  fold,
  indented,
  lineComment,
  type MapExpression,
  type Parameter,
} from '@congruent/codegen';
import type { Element } from './element.ts';

/** A definition as a statement, with what the specification says about it. */
export const statement = ({ name, value, comment }: Definition<MapExpression>, { table }: Element): string =>
  `const ${name} = ${fold(value, table).text};${comment ? ` ${lineComment('//', comment)}` : ''}`;

/** The words of code without its comments: as every name in a plan is its own, they tell what the code uses. */
export const wordsIn = (code: Block): ReadonlySet<string> =>
  new Set(indented(code).flatMap((line) => line.replace(/\/\/.*/, '').match(/[A-Za-z_$][\w$]*/g) ?? []));

/** The words in the bodies of functions and the values of constants. */
export const wordsOf = (declarations: readonly Declaration[]): ReadonlySet<string> =>
  wordsIn(
    declarations.flatMap((each) => (each.kind === 'function' ? each.body : each.kind === 'constant' ? each.value : [])),
  );

/** The members of an owner that code uses, taken out of it. */
export function taken(owner: string, members: readonly string[], code: Block): Block {
  const words = wordsIn(code);
  const used = members.filter((name) => words.has(name));
  return used.length > 0 ? [`const { ${used.join(', ')} } = ${owner};`, ...code] : code;
}

/** A function that emitted code calls, or an array that such functions share. */
export type Helper = Extract<Declaration, { kind: 'function' | 'constant' }>;

/** Parameters of one type. */
export const typed = (type: string, ...names: readonly string[]): readonly Parameter[] =>
  names.map((name) => ({ name, type }));

/**
 * A function; parameters that turn out unused are marked so. It takes the functions of Math that it calls into local
 * names: calls of those are so short in V8's bytecode that all activations of a step fit its budget for inlining.
 */
export function functionOf(
  doc: string,
  name: string,
  given: readonly Parameter[],
  returns: string,
  code: Block,
): Helper {
  const words = wordsIn(code);
  const names = new Set(given.map((parameter) => parameter.name));
  const unused = (wish: string): string => (names.has(wish) ? unused(`_${wish}`) : wish);
  const parameters = given.map((parameter) => {
    if (!/^\w/.test(parameter.name) || words.has(parameter.name)) return parameter;
    const marked = unused(`_${parameter.name}`);
    names.add(marked);
    return { ...parameter, name: marked };
  });
  return { kind: 'function', name, doc, parameters, returns, body: taken('Math', ['abs', 'floor', 'fround'], code) };
}
