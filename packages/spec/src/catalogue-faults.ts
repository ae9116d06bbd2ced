import { type Cell, cell } from './cell.ts';

/** What emitters got wrong: signs, names, and what only the backward pass reads. */
export const faults: readonly Cell[] = [
  cell`
    negations(x[H], h[H]) -> h'
    a  = -(-x)
    b  = -(x - h) / -(h - 2)
    h' = tanh(-(x - h)) + a * -b - -(h * -x) + (-(-(-x)))
  `,
  cell`
    reserved_names(x[H], h[H]) -> h'
    k      = x * h
    j      = k + W @ k
    row    = j + 1
    hs     = row - k
    batch  = hs * h
    output = batch + j
    length = output * x + batch
    I2     = length + H
    h'     = tanh(length + I2 + first + rows)
    layout plain
      weights = [W]   scratch = [H]   first = [first]   rows = [rows]
  `,
  cell`
    words_of_languages(x[H], this[H]) -> this'
    for    = x * this
    return = tanh(V @ for)
    float  = return + for
    local  = float * x
    var    = local + class
    this'  = tanh(var + local_next)
    layout plain
      function = [V]   class = [class]   local_next = [local_next]
  `,
  cell`
    words_of_objects(x[H], constructor[H]) -> valueOf, constructor'
    hasOwnProperty = tanh(x + constructor) * propertyIsEnumerable
    constructor'   = hasOwnProperty + isPrototypeOf
    valueOf[H]     = toString @ constructor'
    layout plain
      toString = [toString]   toLocaleString = [propertyIsEnumerable; isPrototypeOf]
  `,
  cell`
    product_as_next_state(x[H], h[H]) -> h'
    v[P] = tanh(W @ x + U @ h)
    h'   = Q @ v
    layout plain
      W = [W]   U = [U]   Q = [Q]
  `,
  cell`
    read_only_backwards(x[I], h[H]) -> h'
    q  = U @ h
    a  = 1 + q * q
    h' = tanh(W @ x + V @ (q * h / a / a))
    layout plain
      W = [W]   U = [U]   V = [V]
  `,
];
