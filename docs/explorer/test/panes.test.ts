import { describe, expect, test } from 'vitest';
import { groups } from '../src/catalogue.ts';
import { cellOfText } from '../src/cell-of-text.ts';
import { COMMENT, type Compiled, type MathNode, PANES, type TextPane } from '../src/compiler/compiled.ts';
import { panesOf as compile } from '../src/compiler/panes.ts';
import { catalogue } from './catalogue.ts';

const compiled = new Map<string, Compiled>();

/** As the worker does, each text once. */
function panesOf(text: string): Compiled {
  const panes = compiled.get(text) ?? compile(text);
  compiled.set(text, panes);
  return panes;
}

const cells = groups.flatMap((group) => group.cells);

/** The values that a pane has names of. */
const valuesIn = ({ marks, sets }: TextPane): ReadonlySet<number> =>
  new Set(marksOf({ marks }).flatMap(([, , set]) => (set === COMMENT ? [] : numbers(sets[set]!))));

const marksOf = ({ marks }: Pick<TextPane, 'marks'>): readonly (readonly [number, number, number])[] =>
  Array.from({ length: marks.length / 3 }, (_, at) => [marks[3 * at]!, marks[3 * at + 1]!, marks[3 * at + 2]!]);

const numbers = (set: string): readonly number[] => set.split(' ').map(Number);

/** What a name in a pane stands for, by the names of the values. */
function standsFor(text: string, id: TextPane['id'], name: string): readonly string[] {
  const { values, panes } = panesOf(text);
  const pane = panes.find((each) => each.id === id)!;
  const sets = marksOf(pane).flatMap(([start, end, set]) =>
    pane.text.slice(start, end) === name && set !== COMMENT ? [pane.sets[set]!] : [],
  );
  return [...new Set(sets.flatMap(numbers))].map((value) => values[value]!.name);
}

describe('the catalogue', () => {
  test.each(cells)('$name compiles again from its text', ({ name, source }) => {
    expect(cellOfText(source)).toMatchObject({ name, source });
    expect(catalogue.sourceOf(name)).toBe(source);
    expect(catalogue.nameOf(`${source}\n`)).toBe(name);
  });

  test('has the classes, papers and networks, each once', () => {
    const names = cells.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['gru', 'lstm', 'rnn_tanh', 'sru', 'rwkv4', 'two_grus', 'encoder']));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('panes', () => {
  /** Adjoints that are equal are computed once, under the name of one of them. */
  const shared: Readonly<Record<string, readonly string[]>> = {
    nested: ['enc', 'u'],
    reserved_names: ['I2'],
    words_of_languages: ['local', 'var'],
    names_of_its_own: ['x_h2'],
  };

  test.each(cells)('of $name have the value of every equation', ({ name, source }) => {
    const { values, equations, panes } = panesOf(source);
    expect([equations.tag, ...panes.map(({ id }) => id)]).toEqual(['math', ...PANES.slice(1).map(({ id }) => id)]);
    for (const pane of panes) {
      const found = valuesIn(pane);
      const missing = values.flatMap((value, at) => (value.role === 'equation' && !found.has(at) ? [value.name] : []));
      expect([pane.id, missing]).toEqual([pane.id, pane.id === 'backward' ? (shared[name] ?? []) : []]);
    }
  });

  test.each(cells)('of $name have marks in order, within the text', ({ source }) => {
    for (const { id, text, marks, lines } of panesOf(source).panes) {
      const bounds = [...marks].filter((_, at) => at % 3 < 2);
      expect([id, bounds]).toEqual([id, [...bounds].sort((a, b) => a - b)]);
      expect(bounds.at(-1) ?? 0).toBeLessThanOrEqual(text.length);
      expect(lines).toHaveLength(text.split('\n').length);
    }
  });

  const gru = catalogue.sourceOf('gru')!;

  test.each([
    ['schedule', 'x_r', ['r']],
    ['schedule', 'u_n', ['n']],
    ['schedule', 'b_z', ['z']],
    ['backward', 'da_n', ['n']],
    ['backward', 'g_h', ["h'"]],
    ['backward', 'dy', ["h'"]],
    ['backward', 'p_h', ['h']],
    ['backward', 'dW_ir', ['W_ir']],
    ['backward', 'db_iz', ['b_iz']],
    ['plan', 'Wx', ['r', 'z', 'n']],
    ['plan', 'weight_ih', ['W_ir', 'W_iz', 'W_in']],
    ['typescript', 'h_next', ["h'"]],
    ['typescript', 'W_x', ['W_ir', 'W_iz', 'W_in']],
    ['wasm', 'h_next', ["h'"]],
    ['wasm', 'b_hns', ['b_hn']],
    ['gpujs', 'h_nexts', ["h'"]],
    ['c', 'h_next', ["h'"]],
  ] as const)('in %s %s stands for %j', (id, name, expected) => {
    expect(standsFor(gru, id, name)).toEqual(expected);
  });

  test('the locals of functions that every cell has are no values', () => {
    const { text, marks } = panesOf(gru).panes.find(({ id }) => id === 'typescript')!;
    const from = text.indexOf('function sigmoid');
    expect(from).toBeGreaterThan(0);
    expect(marksOf({ marks }).filter(([start, , set]) => start > from && set !== COMMENT)).toEqual([]);
  });

  test('a call stands for the next state of the cell that it calls, and for its value where that is no state', () => {
    const { values, named } = panesOf(catalogue.sourceOf('two_grus')!);
    expect(['g1', 'g2', 'fc'].map((name) => values[named[name]!]!.name)).toEqual(["g1.h'", "g2.h'", 'fc']);
  });
});

describe('mathematics', () => {
  /** How many children an element has. */
  const CHILDREN: Readonly<Record<string, number>> = {
    msub: 2,
    msup: 2,
    msubsup: 3,
    mfrac: 2,
    msqrt: 1,
    mi: 1,
    mn: 1,
    mo: 1,
    mtext: 1,
  };

  function check({ tag, children }: MathNode): void {
    expect([tag, children.length]).toEqual([tag, CHILDREN[tag] ?? children.length]);
    expect(tag).toMatch(/^(math|mrow|mtable|mtr|mtd|msub|msup|msubsup|mfrac|msqrt|mi|mn|mo|mtext)$/);
    for (const child of children) {
      if (typeof child === 'string') expect(['mi', 'mn', 'mo', 'mtext']).toContain(tag);
      else check(child);
    }
  }

  test.each(cells)('of $name is well-formed, a row for each equation', ({ source }) => {
    const { values, equations } = panesOf(source);
    check(equations);
    const [table] = equations.children as readonly [MathNode];
    expect(table.children.map((row) => values[(row as MathNode).line!]!.name)).toEqual(
      values.filter(({ role }) => role === 'equation').map(({ name }) => name),
    );
  });

  const print = (node: MathNode | string): string =>
    typeof node === 'string' ? node : node.children.map(print).join('');

  test('has the time as an index, and brackets where they are needed', () => {
    const { equations } = panesOf(
      "c(x[H], h[H]) -> h'\n h' = (1 - a) * (W @ (x - h)) / max(x, -2)\n layout p\n  W = [W] a = [a]",
    );
    expect(print(equations)).toBe('ht=(1−a)⊙W\u2062(xt−ht−1)max(xt,−2)');
  });
});
