import { cell, functions, gru } from '@congruent/spec';
import { elementwise, unusual } from '@congruent/spec/catalogue';
import { describe, expect, test } from 'vitest';
import {
  compile,
  lowerFunction,
  printAdjoint,
  printAdjointLatex,
  printCell,
  printFunction,
  printLatex,
  printSchedule,
} from '../src/index.ts';

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
    expect(`\n${printSchedule(program.forward)}\n`).toMatchInlineSnapshot(`
      "
      schedule gru
      once
        map [H], stores b_r, b_z
          b_r = b_ir + b_hr
          b_z = b_iz + b_hz
      rows
        contract
          [x_r; x_z; x_n] = [W_ir; W_iz; W_in] @ x + [b_r; b_z; b_in]
      steps, forwards, h -> h'
        contract
          [h_r; h_z; h_n] = [W_hr; W_hz; W_hn] @ h
        map [H], stores h', records h, r, z, u_n, n
          r = sigmoid(x_r + h_r)     # reset gate
          z = sigmoid(x_z + h_z)     # update gate
          u_n = h_n + b_hn
          n = tanh(x_n + r * u_n)    # candidate
          h' = (1 - z) * n + z * h   # next state
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

test('operations that are written as calls, and choices, in the notation and as LaTeX', () => {
  const chosen = compile(cell`
    chosen(x[H], h[H]) -> h'
    h' = max(x, -h) * abs(x - 1) + min(relu(h), 2)
  `);
  expect(printCell(chosen.ir)).toContain("h' = max(x, -h) * abs(x - 1) + min(relu(h), 2)");
  expect(printLatex(chosen.ir)).toContain(
    'h_t &= \\max\\left(x_t, -h_{t-1}\\right) \\odot \\left|x_t - 1\\right| + \\min\\left(\\operatorname{relu}\\left(h_{t-1}\\right), 2\\right)',
  );
  expect(printLatex(chosen.ir)).not.toContain('cases');
  expect(printAdjointLatex(chosen.adjoint)).toContain(
    '\\begin{cases} \\bar{relu}_{h,t} & relu_{h,t} > 0 \\\\ 0 & relu_{h,t} < 1 \\\\ \\bar{relu}_{h,t} & \\text{otherwise} \\end{cases}',
  );
});

/** One of the cells with a feature each that the GRU lacks. */
const backwards = (cell: string) => compile(unusual.find(({ name }) => name === cell)!);

describe('a backward pass printed', () => {
  test("as LaTeX: the GRU's", () => {
    expect(printAdjointLatex(program.adjoint)).toMatchInlineSnapshot(`
      "\\begin{aligned}
        u_{n,t} &= W_{hn} h_{t-1} + b_{hn} \\\\
        g_{h,t} &= \\bar{h}_t + \\bar{y}_t \\\\
        \\bar{n}_t &= g_{h,t} \\odot \\left(1 - z_t\\right) \\\\
        \\bar{a}_{n,t} &= \\bar{n}_t \\odot \\left(1 - n_t \\odot n_t\\right) \\\\
        \\bar{h}_{n,t} &= \\bar{a}_{n,t} \\odot r_t \\\\
        \\bar{z}_t &= g_{h,t} \\odot \\left(h_{t-1} - n_t\\right) \\\\
        \\bar{a}_{z,t} &= \\bar{z}_t \\odot \\left(z_t \\odot \\left(1 - z_t\\right)\\right) \\\\
        \\bar{r}_t &= \\bar{a}_{n,t} \\odot u_{n,t} \\\\
        \\bar{a}_{r,t} &= \\bar{r}_t \\odot \\left(r_t \\odot \\left(1 - r_t\\right)\\right) \\\\
        p_{h,t} &= W_{hr}^\\top \\bar{a}_{r,t} + W_{hz}^\\top \\bar{a}_{z,t} + W_{hn}^\\top \\bar{h}_{n,t} \\\\
        \\bar{h}_{t-1} &= g_{h,t} \\odot z_t + p_{h,t} \\\\
        \\bar{x}_t &= W_{ir}^\\top \\bar{a}_{r,t} + W_{iz}^\\top \\bar{a}_{z,t} + W_{in}^\\top \\bar{a}_{n,t} \\\\
        \\bar{b}_r &= \\sum_t \\bar{a}_{r,t} \\\\
        \\bar{b}_z &= \\sum_t \\bar{a}_{z,t} \\\\
        \\bar{W}_{ir} &= \\sum_t \\bar{a}_{r,t} x_t^\\top \\\\
        \\bar{W}_{iz} &= \\sum_t \\bar{a}_{z,t} x_t^\\top \\\\
        \\bar{W}_{in} &= \\sum_t \\bar{a}_{n,t} x_t^\\top \\\\
        \\bar{W}_{hr} &= \\sum_t \\bar{a}_{r,t} h_{t-1}^\\top \\\\
        \\bar{W}_{hz} &= \\sum_t \\bar{a}_{z,t} h_{t-1}^\\top \\\\
        \\bar{W}_{hn} &= \\sum_t \\bar{h}_{n,t} h_{t-1}^\\top \\\\
        \\bar{b}_{in} &= \\sum_t \\bar{a}_{n,t} \\\\
        \\bar{b}_{hn} &= \\sum_t \\bar{h}_{n,t} \\\\
        \\bar{b}_{ir} &= \\bar{b}_r \\\\
        \\bar{b}_{iz} &= \\bar{b}_z \\\\
        \\bar{b}_{hr} &= \\bar{b}_r \\\\
        \\bar{b}_{hz} &= \\bar{b}_z
      \\end{aligned}"
    `);
  });

  test('as LaTeX: gradients have no time, numbers stand in the subscript or under the bar', () => {
    expect(printAdjointLatex(backwards('products_of_products').adjoint)).toMatchInlineSnapshot(`
      "\\begin{aligned}
        v_t &= C x_t + e \\\\
        v2_t &= S v_t \\\\
        v3_t &= V h_{t-1} \\\\
        v4_t &= S g_{t-1} \\\\
        g_{h,t} &= \\bar{h}_t + \\bar{y}_t \\\\
        \\bar{a}_{h,t} &= g_{h,t} \\odot \\left(1 - h_t \\odot h_t\\right) \\\\
        \\bar{v4}_t &= W^\\top \\bar{a}_{h,t} \\\\
        \\bar{v3}_t &= S^\\top \\bar{a}_{h,t} \\\\
        \\bar{v}_t &= S^\\top \\bar{v4}_t \\\\
        g_{g,t} &= \\bar{g}_t \\\\
        \\bar{h}_{t-1} &= V^\\top \\bar{v3}_t + V^\\top g_{g,t} \\\\
        \\bar{g}_{t-1} &= g_{g,t} + \\bar{v}_t \\\\
        \\bar{x}_t &= C^\\top \\bar{v}_t + C^\\top g_{g,t} \\\\
        s_V &= \\sum_t \\bar{v3}_t h_{t-1}^\\top \\\\
        s_{V2} &= \\sum_t g_{g,t} h_{t-1}^\\top \\\\
        s_C &= \\sum_t \\bar{v}_t x_t^\\top \\\\
        s_{C2} &= \\sum_t g_{g,t} x_t^\\top \\\\
        \\bar{e} &= \\sum_t \\bar{v}_t \\\\
        s_W &= \\sum_t \\bar{a}_{h,t} v4_t^\\top \\\\
        s_{W2} &= \\sum_t \\bar{a}_{h,t} v2_t^\\top \\\\
        s_S &= \\sum_t \\bar{v4}_t g_{t-1}^\\top \\\\
        s_{S2} &= \\sum_t \\bar{a}_{h,t} v3_t^\\top \\\\
        s_{S3} &= \\sum_t \\bar{v4}_t v_t^\\top \\\\
        \\bar{V} &= s_V + s_{V2} \\\\
        \\bar{C} &= s_C + s_{C2} \\\\
        \\bar{W} &= s_W + s_{W2} \\\\
        \\bar{S} &= s_S + s_{S2} + s_{S3}
      \\end{aligned}"
    `);
  });

  test('with what it needs of the parameters, and what is done once the rows are summed', () => {
    expect(`\n${printAdjoint(compile(elementwise))}\n`).toMatchInlineSnapshot(`
      "
      adjoint elementwise
      given for each row: dy
      residuals, recorded by the forward pass for each row: h, tanh_x_h
      once
        map [H], stores a, b_h
          a = sigmoid(d)   # how much to keep
          b_h = 1 - a
      steps, backwards, dh' -> dh
        map [H], stores dh, dx, c_a, c_b_h
          g_h = dh' + dy
          dtanh_x_h = g_h * b_h
          dh = g_h * a
          dx = dtanh_x_h * (1 - tanh_x_h * tanh_x_h)
          c_a = g_h * h
          c_b_h = g_h * tanh_x_h
      reduce
        contract
          [s_a; db_h] = [c_a; c_b_h]
      once
        map [H], stores dd
          da = s_a - db_h
          dd = da * (a * (1 - a))
      "
    `);
  });

  test('of a cell without parameters, which has no residuals: no sums; a division by a number stays one', () => {
    expect(`\n${printAdjoint(backwards('states_that_swap'))}\n`).toMatchInlineSnapshot(`
      "
      adjoint states_that_swap
      given for each row: dy
      residuals, recorded by the forward pass for each row: none
      steps, backwards, da' -> da, db' -> db
        map [H], stores da, db, dx
          g_b = db'
          g_a = da' + dy
          da = -(g_b / 2)
          db = g_a
          dx = g_b / 2
      "
    `);
  });

  test('of a cell whose input does not count: its gradient is zeros', () => {
    expect(printAdjoint(backwards('input_that_does_not_count'))).toMatch(/^ {4}dx = 0$/m);
  });

  test('where a next state is a parameter, its adjoint has a name in the loop, for the sum', () => {
    expect(printAdjoint(backwards('next_state_is_a_parameter'))).toMatch(/stores g_d, dd\n(.*\n)* {4}dp = g_d$/);
  });
});

test('sigmoid printed as operations', () => {
  expect(`\n${printFunction(lowerFunction(functions['sigmoid']!, 'float32'))}\n`).toMatchInlineSnapshot(`
    "
    sigmoid(x)   within 1.5 ulp
      y = abs(x)
      v = (if y > 104 then 104 else y)
      k = floor(0.5 - v * 1.44269502)
      t = v + k * 0.693145751953125 + k * 0.00000142860677
      q = pow2(k + 64) * 5.421010862427522e-20
      z = t * t
      r = q + (t + z * ((0.00138825143 * z + (0.00836654752 * t + 0.0416672006)) * z + (0.166665435 * t + 0.49999997)))
      d = 1 + r
      c = 1 / d
      g = q * c
      w = g - g * (c * (r - (d - 1)))
      m = 1 - w
      n = x + 0.5
      u = (if n < m then n else m)
      s = (if w < u then u else w)
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
