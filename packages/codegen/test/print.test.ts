import { cell, functions, gru } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { compile, lowerFunction, printCell, printFunction, printLatex, printSchedule } from '../src/index.ts';

const program = compile(gru);

describe('the GRU printed', () => {
  test('as IR', () => {
    expect(`\n${printCell(program.ir)}\n`).toMatchInlineSnapshot(`
      "
      cell gru
      inputs: x[I]
      states: h[H]
      parameters: W_ir[H, I] W_iz[H, I] W_in[H, I] W_hr[H, H] W_hz[H, H] W_hn[H, H] b_ir[H] b_iz[H] b_in[H] b_hr[H] b_hz[H] b_hn[H]

      r = sigmoid(W_ir @ x + b_ir + W_hr @ h + b_hr)      # reset gate
      z = sigmoid(W_iz @ x + b_iz + W_hz @ h + b_hz)      # update gate
      n = tanh(W_in @ x + b_in + r * (W_hn @ h + b_hn))   # candidate
      h' = (1 - z) * n + z * h                            # next state
      "
    `);
  });

  test('as schedule', () => {
    expect(`\n${printSchedule(program.schedule)}\n`).toMatchInlineSnapshot(`
      "
      schedule gru
      once for the parameters
        element-wise [H], keeps b_r, b_z
          b_r = b_ir + b_hr
          b_z = b_iz + b_hz
      once for the rows of all steps
        product
          [x_r; x_z; x_n] = [W_ir; W_iz; W_in] @ x + [b_r; b_z; b_in]
      at every step, reading x_r, x_z, x_n
        product
          [h_r; h_z; h_n] = [W_hr; W_hz; W_hn] @ h
        element-wise [H], keeps h'
          r = sigmoid(x_r + h_r)             # reset gate
          z = sigmoid(x_z + h_z)             # update gate
          n = tanh(x_n + r * (h_n + b_hn))   # candidate
          h' = (1 - z) * n + z * h           # next state
      "
    `);
  });

  test('as LaTeX', () => {
    expect(`\n${printLatex(program.ir)}\n`).toMatchInlineSnapshot(`
      "
      \\begin{aligned}
        r_t &= \\sigma\\left(W_{ir} x_t + b_{ir} + W_{hr} h_{t-1} + b_{hr}\\right) \\\\
        z_t &= \\sigma\\left(W_{iz} x_t + b_{iz} + W_{hz} h_{t-1} + b_{hz}\\right) \\\\
        n_t &= \\tanh\\left(W_{in} x_t + b_{in} + r_t \\odot \\left(W_{hn} h_{t-1} + b_{hn}\\right)\\right) \\\\
        h_t &= \\left(1 - z_t\\right) \\odot n_t + z_t \\odot h_{t-1}
      \\end{aligned}
      "
    `);
  });
});

test('sigmoid printed as operations', () => {
  expect(`\n${printFunction(lowerFunction(functions['sigmoid']!, 'float32'))}\n`).toMatchInlineSnapshot(`
    "
    sigmoid(x)   within 2.5 ulp
      y = -abs(x)
      v = (if y < -104 then -104 else y)
      k = floor(v * 1.44269502 + 0.5)
      t = v - k * 0.693145751953125 - k * 0.00000142860677
      p = 1 + (t + t * t * ((((0.00138825143 * t + 0.00836654752) * t + 0.0416672006) * t + 0.166665435) * t + 0.49999997))
      i = floor(k * 0.5)
      e = p * pow2(i) * pow2(k - i)
      s = (if x < 0 then e else 1) / (1 + e)
    "
  `);
});

const odd = cell`
  odd(x[H], h[H]) -> h'
  h_new = (x - (h - b_0)) / (1 + h) * -2
  h'    = -(h_new + x) * (W @ (x * h)) - x / (h / 2)
  layout plain
    W = [W]  b = [b_0]
`;

test('parentheses are those that the order of evaluation needs, and print in the notation', () => {
  const lines = printCell(compile(odd).ir).split('\n').slice(-2);
  expect(lines).toEqual(['h_new = (x - (h - b_0)) / (1 + h) * -2', "h' = -((h_new + x) * W @ (x * h)) - x / (h / 2)"]);
});

test('LaTeX has one subscript to a symbol', () => {
  expect(printLatex(compile(odd).ir).split('\n').slice(1, -1)).toEqual([
    '  h_{new,t} &= \\frac{x_t - \\left(h_{t-1} - b_0\\right)}{1 + h_{t-1}} \\odot -2 \\\\',
    '  h_t &= -\\left(\\left(h_{new,t} + x_t\\right) \\odot W \\left(x_t \\odot h_{t-1}\\right)\\right) - \\frac{x_t}{\\frac{h_{t-1}}{2}}',
  ]);
});
