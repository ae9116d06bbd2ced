import { describe, expect, test } from 'vitest';
import { cell, defineCell, type Expression } from '../src/index.ts';
import { parseCell, parseFunction } from '../src/parser.ts';

/** An expression with every grouping written out. */
function grouped(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return `${expression.value}`;
    case 'name':
      return expression.name;
    case 'negate':
      return `(-${grouped(expression.operand)})`;
    case 'binary':
      return `(${grouped(expression.left)} ${expression.operator} ${grouped(expression.right)})`;
    case 'call':
      return `${expression.name}(${expression.operands.map(grouped).join(', ')})`;
    case 'if':
      return `(if ${grouped(expression.left)} ${expression.comparison} ${grouped(expression.right)} then ${grouped(expression.whenTrue)} else ${grouped(expression.whenFalse)})`;
    default:
      return expression satisfies never;
  }
}

const parsed = (text: string): string => {
  const syntax = parseCell(`c(h[H]) -> h'\n h' = ${text}`);
  return grouped(syntax.equations[0]!.expression);
};

describe('precedence and associativity', () => {
  test.each([
    ['a + b + c', '((a + b) + c)'],
    ['a - b - c', '((a - b) - c)'],
    ['a - b + c', '((a - b) + c)'],
    ['a / b / c', '((a / b) / c)'],
    ['a / b * c', '((a / b) * c)'],
    ['a + b * c', '(a + (b * c))'],
    ['a * b + c', '((a * b) + c)'],
    ['a * W @ h', '(a * (W @ h))'],
    ['W @ h * a', '((W @ h) * a)'],
    ['W @ V @ h', '((W @ V) @ h)'],
    ['W @ (V @ h)', '(W @ (V @ h))'],
    ['W @ x + b + V @ h', '(((W @ x) + b) + (V @ h))'],
    ['(a + b) * c', '((a + b) * c)'],
    ['a - (b - c)', '(a - (b - c))'],
    ['-a + b', '((-a) + b)'],
    ['-a * b', '(-(a * b))'],
    ['a - -b', '(a - (-b))'],
    ['a * -b + c', '((a * (-b)) + c)'],
    ['-(a + b)', '(-(a + b))'],
    ['tanh(a + b) * c', '(tanh((a + b)) * c)'],
    ['((a))', 'a'],
  ])('%s is %s', (text, expected) => {
    expect(parsed(text)).toBe(expected);
  });
});

test.each([
  ['1', 1],
  ['1.5', 1.5],
  ['1.', 1],
  ['.5', 0.5],
  ['2.5e-7', 2.5e-7],
  ['1E+3', 1000],
])('%s is a number', (text, value) => {
  expect(parsed(`a * ${text}`)).toBe(`(a * ${value})`);
});

describe('signs and names', () => {
  test('σ and ⊙ stand for sigmoid and *', () => {
    expect(parsed('σ(a) ⊙ b')).toBe('(sigmoid(a) * b)');
    const signs = cell`
      c(x[H], h[H]) -> h'
      h' = σ(x) ⊙ h
    `;
    const words = cell`
      c(x[H], h[H]) -> h'
      h' = sigmoid(x) * h
    `;
    expect(signs.equations.map(({ expression }) => grouped(expression))).toEqual(
      words.equations.map(({ expression }) => grouped(expression)),
    );
  });

  test('names that JavaScript objects inherit are ordinary names', () => {
    const { equations } = defineCell(
      "c(x[H], h[H]) -> h'\n p = h + x\n toString = p\n constructor = toString\n h' = constructor * p",
    );
    expect(equations.map(({ name }) => name)).toEqual(['p', 'toString', 'constructor', "h'"]);
  });

  test('line ends and blank space mean nothing', () => {
    const spread = defineCell("c ( x [ H ] ,\n h[H] )\n ->\n h'\n h'\n =\n x\n +\n h");
    expect(spread.equations.map(({ name, expression }) => [name, grouped(expression)])).toEqual([["h'", '(x + h)']]);
  });

  test('Windows line ends are accepted', () => {
    const { source, equations } = defineCell("c(x[H], h[H]) -> h'\r\n  h' = x + h   # sum\r\n");
    expect(source).toBe("c(x[H], h[H]) -> h'\n  h' = x + h   # sum");
    expect(equations[0]?.comment).toBe('sum');
  });
});

describe('comments', () => {
  test('stay with the equation on whose line they end, and not with the one below', () => {
    const { equations } = cell`
      # a comment on a line of its own
      c(x[H], h[H]) -> h'    # of the header
      # above p
      p  = x + h             # of p
      h' = p
    `;
    expect(equations.map(({ comment }) => comment)).toEqual(['of p', undefined]);
  });
});

