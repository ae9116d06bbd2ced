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
    case 'concatenation':
      return `[${expression.parts.map(grouped).join('; ')}]`;
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
  return grouped(syntax.equations[0]!.expression as Expression);
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

  test('names of functions, and words of functions, are ordinary names', () => {
    const { equations, parameters } = defineCell(
      "tanh(within[float32], ulp[ulp]) -> ulp'\n sigmoid = horner * tanh(tanh)\n ulp' = sigmoid(sigmoid) + W @ within + ulp\n" +
        ' layout layout_\n W = [W] tanh = [tanh; horner]',
    );
    expect(equations.map(({ name, expression }) => `${name} = ${grouped(expression)}`)).toEqual([
      'sigmoid = (horner * tanh(tanh))',
      "ulp' = ((sigmoid(sigmoid) + (W @ within)) + ulp)",
    ]);
    expect(parameters[0]).toEqual({ name: 'W', shape: ['ulp', 'float32'] });
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
  test('may be numbers, which unify with names that are still to be found', () => {
    const { inputs, parameters } = cell`
      c(x[65], h[H]) -> h'
      u[8] = tanh(W @ x + b)
      h'   = V @ u + h
      layout torch
        W = [W]   b = [b]   V = [V]
    `;
    expect(inputs).toEqual([{ name: 'x', shape: [65] }]);
    expect(parameters).toEqual([
      { name: 'W', shape: [8, 65] },
      { name: 'b', shape: [8] },
      { name: 'V', shape: ['H', 8] },
    ]);
  });

  test('that operands and parameters declare, or equations state, may be that of a number', () => {
    const { inputs, states, outputs, parameters } = cell`
      c(x[I], dt[], s[], h[H]) -> s', h'
      k[] = 2 * a
      s'  = s * dt + k
      h'  = h * s + b * k + B @ x
      layout torch
        a = [a[]]   b = [b]   B = [B[H, I]]
    `;
    expect([...inputs, ...states, ...outputs, ...parameters].map(({ name, shape }) => [name, shape])).toEqual([
      ['x', ['I']],
      ['dt', []],
      ['s', []],
      ['h', ['H']],
      ["s'", []],
      ['a', []],
      ['b', ['H']],
      ['B', ['H', 'I']],
    ]);
  });

  test('of sums and means are those of numbers, whatever the length', () => {
    const { parameters } = cell`
      c(x[I], h[H]) -> h'
      s[] = a * sum(x) + b
      h'  = h * mean(s * W @ x) - s
      layout torch
        a = [a[]]   b = [b[]]   W = [W[P, I]]
    `;
    expect(parameters.map(({ shape }) => shape)).toEqual([[], [], ['P', 'I']]);
  });

  test('of concatenations are sums, in one order, with numbers added up', () => {
    const { parameters, outputs } = cell`
      c(x[I], dt[], h[H]) -> y, z, h'
      y  = [x; [h; 1]; dt] * a
      z  = [h; x; x] + b
      v  = [h; [2; dt]]
      h' = tanh(W @ v)
      layout torch
        a = [a]   b = [b]   W = [W]
    `;
    expect([...parameters, ...outputs].map(({ name, shape }) => [name, shape])).toEqual([
      ['a', ['H + I + 2']],
      ['b', ['H + I + I']],
      ['W', ['H', 'H + 2']],
      ['y', ['H + I + 2']],
      ['z', ['H + I + I']],
    ]);
  });

  test('of a matrix that always multiplies the same parts are those of its columns, side by side in layouts', () => {
    const { parameters, layouts, equations } = cell`
      c(x[I], dt[], h[H]) -> h'
      a  = sigmoid(W @ [x; h; dt])
      h' = h + W @ [x; [a * h; 1]]
      layout torch
        W = [W]^T
    `;
    expect(parameters).toEqual([
      { name: 'W_1', shape: ['H', 'I'] },
      { name: 'W_2', shape: ['H', 'H'] },
      { name: 'W_3', shape: ['H'] },
    ]);
    expect(equations.map(({ expression }) => grouped(expression))).toEqual([
      'sigmoid((((W_1 @ x) + (W_2 @ h)) + (W_3 * dt)))',
      '(h + (((W_1 @ x) + (W_2 @ (a * h))) + (W_3 * 1)))',
    ]);
    expect(layouts[0]!.tensors[0]!.packing).toMatchObject({
      kind: 'transposed',
      operand: { kind: 'columns', parts: [{ name: 'W_1' }, { name: 'W_2' }, { name: 'W_3' }] },
    });
  });

  test('of a matrix that multiplies different parts stay whole', () => {
    const { parameters } = cell`
      c(x[H], h[H]) -> h'
      v  = [h; h]
      h' = W @ [x; h] + W @ v
      layout torch
        W = [W]
    `;
    expect(parameters).toEqual([{ name: 'W', shape: ['H', 'H + H'] }]);
  });

  test('of the parts of a concatenation follow from what it is as long as', () => {
    const { parameters } = cell`
      c(x[I], h[H]) -> h'
      u  = V @ x
      v  = [u; x; p] + [h; x; 1; 1]
      h' = W @ (v * v) + u
      layout torch
        V = [V]   p = [p]   W = [W]
    `;
    expect(parameters.map(({ shape }) => shape)).toEqual([['H', 'I'], [2], ['H', 'H + I + 2']]);
  });

  test('of parameters may be declared in a layout, and introduce dimensions', () => {
    const { parameters } = cell`
      c(x[I], h[H]) -> h'
      h' = h + B @ (A @ x)
      layout torch
        A = [A[P, I]]   B = [B]
      layout other
        B = [B[H, P]]   A = [A]
    `;
    expect(parameters).toEqual([
      { name: 'A', shape: ['P', 'I'] },
      { name: 'B', shape: ['H', 'P'] },
    ]);
  });

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
