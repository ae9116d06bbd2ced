import { type Cell, cell } from './cell.ts';

/** Cells with functions and operations that the GRU lacks: at states, inputs and parameters alone, in each other, and where gradients choose. */
export const withFunctions: readonly Cell[] = [
  cell`
    rnn_of_relu(x[I], h[H]) -> h'
    h' = relu(W @ x + U @ h + b)
    layout plain
      W = [W]   U = [U]   b = [b]
  `,
  cell`
    larger_and_smaller(x[H], h[H]) -> y, h'
    y  = max(x, 0.25 * h) - min(h, max(b, x * h))
    h' = max(min(W @ h, 1), -1) + max(x, x) * min(V @ x, U @ h) / 4
    layout plain
      W = [W]   V = [V]   U = [U]   b = [b]
  `,
  cell`
    magnitudes(x[I], h[H]) -> h'
    a  = abs(W @ x + U @ h)
    h' = relu(a - abs(b)) * abs(h - relu(b)) - a / (1 + abs(a))
    layout plain
      W = [W]   U = [U]   b = [b]
  `,
  cell`
    soft_state(x[I], h[H]) -> h'
    a  = softplus(W @ x + U @ h + b)
    h' = h * exp(-a) + (1 - exp(-a)) * tanh(V @ x) * softplus(c)
    layout plain
      W = [W]   U = [U]   V = [V]   b = [b]   c = [c]
  `,
  cell`
    roots_and_logarithms(x[H], h[H]) -> y, h'
    m  = x * x + h * h + exp(b)
    y  = log(m) * sqrt(m) / (1 + sqrt(m))
    h' = tanh(y - log(1 + exp(U @ h)) / sqrt(exp(c) + 1))
    layout plain
      U = [U]   b = [b]   c = [c]
  `,
  cell`
    exponential_gates(x[H], h[H], m[H]) -> h', m'
    f  = m + b
    m' = max(f, x)
    h' = exp(f - m') * h + exp(x - m') * tanh(U @ h)
    layout plain
      U = [U]   b = [b]
  `,
];
