import { describe, expect, test } from 'vitest';
import { gru } from '../src/index.ts';

describe('the GRU', () => {
  test('has the input x[I] and the state h[H]', () => {
    expect(gru.name).toBe('gru');
    expect(gru.inputs).toEqual([{ name: 'x', shape: ['I'] }]);
    expect(gru.states).toEqual([{ name: 'h', shape: ['H'] }]);
  });

  test('has the equations of the reset gate, the update gate, the candidate and the next state, in this order', () => {
    expect(gru.equations.map(({ name, comment }) => [name, comment])).toEqual([
      ['r', 'reset gate'],
      ['z', 'update gate'],
      ['n', 'candidate'],
      ["h'", 'next state'],
    ]);
  });

  test('has every parameter in the shape that follows from x[I] and h[H]', () => {
    expect(Object.fromEntries(gru.parameters.map(({ name, shape }) => [name, shape.join()]))).toEqual({
      ...{ W_ir: 'H,I', W_iz: 'H,I', W_in: 'H,I' },
      ...{ W_hr: 'H,H', W_hz: 'H,H', W_hn: 'H,H' },
      ...{ b_ir: 'H', b_iz: 'H', b_in: 'H', b_hr: 'H', b_hz: 'H', b_hn: 'H' },
    });
  });

  test('is packed by torch as r, z, n by rows', () => {
    const [layout, ...others] = gru.layouts;
    expect(others.map(({ name }) => name)).toEqual(['onnx', 'keras']);
    expect(layout?.name).toBe('torch');
    expect(
      Object.fromEntries(layout!.tensors.map(({ name, blocks }) => [name, blocks.map((block) => block.name)])),
    ).toEqual({
      weight_ih: ['W_ir', 'W_iz', 'W_in'],
      weight_hh: ['W_hr', 'W_hz', 'W_hn'],
      bias_ih: ['b_ir', 'b_iz', 'b_in'],
      bias_hh: ['b_hr', 'b_hz', 'b_hn'],
    });
  });

  test('keeps its text without the indentation of the program around it', () => {
    const lines = gru.source.split('\n');
    expect(lines[0]).toBe("gru(x[I], h[H]) -> h'");
    expect(lines).toContain("h' = (1 - z) * n + z * h                               # next state");
    expect(lines).toContain('layout torch');
  });
});
