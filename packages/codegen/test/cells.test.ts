import { readFileSync } from 'node:fs';
import { type Cell, gruResetBefore, lstm } from '@congruent/spec';
import { elementwise } from '@congruent/spec/catalogue';
import { describe, expect, test } from 'vitest';
import {
  compile,
  type Environment,
  float32,
  float64,
  type InterpretedValue,
  interpreter,
  type Phase,
  type Stage,
} from '../src/index.ts';

interface Recorded {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Vectors {
  readonly parameters: Readonly<Record<string, Recorded>>;
  readonly inputs: Readonly<Record<string, Recorded>>;
  readonly initial: Readonly<Record<string, Recorded>>;
  readonly expected: Readonly<Record<string, Recorded>>;
  readonly torchParameters?: Readonly<Record<string, Recorded>>;
}

/** The numbers that PyTorch (lstm) and NumPy recorded: tools/vectors/record_cells.py. */
const vectorsOf = ({ name }: Cell): Vectors =>
  JSON.parse(readFileSync(new URL(`./vectors/${name}.json`, import.meta.url), 'utf8')) as Vectors;

/** A recorded tensor as vector or rows. */
function value({ shape, data }: Recorded): InterpretedValue<number> {
  const [rows, columns] = shape;
  if (columns === undefined) return data;
  return Array.from({ length: rows! }, (_, row) => data.slice(row * columns, (row + 1) * columns));
}

const values = (recorded: Readonly<Record<string, Recorded>>): Environment<number> =>
  Object.fromEntries(Object.entries(recorded).map(([name, tensor]) => [name, value(tensor)]));

/** The parameters cut out of the stacked tensors by the cell's own layout. */
function unstacked(cell: Cell, stacked: Readonly<Record<string, Recorded>>): Environment<number> {
  const blocks = cell.tensors.flatMap((tensor) => {
    const rows = value(stacked[tensor.name]!) as readonly number[];
    const height = rows.length / tensor.blocks.length;
    return tensor.blocks.map(({ name }, index) => [name, rows.slice(index * height, (index + 1) * height)] as const);
  });
  return Object.fromEntries(blocks);
}

/** Largest difference from the recorded states over all steps. */
function error(cell: Cell, vectors: Vectors, parameters: Environment<number>, arithmetic = float64): number {
  const { forward } = interpreter(compile(cell), arithmetic, parameters);
  const inputs = values(vectors.inputs);
  const steps = (Object.values(inputs)[0] as readonly unknown[]).length;
  let states = values(vectors.initial);
  let largest = 0;
  for (let t = 0; t < steps; t++) {
    const now = Object.fromEntries(Object.entries(inputs).map(([name, rows]) => [name, (rows as number[][])[t]!]));
    ({ states } = forward({ ...now, ...states }));
    for (const { name } of cell.states) {
      const expected = (value(vectors.expected[name]!) as number[][])[t]!;
      const got = states[name] as readonly number[];
      expect(got).toHaveLength(expected.length);
      for (const [j, exact] of expected.entries()) {
        expect(Number.isFinite(got[j])).toBe(true);
        largest = Math.max(largest, Math.abs(got[j]! - exact));
      }
    }
  }
  return largest;
}

describe.each([gruResetBefore, lstm, elementwise])('$name', (cell) => {
  const vectors = vectorsOf(cell);

  test('has the recorded parameters, inputs and states', () => {
    expect(cell.parameters.map(({ name }) => name).sort()).toEqual(Object.keys(vectors.parameters).sort());
    expect(cell.inputs.map(({ name }) => name)).toEqual(Object.keys(vectors.inputs));
    expect(cell.states.map(({ name }) => name)).toEqual(Object.keys(vectors.expected));
  });

  test('gives the recorded numbers in float64', () => {
    expect(error(cell, vectors, values(vectors.parameters))).toBeLessThan(1e-14);
  });

  test('gives them in float32 to the precision of float32, and not more', () => {
    const inFloat32 = error(cell, vectors, values(vectors.parameters), float32);
    expect(inFloat32).toBeLessThan(1e-6);
    expect(inFloat32).toBeGreaterThan(1e-9);
  });
});

test.each([gruResetBefore, lstm])(
  "$name gives the recorded numbers from torch's stacked tensors, cut up by its layout",
  (cell) => {
    const vectors = vectorsOf(cell);
    expect(error(cell, vectors, unstacked(cell, vectors.torchParameters!))).toBeLessThan(1e-14);
  },
);

/** A stage in a few words: what is multiplied by what, or what is computed element by element. */
function outline({ definitions }: Stage): string {
  const products = definitions.flatMap(({ value }) => (value.kind === 'product' ? [value] : []));
  if (products.length === 0) return definitions.map(({ name }) => name).join(' ');
  const [{ vector, bias }] = products as [(typeof products)[number]];
  return `${products.map(({ matrix }) => matrix.name).join(' ')} @ ${vector.name}${bias ? ' + bias' : ''}`;
}

const outlines = (cell: Cell): readonly (readonly [Phase['kind'], ...string[]])[] =>
  compile(cell).forward.phases.map(({ kind, stages }) => [kind, ...stages.map(outline)]);

describe('the schedule is derived', () => {
  test('reset-before GRU: two products a step, one after the other', () => {
    expect(outlines(gruResetBefore)).toEqual([
      ['once', 'b_r b_z b_n'],
      ['rows', 'W_ir W_iz W_in @ x + bias'],
      ['steps', 'W_hr W_hz @ h', 'r v', 'W_hn @ v', "z n h'"],
    ]);
  });

  test('LSTM: one product for the four gates, one stage for both states', () => {
    expect(outlines(lstm)).toEqual([
      ['once', 'b_i b_f b_g b_o'],
      ['rows', 'W_ii W_if W_ig W_io @ x + bias'],
      ['steps', 'W_hi W_hf W_hg W_ho @ h', "i f g o c' tanh_h h'"],
    ]);
  });

  test('element-wise recurrence: no product; what needs no state is hoisted', () => {
    expect(outlines(elementwise)).toEqual([
      ['once', 'a b_h'],
      ['rows', 'tanh_x_h x_h'],
      ['steps', "h'"],
    ]);
  });
});
