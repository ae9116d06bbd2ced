import { type Cell, gru } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { elementwise, lstm, resetBefore, unusual } from '../../../tools/testing/cells.ts';
import {
  cellRules,
  compile,
  definitionsOf,
  type ElementwiseStage,
  float64,
  interpreter,
  lowerCell,
  type Program,
  passes,
  printSchedule,
  type Schedule,
  scheduleRules,
} from '../src/index.ts';
import { numbers, valuesFor } from './values.ts';

const cells = [gru, resetBefore, lstm, elementwise, ...unusual];

/** Freezes everything inside, so that whatever changes it throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

/** The program with the equations in the order they are written in, as one stage: what the schedule must not change. */
function asWritten(program: Program): Program {
  const { schedule, ir } = program;
  const stage: ElementwiseStage = {
    kind: 'elementwise',
    shape: [],
    definitions: ir.definitions,
    stores: [],
    keeps: [],
  };
  return { ...program, schedule: { ...schedule, cell: ir, prepare: [], before: [], step: [stage] } };
}

describe.each(cells)('$name', (cell) => {
  test('is compiled by a pure function: the same program twice, and the cell as it was', () => {
    const first = compile(frozen(cell));
    expect(compile(cell)).toEqual(first);
    expect(printSchedule(compile(cell).schedule)).toBe(printSchedule(first.schedule));
  });

  test('keeps every rule through every pass', () => {
    let ir = lowerCell(cell);
    for (const { name, run } of [{ name: 'lowering', run: () => ir }, ...passes]) {
      ir = run(frozen(ir));
      expect([name, cellRules.flatMap((rule) => rule.broken(ir))]).toEqual([name, []]);
    }
    expect(scheduleRules.flatMap((rule) => rule.broken(compile(cell).schedule))).toEqual([]);
  });

  test('has every definition in its schedule once', () => {
    const { cell: flat, prepare, before, step } = compile(cell).schedule;
    const scheduled = definitionsOf([...prepare, ...before, ...step]);
    expect(scheduled.map(({ name }) => name).sort()).toEqual(flat.definitions.map(({ name }) => name).sort());
  });

  test('computes what its equations say, in the order that the schedule derives', () => {
    const program = compile(cell);
    const { parameters, operands } = valuesFor(cell, { I: 5, H: 3, G: 4 }, numbers(7));
    const scheduled = interpreter(program, float64, parameters).step(operands);
    const written = interpreter(asWritten(program), float64, parameters).step(operands);
    for (const { name } of cell.states) {
      const got = scheduled[name] as readonly number[];
      const expected = written[name] as readonly number[];
      expect(got).toHaveLength(expected.length);
      got.forEach((value, j) => {
        expect(Math.abs(value - expected[j]!)).toBeLessThanOrEqual(1e-14);
      });
    }
  });
});

const scheduleOf = (name: string): Schedule => compile(unusual.find((cell: Cell) => cell.name === name)!).schedule;

const printed = (name: string): string => `\n${printSchedule(scheduleOf(name))}\n`;

describe('the schedule', () => {
  test('computes a next state that needs no state at every step, from what is hoisted', () => {
    expect(printed('input_kept_for_one_step')).toMatchInlineSnapshot(`
      "
      schedule input_kept_for_one_step
      at every step, reading x
        element-wise [H], keeps h', d'
          h' = tanh(u * d + h)
          d' = x
      "
    `);
    expect(printed('next_state_is_a_product_of_inputs')).toMatchInlineSnapshot(`
      "
      schedule next_state_is_a_product_of_inputs
      once for the rows of all steps
        product
          x_d = W @ x + b
      at every step, reading x_d
        element-wise [H], keeps d', h'
          d' = x_d
          h' = tanh(h + d' * d)
      "
    `);
    expect(printed('next_state_is_a_parameter')).toMatchInlineSnapshot(`
      "
      schedule next_state_is_a_parameter
      at every step, reading x
        element-wise [H], keeps d', h'
          d' = p
          h' = tanh(h + x * d)
      "
    `);
  });

  test('takes products of products apart, each as early as it can be', () => {
    expect(printed('products_of_products')).toMatchInlineSnapshot(`
      "
      schedule products_of_products
      once for the rows of all steps
        product
          x_g = C @ x
        product
          v = C @ x + e
        product
          v2 = S @ v
        product
          v2_h = W @ v2
      at every step, reading x_g, v2_h
        product
          [h_g; v3] = [V; V] @ h
        product
          v4 = S @ g
        product
          v3_h = S @ v3
        product
          v4_h = W @ v4
        element-wise [G], keeps g'
          g' = x_g + h_g + g
        element-wise [H], keeps h'
          h' = tanh(v2_h + v3_h + v4_h)
      "
    `);
  });

  test('computes numbers before the vectors that read them', () => {
    expect(printed('numbers_among_vectors')).toMatchInlineSnapshot(`
      "
      schedule numbers_among_vectors
      once for the parameters
        element-wise [], keeps k
          k = 1 + 1
        element-wise [H], keeps a2, b2
          a2 = a + a
          b2 = k * b / 3
      once for the rows of all steps
        element-wise [H], keeps x_h
          x_h = b2 * x
      at every step, reading x_h
        element-wise [H], keeps h'
          h' = x_h + h * a2 - k
      "
    `);
  });

  test('never takes a name that the cell has', () => {
    expect(printed('names_of_its_own')).toMatchInlineSnapshot(`
      "
      schedule names_of_its_own
      once for the rows of all steps
        product
          x_h_x_h2 = W @ x_h
      at every step, reading x_h, x_h_x_h2
        element-wise [H], keeps v
          v = x_h * h
        product
          [h_h; h_x_h2] = [W; V] @ h
        product
          v_h = W @ v
        element-wise [H], keeps h'
          x_h2 = x_h_x_h2 + h_x_h2
          h' = tanh(x_h2 - h_h) + v_h
      "
    `);
  });
});

describe('a state is overwritten in place', () => {
  test.each([gru, resetBefore, elementwise])('by $name', (cell) => {
    expect(compile(cell).schedule.inPlace).toEqual([true]);
  });

  test('by two states in one stage, which loads before it stores', () => {
    expect(scheduleOf('states_that_swap').inPlace).toEqual([true, true]);
  });

  test('not where a later stage reads the old one', () => {
    expect(printed('old_state_read_after_the_new_one')).toMatchInlineSnapshot(`
      "
      schedule old_state_read_after_the_new_one
      once for the rows of all steps
        product
          x_h = W @ x
      at every step, reading x_h
        product
          h_h = V @ h
        element-wise [H], keeps h'
          h' = tanh(x_h + h_h)
        product
          h_next_c = U @ h'
        element-wise [H], keeps c'
          c' = tanh(h_next_c) + c * h
      "
    `);
    expect(scheduleOf('old_state_read_after_the_new_one').inPlace).toEqual([false, true]);
  });

  test('not by a product, which reads all of it for each element', () => {
    expect(scheduleOf('next_state_is_a_product_of_the_state').inPlace).toEqual([false, true]);
  });
});
