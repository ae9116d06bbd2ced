import { describe, expect, test } from 'vitest';
import { encoder } from '../src/catalogue-networks.ts';
import { linear, sru } from '../src/catalogue-papers.ts';
import { type Cell, cell, defineCell, gru, lstmProjected } from '../src/index.ts';

const names = (of: readonly { readonly name: string }[]): readonly string[] => of.map(({ name }) => name);

const shapes = (of: Cell['parameters']): Readonly<Record<string, string>> =>
  Object.fromEntries(of.map(({ name, shape }) => [name, shape.join()]));

const twoLayers = cell`
  two_layers(x[I]) -> fc

  g1[H] = ${gru}(x)
  g2[G] = ${gru}(g1)
  fc[O] = ${linear}(g2)
`;

describe('a called cell', () => {
  test('is an instance with parameters, states and equations of its own, named after the equation', () => {
    expect(names(twoLayers.inputs)).toEqual(['x']);
    expect(twoLayers.states).toEqual([
      { name: 'g1.h', shape: ['H'] },
      { name: 'g2.h', shape: ['G'] },
    ]);
    expect(shapes(twoLayers.parameters)).toMatchObject({
      'g1.W_ir': 'H,I',
      'g1.W_hn': 'H,H',
      'g2.W_ir': 'G,H',
      'g2.b_hn': 'G',
      'fc.W': 'O,G',
      'fc.b': 'O',
    });
    expect(names(twoLayers.equations)).toEqual([
      ...['g1.r', 'g1.z', 'g1.n', "g1.h'", 'g2.r', 'g2.z', 'g2.n', "g2.h'"],
      'fc',
    ]);
  });

  test('reads its operands by their names; what is no name gets an equation', () => {
    const sum = cell`
      sum(x[H], x_s[H]) -> s
      s = ${sru}(x + x_s)
    `;
    expect(names(sum.equations)).toEqual(['x_s2', 's.f', 's.r', "s.c'", 's']);
    expect(shapes(sum.states)).toEqual({ 's.c': 'H' });
  });

  test('stands for its only output, otherwise for the next value of its first state', () => {
    const both = defineCell(
      `
      both(x[I]) -> a, b
      a[H] = \${gru}(x)
      b[O] = \${linear}(a)
      `,
      { gru, linear },
    );
    const { equations, outputs } = cell`
      outer(x[I], h[O]) -> h'
      e[O] = ${defineCell("two(x[I], h[H]) -> p, q, h'\n p = U @ x\n q = p + h\n h' = q * h\n layout torch\n  U = [U]")}(x)
      h'   = e + h
    `;
    expect(names(outputs)).toEqual(["h'"]);
    expect(names(equations)).toEqual(['e.p', 'e.q', "e.h'", "h'"]);
    expect(equations.at(-1)!.expression).toMatchObject({ kind: 'binary', left: { name: "e.h'" } });
    expect(names(both.outputs)).toEqual(['a', 'b']);
    expect(names(both.equations)).toEqual(['a.r', 'a.z', 'a.n', "a.h'", 'a', 'b']);
  });

  test('whose value is a next state has the name of the state, without the prime', () => {
    const inner = defineCell('inner(x[I]) -> y\n u[M] = W @ x\n y[O] = V @ u\n layout torch\n  W = [W]  V = [V]');
    const next = cell`
      next(x[H], h[H]) -> h'
      h' = ${inner}(x + h)
    `;
    expect(names(next.equations)).toEqual(['x_h', 'h.u', "h'"]);
    expect(shapes(next.parameters)).toEqual({ 'h.W': 'h.M,H', 'h.V': 'H,h.M' });
  });

  test('has sizes of its own where nothing outside says them, named after the instance', () => {
    const bottleneck = cell`
      bottleneck(x[I], h[O]) -> h'
      p1[P] = ${lstmProjected}(x)
      p2[P] = ${lstmProjected}(p1 * p1)
      m     = ${defineCell('inner(x[I]) -> y\n u[M] = W @ x\n y[O] = V @ u\n layout torch\n  W = [W]  V = [V]')}(p2)
      h'    = m + h
    `;
    expect(shapes(bottleneck.states)).toEqual({ h: 'O', 'p1.h': 'P', 'p1.c': 'p1.H', 'p2.h': 'P', 'p2.c': 'p2.H' });
    expect(shapes(bottleneck.parameters)).toMatchObject({ 'p1.W_hr': 'P,p1.H', 'p2.W_hi': 'p2.H,P', 'm.W': 'm.M,P' });
    const outer = cell`
      outer(x[I]) -> e
      e[4] = ${bottleneck}(x)
    `;
    expect(shapes(outer.states)).toMatchObject({ 'e.h': '4', 'e.p1.h': 'e.P', 'e.p1.c': 'e.p1.H' });
  });

  test('may compute the next value of a state; its instance has the name of the state', () => {
    const { states, parameters, equations } = cell`
      c(x[H], h[H]) -> h'
      u  = h + x
      h' = ${linear}(u)
    `;
    expect(shapes(states)).toEqual({ h: 'H' });
    expect(shapes(parameters)).toEqual({ 'h.W': 'H,H', 'h.b': 'H' });
    expect(names(equations)).toEqual(['u', "h'"]);
  });

  test('may call cells: instances, tensors and states stand behind the one they are in', () => {
    const outer = cell`
      outer(x[I], h[H]) -> h'
      enc[H] = ${encoder}(x)
      u   = ${linear}(enc)
      h'  = tanh(u + k * h)
      layout torch
        scale = [k]
    `;
    expect(names(outer.states)).toEqual(['h', 'enc.g1.h', 'enc.g2.h']);
    expect(outer.instances.map(({ name, recurrent }) => [name, recurrent])).toEqual([
      ['enc', false],
      ['enc.g1', true],
      ['enc.g2', true],
      ['u', false],
    ]);
    expect(outer.instances.map((instance) => instance.cell)).toEqual([encoder, gru, gru, linear]);
    expect(outer.layouts.map(({ tensors }) => names(tensors))).toEqual([
      [
        'scale',
        ...['enc.g1.weight_ih', 'enc.g1.weight_hh', 'enc.g1.bias_ih', 'enc.g1.bias_hh'],
        ...['enc.g2.weight_ih', 'enc.g2.weight_hh', 'enc.g2.bias_ih', 'enc.g2.bias_hh'],
        ...['u.weight', 'u.bias'],
      ],
    ]);
  });

  test('has its equations as they are: what the cell states and comments', () => {
    const { equations } = twoLayers;
    expect(equations.find(({ name }) => name === 'g2.r')!.comment).toBe('reset gate');
    expect(equations.find(({ name }) => name === 'fc')!.shape).toEqual(['O']);
    expect(equations.map(({ instance }) => instance)).toEqual([
      ...['g1', 'g1', 'g1', 'g1', 'g2', 'g2', 'g2', 'g2'],
      'fc',
    ]);
  });

  test('may have sizes that are numbers, stated here or there', () => {
    const here = cell`
      here(x[8]) -> fc
      g[${16}] = ${gru}(x)
      fc[4]    = ${linear}(g)
    `;
    expect(shapes(here.parameters)).toMatchObject({ 'g.W_ir': '16,8', 'g.b_hn': '16', 'fc.W': '4,16' });
    const there = cell`
      there(x[I]) -> y
      y = ${here}(W @ x)
      layout torch
        W = [W]
    `;
    expect(shapes(there.parameters)).toMatchObject({ W: '8,I', 'y.g.W_ir': '16,8' });
    expect(there.outputs).toEqual([{ name: 'y', shape: [4] }]);
  });

  test('may have the same size for several of its dimensions, and others in every instance', () => {
    const { parameters } = cell`
      square(x[I], m[M]) -> y
      a[I] = ${gru}(x)
      b[I] = ${gru}(m)
      y    = a * b
    `;
    expect(shapes(parameters)).toMatchObject({ 'a.W_ir': 'I,I', 'b.W_ir': 'I,M', 'b.W_hr': 'I,I' });
  });
});