describe('shapes', () => {
  test('follow from the operands through equations, in either direction', () => {
    const { parameters } = cell`
      c(x[I], h[H]) -> h'
      u  = a * x
      h' = tanh(W @ u + b) + g * h
      layout torch
        all = [a]  w = [W]  rest = [b; g]
    `;
    expect(parameters).toEqual([
      { name: 'a', shape: ['I'] },
      { name: 'W', shape: ['H', 'I'] },
      { name: 'b', shape: ['H'] },
      { name: 'g', shape: ['H'] },
    ]);
  });

  test('numbers go with every shape', () => {
    const { parameters } = cell`
      c(x[H], h[H]) -> h'
      k  = 2 * 3
      h' = k * (1 - a) + x - h / 2
      layout torch
        a = [a]
    `;
    expect(parameters).toEqual([{ name: 'a', shape: ['H'] }]);
  });

  test('an equation may state its shape, which introduces a dimension', () => {
    const { parameters, equations } = cell`
      c(x[I], h[H]) -> h'
      u[P]  = tanh(W_1 @ x + b_1)     # projected
      h'[H] = W_2 @ u + h
      layout torch
        W = [W_1]  V = [W_2]  b = [b_1]
    `;
    expect(parameters).toEqual([
      { name: 'W_1', shape: ['P', 'I'] },
      { name: 'W_2', shape: ['H', 'P'] },
      { name: 'b_1', shape: ['P'] },
    ]);
    expect(equations.map(({ name, shape, comment }) => ({ name, shape, comment }))).toEqual([
      { name: 'u', shape: ['P'], comment: 'projected' },
      { name: "h'", shape: ['H'], comment: undefined },
    ]);
  });

  test('a stated shape says what a product with two open sides is', () => {
    const { parameters } = cell`
      c(x[I], h[H]) -> h'
      u[P] = W @ x
      v[P] = V @ h + u
      h'   = U @ v * h
      layout torch
        all = [W]  V = [V]  U = [U]
    `;
    expect(parameters.map(({ shape }) => shape)).toEqual([
      ['P', 'I'],
      ['P', 'H'],
      ['H', 'P'],
    ]);
  });

  test('a dimension may carry any name', () => {
    const { parameters } = cell`
      c(x[F], h[units]) -> h'
      h' = W @ x + h
      layout torch
        W = [W]
    `;
    expect(parameters).toEqual([{ name: 'W', shape: ['units', 'F'] }]);
  });
});

test('several states are those whose name comes back with a prime; the other operands are inputs', () => {
  const lstm = cell`
    c(x[H], h[H], c[H], m[H]) -> h', c'
    c' = x * c + m
    h' = tanh(c') + h
  `;
  expect(lstm.states.map(({ name }) => name)).toEqual(['h', 'c']);
  expect(lstm.inputs.map(({ name }) => name)).toEqual(['x', 'm']);
});

describe('outputs', () => {
  test('are the results without a prime; those with one are the next states', () => {
    const recurrence = cell`
      linear_recurrence(x[I], h[H]) -> y, h'
      h'   = a * h + B @ x
      y[O] = C @ h' + D @ x
      layout plain
        a = [a]  B = [B]  C = [C]  D = [D]
    `;
    expect(recurrence.outputs).toEqual([{ name: 'y', shape: ['O'] }]);
    expect(recurrence.states).toEqual([{ name: 'h', shape: ['H'] }]);
    expect(recurrence.inputs).toEqual([{ name: 'x', shape: ['I'] }]);
    expect(recurrence.parameters).toEqual([
      { name: 'a', shape: ['H'] },
      { name: 'B', shape: ['H', 'I'] },
      { name: 'C', shape: ['O', 'H'] },
      { name: 'D', shape: ['O', 'I'] },
    ]);
  });

  test('may be several, stand anywhere among the results, and be read by other equations', () => {
    const { outputs, states } = cell`
      c(x[H], h[H], g[H]) -> h', y, g', z
      h' = x + h
      z  = tanh(h')
      y  = z * g
      g' = y + g
    `;
    expect(outputs.map(({ name }) => name)).toEqual(['y', 'z']);
    expect(states.map(({ name }) => name)).toEqual(['h', 'g']);
  });

  test('where every result has a prime, the next value of the first state is the output', () => {
    const { outputs } = cell`
      c(x[H], h[H], c[H]) -> h', c'
      c' = x * c
      h' = tanh(c') + h
    `;
    expect(outputs).toEqual([{ name: "h'", shape: ['H'] }]);
  });
});

test('several layouts pack the same parameters', () => {
  const { layouts, parameters } = cell`
    c(x[H], h[H]) -> h'
    h' = a * x + b * h
    layout torch
      ab = [a; b]
    layout keras
      b = [b]  a = [a]
  `;
  expect(layouts.map(({ name }) => name)).toEqual(['torch', 'keras']);
  expect(parameters.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('a function has an operand, a bound in ulp, a derivative, equations, and constants for each element type', () => {
  const parsedFunction = parseFunction(`
    f(x) -> y   within 1.5 ulp   derivative 2 * y * x
    y = if x < 0 then -x else horner(x, P) * C
    float32
      C = -2  P = [1, -0.5]
    float64
      C = 3   P = [1, -0.25, 1e-3]
  `);
  expect(parsedFunction).toMatchObject({ name: 'f', operand: 'x', result: 'y', ulp: 1.5 });
  expect(grouped(parsedFunction.derivative)).toBe('((2 * y) * x)');
  expect(grouped(parsedFunction.equations[0]!.expression)).toBe('(if x < 0 then (-x) else (horner(x, P) * C))');
  expect([...parsedFunction.constants.float32]).toEqual([
    ['C', -2],
    ['P', [1, -0.5]],
  ]);
  expect([...parsedFunction.constants.float64]).toEqual([
    ['C', 3],
    ['P', [1, -0.25, 1e-3]],
  ]);
});
