import { describe, expect, test } from 'vitest';
import { type Cell, cell, defineCell, type Packing } from '../src/index.ts';

const text = (packing: Packing): string => {
  if (packing.kind === 'block') return packing.name;
  if (packing.kind === 'transposed') return `${text(packing.operand)}^T`;
  return `[${packing.parts.map(text).join({ rows: '; ', columns: ' | ', sum: ' + ' }[packing.kind])}]`;
};

const packings = ({ layouts }: Cell): Readonly<Record<string, string>> =>
  Object.fromEntries(layouts.flatMap(({ tensors }) => tensors.map(({ name, packing }) => [name, text(packing)])));

const names = (of: readonly { readonly name: string }[]): readonly string[] => of.map(({ name }) => name);

describe('a layout', () => {
  test('puts parameters one below the other, side by side, and transposes them; brackets nest', () => {
    const keras = cell`
      keras(x[I], h[H]) -> h'
      h' = tanh(W_a @ x + U_a @ h + b_a + c_a) + sigmoid(W_b @ x + U_b @ h + b_b + c_b)
      layout keras
        kernel = [W_a; W_b]^T   recurrent_kernel = [[U_a]^T | [U_b]^T]
        bias   = [[b_a; b_b] | [c_a; c_b]]^T
      layout onnx
        W = [[W_b | U_b]; [W_a | U_a]]   b = [b_b; b_a]   c = [[c_b]; [[c_a]]]
    `;
    expect(packings(keras)).toEqual({
      kernel: '[W_a; W_b]^T',
      recurrent_kernel: '[U_a^T | U_b^T]',
      bias: '[[b_a; b_b] | [c_a; c_b]]^T',
      W: '[[W_b | U_b]; [W_a | U_a]]',
      b: '[b_b; b_a]',
      c: '[c_b; c_a]',
    });
    expect(names(keras.parameters)).toEqual(['W_a', 'W_b', 'U_a', 'U_b', 'b_a', 'b_b', 'c_a', 'c_b']);
  });

  test('may have blocks of different sizes where the other one agrees, vectors beside matrices, and numbers', () => {
    const sizes = cell`
      sizes(x[I], h[H]) -> y, h'
      u[P] = V @ x + s * p
      y[O] = C @ u + c
      h'   = W @ x + U @ h
      layout plain
        below = [W; V]   beside = [C | c]   vector = [s[]; p]   U = [U]
    `;
    expect(packings(sizes)).toMatchObject({ below: '[W; V]', beside: '[C | c]', vector: '[s; p]' });
  });
});

test('a layout may have the sum of parameters', () => {
  const summed = cell`
    summed(x[I], h[H]) -> h'
    h' = tanh(W @ x + b + c) + U @ h + d + e
    layout torch
      W = [W]   U = [U]   b = [b; d]   c = [c; e]
    layout keras
      W = [W]^T   U = [U]^T   bias = [[b + c; d + e]]^T
  `;
  expect(packings(summed)['bias']).toBe('[[b + c]; [d + e]]^T');
  expect(names(summed.layouts[1]!.tensors[2]!.blocks)).toEqual(['b', 'c', 'd', 'e']);
});

describe('kernels take', () => {
  test('the tensors of the first layout, where all are rows of one shape', () => {
    const { tensors, layouts } = cell`
      plain(x[H], h[H]) -> h'
      h' = a * h + b * x + c
      layout torch
        ab = [a; b]   c = [c]
      layout keras
        abc = [[a | b] | c]^T
    `;
    expect(tensors).toEqual(layouts[0]!.tensors);
  });

  test.each([
    ['transposed', '[W]^T'],
    ['side by side', '[W | V]'],
    ['of different shapes', '[W; U]'],
    ['nested', '[[W; V]; V_2]'],
  ])('each parameter for itself, where one is %s', (_, packing) => {
    const others = ['W', 'V', 'V_2', 'U'].filter((name) => !new RegExp(`\\b${name}\\b`).test(packing));
    const rest = others.map((name) => `t_${name} = [${name}]`).join('  ');
    const { tensors, parameters } = defineCell(`
      c(x[I], h[H]) -> h'
      u[P] = U @ x
      h'   = W @ x + V @ x + V_2 @ x + b * h + S @ u
      layout plain
        b = [b]   S = [S]   p = ${packing}   ${rest}
    `);
    expect(tensors.map(({ name, blocks }) => [name, names(blocks)])).toEqual(
      parameters.map(({ name }) => [name, [name]]),
    );
  });
});
