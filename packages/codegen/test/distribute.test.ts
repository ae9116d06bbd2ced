import type { Cell } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import { describe, expect, test } from 'vitest';
import { compile, definitionsIn, type Schedule } from '../src/index.ts';
import { componentsOf } from '../src/schedule/components.ts';

const cellOf = (name: string): Cell => cells.find((cell) => cell.name === name)!;

/** The phases of rows: each loop with what it hands on, then what every phase computes. */
const outline = ({ phases }: Schedule): string[] =>
  phases
    .filter(({ kind }) => kind === 'rows' || kind === 'steps')
    .map((phase) => {
      const carries =
        phase.kind === 'steps' ? phase.carries.map(({ given, next }) => `${given.name}>${next.name} `) : [];
      const names = definitionsIn(phase.stages).map(({ name }) => name);
      return `${phase.kind} ${carries.join('')}: ${names.join(' ')}`;
    });

const outlines = (cell: Cell): { readonly forward: string[]; readonly backward: string[] } => {
  const { forward, backward } = compile(cell);
  return { forward: outline(forward), backward: outline(backward) };
};

describe('loops are distributed', () => {
  test('stacked layers: two loops with the products over all rows between them; backwards the other way round', () => {
    expect(outlines(cellOf('stacked'))).toMatchInlineSnapshot(`
      {
        "backward": [
          "rows : g' g_y p_g",
          "steps dg'>dg : g_g2 da_g ds da_s p_g2 dg",
          "rows : p_h",
          "steps dh'>dh : g_h da_h dh",
          "rows : dx",
        ],
        "forward": [
          "rows : x_h",
          "steps h>h' : h_h h'",
          "rows : h_next_s h_next_y s",
          "steps g>g' : g_g tanh_g g'",
          "rows : g_next_y y",
        ],
      }
    `);
  });

  test("a linear recurrence: the output's product comes after the loop, for all rows", () => {
    expect(outlines(cellOf('linear_recurrence'))).toMatchInlineSnapshot(`
      {
        "backward": [
          "rows : g_y p_h",
          "steps dh'>dh : g_h dh c_a",
          "rows : dx",
        ],
        "forward": [
          "rows : x_h x_y",
          "steps h>h' : h'",
          "rows : h_next_y y",
        ],
      }
    `);
  });

  test('minGRU: all but the recurrence itself is computed for all rows', () => {
    expect(outlines(cellOf('min_gru'))).toMatchInlineSnapshot(`
      {
        "backward": [
          "rows : x_h2",
          "steps dh'>dh : g_h dx_h2 dn dz dx_z dh",
          "rows : dx",
        ],
        "forward": [
          "rows : x_z n z x_h x_h2",
          "steps h>h' : h'",
        ],
      }
    `);
  });

  test('states that wait for each other are one loop', () => {
    expect(outlines(cellOf('two_ways'))).toMatchInlineSnapshot(`
      {
        "backward": [
          "rows : v",
          "steps dh'>dh dc'>dc : g_h dtanh_h da_h c_a dv g_c dg dx_g dh dc c_b",
          "rows : dx",
        ],
        "forward": [
          "rows : x_g x_h g",
          "steps h>h' c>c' : v h_h v_h tanh_h h' c'",
        ],
      }
    `);
  });

  test('an input that is kept for one step is a loop of its own, before the one that reads it', () => {
    expect(outlines(cellOf('input_kept_for_one_step'))).toMatchInlineSnapshot(`
      {
        "backward": [
          "steps dh'>dh : g_h da_h dh c_u",
          "steps dd'>dd : g_d dd dx",
        ],
        "forward": [
          "steps d>d' : d'",
          "steps h>h' : h'",
        ],
      }
    `);
  });

  test('loops that do not wait for each other stand side by side, what reads both comes after', () => {
    expect(outlines(cellOf('loops_that_do_not_wait'))).toMatchInlineSnapshot(`
      {
        "backward": [
          "rows : g_y p_g p_h",
          "steps dg'>dg : g_g2 da_g dg",
          "steps dh'>dh : g_h da_h dh",
          "rows : dx",
        ],
        "forward": [
          "rows : x_h x_g",
          "steps h>h' : h_h h'",
          "steps g>g' : g_g g'",
          "rows : h_next_y g_next_y y",
        ],
      }
    `);
  });

  test('a next value that no step waits for is computed for all rows: backwards, where nothing depends on the state', () => {
    const { forward, backward } = compile(cellOf('next_state_is_zero'));
    expect(outline(forward)).toEqual(["steps h>h' : h'"]);
    expect(outline(backward)).toEqual(['rows : dh dx']);
    expect(backward.carries.map(({ next }) => next.name)).toEqual(['dh']);
  });

  test('an output that is a next state is stored by its loop, one that is an input needs none', () => {
    expect(outlines(cellOf('output_is_the_next_state')).forward).toEqual(["steps h>h' : h_h h' y"]);
    expect(outlines(cellOf('output_is_the_input')).forward).toEqual(['rows : y', "steps h>h' : h'"]);
  });

  test('an output that another equation reads is computed once, where that finds it', () => {
    expect(outlines(cellOf('output_that_is_read')).forward).toEqual(['rows : y sigmoid_z z', "steps h>h' : h_h h'"]);
  });

  test('without a state there is no loop', () => {
    for (const name of ['no_state', 'no_state_two_layers']) {
      const { forward, backward } = compile(cellOf(name));
      expect([forward, backward].flatMap(({ phases }) => phases).some(({ kind }) => kind === 'steps')).toBe(false);
    }
  });
});

describe('strongly connected components', () => {
  test('come after those that they have edges to, their nodes in order', () => {
    expect(componentsOf([[1], [2], [0, 3], [4], [3], []])).toEqual([[3, 4], [0, 1, 2], [5]]);
  });

  test('of a graph without circles are its nodes', () => {
    expect(componentsOf([[1, 2], [2], []])).toEqual([[2], [1], [0]]);
    expect(componentsOf([])).toEqual([]);
  });

  test('of 100,000 nodes in one circle, or in a line, need no deep stack', () => {
    const length = 100_000;
    const line = Array.from({ length }, (_, node) => (node + 1 < length ? [node + 1] : []));
    expect(componentsOf(line)).toHaveLength(length);
    expect(componentsOf(line.with(-1, [0]))).toHaveLength(1);
  });
});
