import { COMMENT, type MathNode, type TextPane } from '../compiler/compiled.ts';
import { element } from './element.ts';

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** An element of MathML, its names and equations linked. */
export function mathematics({ tag, value, line, flat, children }: MathNode): Element {
  const made = document.createElementNS(MATHML, tag);
  if (tag === 'math') made.setAttribute('display', 'block');
  if (value !== undefined) made.setAttribute('data-value', `${value}`);
  if (line !== undefined) made.setAttribute('data-line', `${line}`);
  if (flat) made.setAttribute('stretchy', 'false');
  made.append(...children.map((child) => (typeof child === 'string' ? child : mathematics(child))));
  return made;
}

/** A text with its values linked; a line that defines one is an element of its own. */
export function code({ text, marks, lines, sets }: TextPane): HTMLElement {
  const made = element('code', '');
  let start = 0;
  let mark = 0;
  for (const set of lines) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    const line = set < 0 ? made : element('span', 'ex-line', { 'data-line': sets[set]! });
    let from = start;
    for (; mark < marks.length && marks[mark]! < end; mark += 3) {
      const [begin, stop, kind] = [marks[mark]!, marks[mark + 1]!, marks[mark + 2]!];
      if (begin > from) line.append(text.slice(from, begin));
      line.append(marked(text.slice(begin, stop), kind, sets));
      from = stop;
    }
    if (end > from) line.append(text.slice(from, end));
    if (line !== made) made.append(line);
    start = end;
  }
  made.normalize();
  return made;
}

const marked = (text: string, kind: number, sets: readonly string[]): HTMLElement =>
  kind === COMMENT ? element('span', 'ex-comment', {}, text) : element('span', '', { 'data-value': sets[kind]! }, text);
