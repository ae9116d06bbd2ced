import { cell } from '@congruent/spec';
import { cells, faults } from '@congruent/spec/catalogue';
import { describe, expect, test } from 'vitest';
import {
  compile,
  constant,
  definitionsIn,
  fold,
  namesIn,
  type Program,
  type Schedule,
  type Table,
} from '../src/index.ts';
import { renamed } from '../src/passes/rename.ts';
import { rounded } from '../src/passes/round.ts';
import { dimensionsOf, valuesOf } from '../src/schedule/schedule.ts';

/** Every name of a schedule, wherever it stands. */
const allNames = (schedule: Schedule): ReadonlySet<string> => {
  const { carries, outputs } = schedule;
  return new Set([...valuesOf(schedule), ...carries.map(({ next }) => next), ...outputs].map(({ name }) => name));
};

const RESERVED: ReadonlySet<string> = new Set(['this', 'for', 'return', 'float', 'local', 'var', 'row', 'j', 'k']);

const safely = (program: Program) => renamed(program, dimensionsOf(program.forward), RESERVED);

describe('names of a plan', () => {
  test.each(cells)('of $name are words, none of them reserved, and as many as before', (of) => {
    const program = compile(of);
    const safe = safely(program);
    for (const direction of ['forward', 'backward'] as const) {
      const names = [...allNames(safe[direction])];
      expect(names.filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || RESERVED.has(name))).toEqual([]);
      expect(names).toHaveLength(allNames(program[direction]).size);
    }
  });

  test.each(cells)('of $name are the same forwards and backwards', (of) => {
    const { forward, backward } = safely(compile(of));
    expect(backward.residuals).toEqual(forward.residuals);
    expect(backward.parameters).toEqual(forward.parameters);
    expect(backward.inputs.slice(0, forward.inputs.length)).toEqual(forward.inputs);
    expect([...backward.gradients.keys()]).toEqual(forward.parameters.map(({ name }) => name));
  });

  test.each(cells)('of $name are told by those of the program', (of) => {
    const program = compile(of);
    const { values, ...safe } = safely(program);
    for (const direction of ['forward', 'backward'] as const) {
      const told = [...allNames(program[direction])].map((name) => values.get(name));
      expect(told).toEqual([...allNames(safe[direction])]);
    }
  });

  test('that are reserved words get a number; primes are spelled', () => {
    const words = faults.find(({ name }) => name === 'words_of_languages')!;
    const { forward } = safely(compile(words));
    expect(forward.carries.map(({ given, next }) => [given.name, next.name])).toEqual([['this2', 'this_next']]);
  });

  test("do not collide: h_next beside h'", () => {
    const beside = cell`
      beside(x[H], h[H]) -> h'
      h_next = x * h
      h'     = tanh(h_next) * h_next
    `;
    const program = compile(beside);
    const { forward } = safely(program);
    const next = forward.carries[0]!.next.name;
    expect(allNames(forward).size).toBe(allNames(program.forward).size);
    const definitions = definitionsIn(forward.phases.flatMap(({ stages }) => stages));
    const read = new Set(definitions.flatMap(({ value }) => [...namesIn(value)]));
    expect(next).toMatch(/^h_next2?$/);
    expect(read.has(next)).toBe(false);
    expect(read.has(next === 'h_next' ? 'h_next2' : 'h_next')).toBe(true);
  });
});

describe('constants', () => {
  const odd = cell`
    odd(x[H], h[H]) -> h'
    h' = tanh(0.1 * x) / 3.3 + -0.7 * h
  `;

  const constantsIn = ({ phases }: Schedule): number[] => {
    const found: number[] = [];
    const table: Table<void> = {
      reference: () => undefined,
      constant: (value) => void found.push(value),
      unary: () => undefined,
      binary: () => undefined,
      select: () => undefined,
      call: () => undefined,
    };
    for (const stage of phases.flatMap(({ stages }) => stages)) {
      if (stage.kind === 'map') for (const { value } of stage.definitions) fold(value, table);
    }
    return found;
  };

  test('arrive rounded to float32, in both directions', () => {
    const program = compile(odd);
    const { forward, backward } = rounded({ ...program, functions: program.functions.float32 }, 'float32');
    for (const [schedule, exact] of [
      [forward, program.forward],
      [backward, program.backward],
    ] as const) {
      expect(constantsIn(schedule)).toEqual(constantsIn(exact).map(Math.fround));
      expect(constantsIn(exact)).not.toEqual(constantsIn(schedule));
    }
  });

  test('stay as they are in float64', () => {
    const program = compile(odd);
    expect(rounded({ ...program, functions: [] }, 'float64').forward).toBe(program.forward);
    expect(constantsIn(program.forward)).toContain(0.1);
    expect(constant(0.1).value).toBe(0.1);
  });
});
