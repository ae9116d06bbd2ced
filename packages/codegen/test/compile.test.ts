import { defineCell } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import { describe, expect, test } from 'vitest';
import {
  cellRules,
  compile,
  definitionsIn,
  extractProducts,
  float64,
  foldSums,
  type InterpretedValue,
  interpreter,
  lowerCell,
  planFor,
  printSchedule,
  type Schedule,
  scheduleRules,
} from '../src/index.ts';
import { alive, readBy } from '../src/ir/definition.ts';
import { evaluateEquations } from './equations.ts';
import { type Lengths, numbers, valuesFor } from './values.ts';

const LENGTHS: Lengths = { I: 5, H: 3, G: 4, P: 2, M: 6, O: 7, 'g.H': 8 };

/** Freezes everything inside, so that whatever changes it throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

const definedIn = ({ phases }: Schedule): string[] =>
  definitionsIn(phases.flatMap(({ stages }) => stages)).map(({ name }) => name);

describe.each(cells)('$name', (cell) => {
  test('is compiled by a pure function: the same program twice, and the cell as it was', () => {
    const first = compile(frozen(cell));
    expect(compile(cell)).toEqual(first);
    expect(printSchedule(compile(cell).forward)).toBe(printSchedule(first.forward));
  });

  test('keeps every rule through every pass', () => {
    const folded = frozen(foldSums(frozen(lowerCell(cell))));
    for (const ir of [folded, extractProducts(folded)]) {
      expect(cellRules.flatMap((rule) => rule.broken(ir))).toEqual([]);
    }
    const { forward, backward } = compile(cell);
    expect(scheduleRules.flatMap((rule) => [forward, backward].flatMap((each) => rule.broken(each)))).toEqual([]);
  });

  test('has every definition that anything reads in its schedule once, and no other', () => {
    const { adjoint, forward, backward } = compile(cell);
    const { definitions, carries, outputs } = adjoint.forward;
    const wanted = [...carries.map(({ next }) => next), ...outputs, ...adjoint.residuals].map(({ name }) => name);
    const names = (of: readonly { readonly name: string }[]): string[] => of.map(({ name }) => name);
    expect(definedIn(forward).sort()).toEqual(names(alive(definitions, wanted)).sort());
    const backwards = definedIn(backward);
    expect(new Set(backwards).size).toBe(backwards.length);
    const derived = [...adjoint.definitions, ...adjoint.sums, ...adjoint.finish];
    expect(backwards).toEqual(expect.arrayContaining(names(derived)));
    // What else it has are values of the parameters, which it reads.
    const read = readBy(derived);
    const early = backwards.filter((name) => !names(derived).includes(name));
    for (const name of early) {
      const readers = definitionsIn(backward.phases.flatMap(({ stages }) => stages)).filter(({ value }) =>
        readBy([{ name, value }]).has(name),
      );
      expect(read.has(name) || readers.length > 0).toBe(true);
    }
  });

  test('computes what its equations say, in the order that the schedule derives', () => {
    const { parameters, operands } = valuesFor(cell, LENGTHS, numbers(7));
    const { states, outputs } = interpreter(compile(cell), float64, parameters).forward(operands);
    const written = evaluateEquations(cell, { ...parameters, ...operands }, LENGTHS);
    const pairs: (readonly [InterpretedValue<number>, InterpretedValue<number>])[] = [
      ...cell.states.map(({ name }) => [states[name]!, written[`${name}'`]!] as const),
      ...cell.outputs.map(({ name }) => [outputs[name]!, written[name]!] as const),
    ];
    for (const [got, expected] of pairs.map((pair) => pair.map((value) => [value].flat() as number[])) as [
      number[],
      number[],
    ][]) {
      expect(got).toHaveLength(expected.length);
      for (const [j, value] of got.entries()) expect(Math.abs(value - expected[j]!)).toBeLessThanOrEqual(1e-13);
    }
  });
});

const printed = (name: string): string =>
  `\n${printSchedule(compile(cells.find((cell) => cell.name === name)!).forward)}\n`;

describe('the schedule', () => {
  test('computes a next state that is needed step by step in a loop, from what is hoisted', () => {
    expect(printed('next_state_is_a_product_of_inputs')).toMatchInlineSnapshot(`
      "
      schedule next_state_is_a_product_of_inputs
      rows
        contract
          x_d = W @ x + b
      steps, forwards, d -> d'
        map [H], stores d', d, records d, d'
          d' = x_d
      steps, forwards, h -> h'
        map [H], stores h', records h'
          h' = tanh(h + d' * d)
      "
    `);
    expect(printed('next_state_is_a_parameter')).toMatchInlineSnapshot(`
      "
      schedule next_state_is_a_parameter
      steps, forwards, d -> d'
        map [H], stores d', d, records d
          d' = p
      steps, forwards, h -> h'
        map [H], stores h', records h'
          h' = tanh(h + x * d)
      "
    `);
  });

  test('takes products of products apart, each as early as it can be', () => {
    expect(printed('products_of_products')).toMatchInlineSnapshot(`
      "
      schedule products_of_products
      rows
        contract
          x_g = C @ x
        contract
          v = C @ x + e
        map [G], records v
        contract
          v2 = S @ v
        map [H], records v2
        contract
          v2_h = W @ v2
      steps, forwards, h -> h', g -> g'
        contract
          [h_g; v3] = [V; V] @ h
        contract
          v4 = S @ g
        contract
          v3_h = S @ v3
        contract
          v4_h = W @ v4
        map [G], stores g', records g, v3
          g' = x_g + h_g + g
        map [H], stores h', records h, v4, h'
          h' = tanh(v2_h + v3_h + v4_h)
      "
    `);
  });

  test('computes numbers before the vectors that read them', () => {
    expect(printed('numbers_among_vectors')).toMatchInlineSnapshot(`
      "
      schedule numbers_among_vectors
      once
        map [], stores k
          k = 1 + 1
        map [H], stores a2, b2
          a2 = a + a
          b2 = k * b / 3
      rows
        map [H], stores x_h
          x_h = b2 * x
      steps, forwards, h -> h'
        map [H], stores h', records h
          h' = x_h + h * a2 - k
      "
    `);
  });

  test('computes once what reads an output of parameters alone, and copies that for every row', () => {
    const text =
      "c(x[H], h[H]) -> y, h'\ny[H] = sigmoid(a)\nh' = tanh(x + U @ (y * y) * h)\nlayout l\na = [a]   U = [U]";
    const [once, rows] = compile(defineCell(text)).forward.phases.map(({ stages }) =>
      definitionsIn(stages).map(({ name }) => name),
    );
    expect(once).toEqual(['b_y', 'v', 'v_h']);
    expect(rows).toEqual(['y']);
  });

  test('never takes a name that the cell has', () => {
    expect(printed('names_of_its_own')).toMatchInlineSnapshot(`
      "
      schedule names_of_its_own
      rows
        contract
          x_h_x_h2 = W @ x_h
      steps, forwards, h -> h'
        map [H], stores v, records h
          v = x_h * h
        contract
          [h_h; h_x_h2] = [W; V] @ h
        contract
          v_h = W @ v
        map [H], stores h', records tanh_h
          x_h2 = x_h_x_h2 + h_x_h2
          tanh_h = tanh(x_h2 - h_h)
          h' = tanh_h + v_h
      "
    `);
  });

  test('keeps an old state that is read after the new one', () => {
    expect(printed('old_state_read_after_the_new_one')).toMatchInlineSnapshot(`
      "
      schedule old_state_read_after_the_new_one
      rows
        contract
          x_h = W @ x
      steps, forwards, h -> h'
        contract
          h_h = V @ h
        map [H], stores h', h, records h, h'
          h' = tanh(x_h + h_h)
      rows
        contract
          h_next_c = U @ h'
        map [H], stores tanh_c, records tanh_c
          tanh_c = tanh(h_next_c)
      steps, forwards, c -> c'
        map [H], stores c', records c
          c' = tanh_c + c * h
      "
    `);
  });
});

describe('a next state is written where the state lies', () => {
  const copies = (name: string): string[] =>
    planFor(compile(cells.find((cell) => cell.name === name)!), { reserved: new Set() }, 'float32')
      .forward.phases.flatMap(({ stages }) => stages)
      .flatMap((stage) => (stage.kind === 'copy' && stage.to.buffer.rows === 'step' ? [stage.to.buffer.name] : []));

  test.each(['gru', 'gru_reset_before', 'lstm', 'elementwise'])('by %s', (name) => {
    expect(copies(name)).toEqual([]);
  });

  test('by two states in one stage, which loads before it stores', () => {
    expect(copies('states_that_swap')).toEqual([]);
  });

  test('not where a later stage reads the old one', () => {
    expect(copies('peephole')).toEqual(['cs']);
  });

  test('not by a product, which reads all of it for each element', () => {
    expect(copies('next_state_is_a_product_of_the_state')).toEqual(['hs']);
  });
});
