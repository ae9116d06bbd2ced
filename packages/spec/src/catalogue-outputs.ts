import { type Cell, cell } from './cell.ts';

/** Outputs of every kind: aliases of states and inputs, values that are read again, parameters alone, no state at all. */
export const outputs: readonly Cell[] = [
  cell`
    output_is_the_next_state(x[H], h[H]) -> y, h'
    h' = tanh(W @ h + x)
    y  = h'
    layout plain
      W = [W]
  `,
  cell`
    output_is_the_old_state(x[H], h[H]) -> y, h'
    y  = h
    h' = tanh(W @ h + x)
    layout plain
      W = [W]
  `,
  cell`
    output_is_the_input(x[H], h[H]) -> y, h'
    h' = tanh(h * b + x)
    y  = x
    layout plain
      b = [b]
  `,
  cell`
    output_that_is_read(x[I], h[H]) -> y, z, h'
    y  = W @ x
    z  = sigmoid(y) * y
    h' = tanh(V @ h + z)
    layout plain
      W = [W]   V = [V]
  `,
  cell`
    outputs_that_are_one_value(x[I], h[H]) -> y, z, h'
    y  = tanh(W @ x)
    z  = y
    h' = (y + h) / 2
    layout plain
      W = [W]
  `,
  cell`
    output_of_parameters(x[H], h[H]) -> y, z, h'
    y[O] = W @ c
    z[H] = 1 - c
    h'   = tanh(h + x * c)
    layout plain
      W = [W]   c = [c]
  `,
  cell`
    output_of_parameters_that_is_read(x[H], h[H]) -> y, h'
    y[H] = 1 - c
    h'   = tanh(h * y + x)
    layout plain
      c = [c]
  `,
  cell`
    output_of_parameters_that_is_read_by_products(x[I], h[H]) -> y, h'
    y  = sigmoid(a) * a
    h' = tanh(W @ x + U @ h + V @ (y * y) + y)
    layout plain
      a = [a]   W = [W]   U = [U]   V = [V]
  `,
  cell`
    states_of_parameters_that_are_read(x[I], h[H], g[G]) -> y, z, y_0, h', g'
    y    = tanh(b)
    h'   = sigmoid(y) * a
    g'   = tanh(W @ [x; h'; h] + U @ g + T @ [y; h'] + c)
    z[O] = V @ [y; g']
    y_0  = y * a
    layout plain
      a = [a]   b = [b]   c = [c]   T = [T]   U = [U]   V = [V]   W = [W]
  `,
  cell`
    output_is_a_parameter(x[H], h[H]) -> y, h'
    y[H] = b
    h'   = tanh(h + x)
    layout plain
      b = [b]
  `,
  cell`
    no_state(x[I]) -> y
    y[O] = W @ x + b
    layout plain
      W = [W]   b = [b]
  `,
  cell`
    no_state_two_layers(x[I]) -> z, y
    z[H] = tanh(W @ x + b)
    y[O] = V @ z + x_0
    layout plain
      W = [W]   b = [b]   V = [V]   x_0 = [x_0]
  `,
  cell`
    state_that_nobody_reads(x[I], h[H], g[G]) -> h', g'
    h'   = tanh(U @ h + W @ x)
    g'   = V @ h' + 0 * g
    layout plain
      U = [U]   W = [W]   V = [V]
  `,
  cell`
    loops_that_do_not_wait(x[I], h[H], g[G]) -> y, h', g'
    h'   = tanh(W @ x + U @ h)
    g'   = tanh(V @ x + P @ g)
    y[O] = C @ h' + D @ g'
    layout plain
      W = [W]   U = [U]   V = [V]   P = [P]   C = [C]   D = [D]
  `,
];
