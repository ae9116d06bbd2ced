import { type Cell, cell } from './cell.ts';

/** Dimensions of a stated length, some together with named ones; a cell of numbers alone has none to be asked for. */
const literalDimensions: readonly Cell[] = [
  cell`
    literal_input(x[65], h[H]) -> h'
    h' = tanh(W @ x + b + U @ h)
    layout plain
      W = [W]   b = [b]   U = [U]
  `,
  cell`
    literal_everywhere(x[3], h[5]) -> y, h'
    h'   = tanh(W @ x + b + U @ h)
    y[2] = V @ h' + x_0
    layout plain
      W = [W]   b = [b]   U = [U]   V = [V]   x_0 = [x_0]
  `,
  cell`
    literal_state(x[I], h[9]) -> h'
    v[P] = tanh(W @ x)
    h'   = Q @ v + a * h
    layout plain
      W = [W[P, I]]   Q = [Q]   a = [a[9]]
  `,
  cell`
    literal_of_one(x[1], h[1]) -> h'
    h' = tanh(W @ x + U @ h + b)
    layout plain
      W = [W; U]   b = [b]
  `,
];

/** Numbers as inputs, states, parameters and equations. */
const scalars: readonly Cell[] = [
  cell`
    time_step(x[I], dt[], h[H]) -> h'
    h' = h + dt * tanh(W @ x + U @ h + b)
    layout plain
      W = [W]   U = [U]   b = [b]
  `,
  cell`
    number_parameters(x[I], h[H]) -> h'
    k[] = s * s + t
    h'  = sigmoid(s) * h + t * tanh(W @ x + k) + b
    layout plain
      s = [s[]]   t = [t[]]   W = [W]   b = [b]
  `,
  cell`
    stacked_numbers(x[H], h[H]) -> h'
    h' = a * h + b * x
    layout plain
      numbers = [a[]; b[]]
  `,
  cell`
    number_state(x[H], h[H], n[]) -> h', n'
    n' = n + 1
    h' = h + n' * (x - h)
  `,
  cell`
    number_as_output(u[], v[]) -> v'
    v' = a * v + (1 - a) * u
    layout plain
      a = [a[]]
  `,
  cell`
    number_states_that_are_read_late(x[H], dt[], h[H], s[], t[]) -> h', t', s'
    h' = tanh(h * s + x * dt)
    s' = t * dt
    t' = sigmoid(s - dt)
  `,
  cell`
    declared_parameters(x[I], h[H]) -> y, h'
    h'   = tanh(U @ h + B @ (A @ x)) * c
    y    = C @ h'
    layout plain
      U = [U]   A = [A[P, I]]   B = [B]   C = [C[O, H]]   c = [c[H]]
  `,
];

/** Vectors as numbers: of the state, the inputs and the parameters, read by vectors and by each other. */
const reductions: readonly Cell[] = [
  cell`
    sum_of_the_state(x[H], h[H]) -> h'
    h' = tanh(x + h / (2 + sum(h * h)))
  `,
  cell`
    mean_of_an_input(x[I], h[H]) -> y, h'
    m  = mean(x)
    h' = tanh(h + m * b)
    y  = (x - m) * mean(x * x)
    layout plain
      b = [b]
  `,
  cell`
    sum_of_parameters(x[H], h[H]) -> h'
    s[] = sum(w) / 4
    h'  = tanh(x * s + h * mean(w * w))
    layout plain
      w = [w[P]]
  `,
  cell`
    sums_of_products(x[I], h[H]) -> h'
    a   = sum(V @ x)
    b   = sum(tanh(U @ h + c) * h)
    h'  = sigmoid(a) * h + sigmoid(a + b) * (W @ x)
    layout plain
      V = [V[P, I]]   U = [U]   W = [W]   c = [c]
  `,
  cell`
    mean_of_a_stated_length(x[65], h[3]) -> h'
    h' = tanh(h * mean(x) + sum(h))
  `,
  cell`
    sum_as_next_state(x[I], h[H], s[]) -> h', s'
    s' = s / 2 + sum(x) - mean(h)
    h' = tanh(h * s + W @ x)
    layout plain
      W = [W]
  `,
  cell`
    attention_of_two(q[G], a[G], b[G], h[H]) -> h'
    p  = sigmoid(sum(q * a) - sum(q * b))
    h' = h + tanh(W @ (p * a + (1 - p) * b))
    layout plain
      W = [W]
  `,
];

/** Vectors one after the other, in products, element by element, as outputs and as next states. */
const concatenations: readonly Cell[] = [
  cell`
    product_of_a_concatenation(x[I], h[H]) -> h'
    z  = sigmoid(W_z @ [x; h] + b)
    h' = (1 - z) * h + z * tanh(W_h @ [x; z * h])
    layout plain
      W = [W_z; W_h]   b = [b]
  `,
  cell`
    concatenation_of_numbers(x[I], dt[], h[H]) -> h'
    h' = tanh(W @ [1; x; dt; dt * dt; sum(h)] + h)
    layout plain
      W = [W]
  `,
  cell`
    concatenation_as_output(x[I], h[H]) -> y, z, h'
    h' = tanh(W @ x + U @ h)
    y  = [h; x; h']
    z  = [mean(h')]
    layout plain
      W = [W]   U = [U]
  `,
  cell`
    concatenation_element_by_element(x[I], h[H]) -> y, h'
    v  = tanh([x; h] * a + [h; x])
    y  = v * v + [x; W @ x]
    h' = U @ v + h
    layout plain
      a = [a]   U = [U]   W = [W]
  `,
  cell`
    concatenation_as_next_state(x[2], h[5]) -> h'
    u[3] = tanh(W @ h)
    h'   = [u; x] + h / 2
    layout plain
      W = [W]
  `,
  cell`
    next_state_that_shifts(x[2], h[6]) -> h'
    a[4] = W @ h
    h'   = [a; x]
    layout plain
      W = [W]
  `,
  cell`
    concatenation_of_parameters(x[I], h[H]) -> y, h'
    p  = [a; b] * [b; a]
    y  = [x; p]
    h' = tanh(h + W @ (p * p))
    layout plain
      a = [a[P]]   b = [b[P]]   W = [W]
  `,
  cell`
    concatenation_of_concatenations(x[I], h[H]) -> h'
    v  = [x; [h; [x; 2]]]
    h' = tanh(W @ v + V @ [v; h])
    layout plain
      W = [W]   V = [V]
  `,
];

/** What the notation has beside vectors of named lengths. */
export const notation: readonly Cell[] = [...literalDimensions, ...scalars, ...reductions, ...concatenations];
