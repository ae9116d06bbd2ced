/** An expression of the text format: a word, a string in its quotes, or a list. */
export type Node = string | readonly Node[];

/** A comment to the end of its line, a string, a bracket, or a word. */
const TOKEN = /\s+|;;.*|"[^"\\\n]*"|[()]|[^\s()";]+/y;

/**
 * The one expression that a text is.
 *
 * @throws Error where it is none, or where a comment of another kind or a string with escapes stands in it
 */
export function readExpression(text: string): Node {
  const open: Node[][] = [[]];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) throw new Error(`assemble: cannot read ${JSON.stringify(text.slice(at, at + 20))}`);
    if (token === '(') open.push([]);
    else if (token === ')') {
      const list = open.pop()!;
      if (open.length === 0) throw new Error('assemble: a bracket closes that was never opened');
      open.at(-1)!.push(list);
    } else if (!/^[\s;]/.test(token)) open.at(-1)!.push(token);
  }
  const [whole, ...others] = open.pop()!;
  if (open.length > 0) throw new Error('assemble: a bracket is not closed');
  if (whole === undefined || others.length > 0) throw new Error('assemble: the text is not one expression');
  return whole;
}

/** The keyword of a list, and what follows it: at most so many nodes. */
export function listOf(node: Node | undefined, most = Number.POSITIVE_INFINITY): readonly [string, ...Node[]] {
  if (node === undefined || typeof node === 'string' || typeof node[0] !== 'string') {
    throw new Error(`assemble: expected a list with a keyword, got ${show(node)}`);
  }
  if (node.length > most + 1) throw new Error(`assemble: too much in ${show(node)}`);
  return node as readonly [string, ...Node[]];
}

/** The characters of a string. */
export function stringOf(node: Node | undefined): string {
  if (typeof node === 'string' && node.startsWith('"')) return node.slice(1, -1);
  throw new Error(`assemble: expected a string, got ${show(node)}`);
}

/** The word that a node is, where it is to be a name, which begins with a dollar sign. */
export const isName = (node: Node | undefined): node is string => typeof node === 'string' && node.startsWith('$');

/** A node as messages show it. */
export function show(node: Node | undefined): string {
  if (node === undefined) return 'nothing';
  const text = (of: Node): string => (typeof of === 'string' ? of : `(${of.map(text).join(' ')})`);
  const whole = text(node);
  return whole.length > 60 ? `${whole.slice(0, 60)}…` : whole;
}