describe('layouts of a network', () => {
  const one = defineCell('one(x[I]) -> y\n y = a * x\n layout keras\n  k = [a]\n layout torch\n  w = [a]');
  const other = defineCell('other(x[I]) -> y\n y = a * x\n layout plain\n  p = [a]');

  test('are its own; called cells follow with the layout of that name, or with their first', () => {
    const { layouts, parameters } = cell`
      c(x[I]) -> y
      u = ${one}(x)
      v = ${other}(u)
      y = s * v
      layout torch
        scale = [s]
      layout onnx
        S = [s]
    `;
    expect(layouts.map(({ name, tensors }) => [name, names(tensors)])).toEqual([
      ['torch', ['scale', 'u.w', 'v.p']],
      ['onnx', ['S', 'u.k', 'v.p']],
    ]);
    expect(names(parameters)).toEqual(['s', 'u.a', 'v.a']);
  });

  test('are those of the first called cell that has any, where it has no parameters itself', () => {
    const { layouts } = cell`
      c(x[I]) -> v
      e = ${defineCell('e(x[I]) -> y\n y = tanh(x)')}(x)
      u = ${one}(e)
      v = ${other}(u)
    `;
    expect(layouts.map(({ name, tensors }) => [name, names(tensors)])).toEqual([
      ['keras', ['u.k', 'v.p']],
      ['torch', ['u.w', 'v.p']],
    ]);
  });
});

describe('interpolation', () => {
  const value = (factor: number) =>
    cell`c(h[H]) -> h'
    h' = ${factor} * h * 2`.equations[0]!.expression;

  test('inserts numbers; a sign takes in nothing that follows', () => {
    expect(value(0.25)).toMatchObject({ left: { left: { value: 0.25 } } });
    expect(value(1e-7)).toMatchObject({ left: { left: { value: 1e-7 } } });
    expect(value(1e21)).toMatchObject({ left: { left: { value: 1e21 } } });
    expect(value(-3)).toMatchObject({ left: { left: { kind: 'negate', operand: { value: 3 } } } });
    expect(value(-0)).toMatchObject({ left: { left: { kind: 'negate', operand: { value: 0 } } } });
  });

  test.each([Number.NaN, Infinity, 'tanh', undefined, null, { name: 'gru' }])('of %o is refused', (odd) => {
    const attempt = () => cell`
      c(h[H]) -> h'
      h' = ${odd as number} * h
    `;
    expect(attempt).toThrow('SPEC_SYNTAX: what is interpolated is neither a cell nor a finite number');
    expect(attempt).toThrow("  3 |       h' = ${…}\n");
  });

  test('tells cells of one name apart, and gives a source that can be read again', () => {
    const half = defineCell('scale(x[I]) -> y\n y = 0.5 * x');
    const third = defineCell('scale(x[I]) -> y\n y = x / 3');
    const scaled = cell`
      c(x[I]) -> b
      a = ${half}(x)
      b = ${third}(a)   # \twice
      `;
    expect(scaled.source).toBe('c(x[I]) -> b\na = ${scale}(x)\nb = ${scale2}(a)   # \\twice');
    expect(defineCell(scaled.source, { scale: half, scale2: third })).toEqual(scaled);
    expect(defineCell(twoLayers.source, { gru, linear })).toEqual(twoLayers);
  });
});
