import { describe, expect, test } from 'vitest';
import { cell, defineCell, gru, SpecError, type SpecErrorCode, specErrorCodes } from '../src/index.ts';

interface Mistake {
  readonly title: string;
  readonly code: SpecErrorCode;
  /** The specification; `«…»` marks what the carets must stand under. */
  readonly text: string;
  /** What the message says beside code, line and carets: what was got, what was expected, what to do. */
  readonly says: readonly string[];
}

const HEADER = "c(x[I], h[H]) -> h'";

const called = {
  gru,
  two: defineCell('two(x[I]) -> a, b\n a = tanh(x)\n b = sigmoid(x)'),
  scaled: defineCell("scaled(x[I], g[I], h[I]) -> h'\n h' = h + x * g"),
  halves: defineCell('halves(x[I]) -> y\n u[M] = W @ x\n v[K] = V @ x\n y = [u; v]\n layout torch\n  W = [W]  V = [V]'),
};

const mistakes: readonly Mistake[] = [
  {
    title: 'a sign that is not in the notation',
    code: 'SPEC_SYNTAX',
    text: `${HEADER}\n h' = h «?» x`,
    says: ["'?' is not", 'Remove it.'],
  },
  ...(
    [
      ["h' = h«^»2 + x", 'Write a power as a product, x * x'],
      ["h' = h «·» x", 'Write * for element by element, @ for matrix times vector.'],
      ["h' = h «−» x", 'Write - for minus.'],
      ['h«’» = h + x', "Write ' for a prime."],
      ["h'«'» = h + x", "A prime stands once, directly behind a name: h'."],
      ['«α» = x', 'Write names with A to Z, a to z, 0 to 9 and _.'],
    ] as const
  ).map(([equation, remedy]) => ({
    title: `a sign that is spelled otherwise: ${equation}`,
    code: 'SPEC_SYNTAX' as const,
    text: `${HEADER}\n ${equation}`,
    says: ['is not part of the notation', remedy],
  })),
  ...[
    "«c'»(x[I], h[H]) -> h'\n h' = h",
    "c(«x'»[I], h[H]) -> h'\n h' = h",
    "c(x[«I'»], h[H]) -> h'\n h' = h",
    `${HEADER}\n h' = h\n layout «torch'»`,
    `${HEADER}\n h' = h\n layout torch\n «W'» = [W]`,
    `${HEADER}\n h' = h\n layout torch\n W = [«W'»]`,
  ].map((text) => ({
    title: `a prime that marks no next value: ${text}`,
    code: 'SPEC_SYNTAX' as const,
    text,
    says: ["' has a prime, which marks the next value of a state", 'or another name.'],
  })),
  {
    title: 'an equation without =',
    code: 'SPEC_SYNTAX',
    text: `${HEADER}\n z = x\n h' «+»= z`,
    says: ["expected '=', found +"],
  },
  {
    title: 'a missing operand',
    code: 'SPEC_SYNTAX',
    text: `${HEADER}\n h' = h + «)»`,
    says: ['expected a number, a name, ( or [, found )', 'Write a number, a name, ( or [ here.'],
  },
  {
    title: 'an open parenthesis',
    code: 'SPEC_SYNTAX',
    text: `${HEADER}\n h' = (h + x\n «layout» torch`,
    says: ["expected ')', found layout"],
  },
  {
    title: 'a missing arrow',
    code: 'SPEC_SYNTAX',
    text: "c(x[I], h[H]) «h'»\n h' = h",
    says: ["expected '->', found h'"],
  },
  {
    title: 'a shape that ends with a comma',
    code: 'SPEC_SYNTAX',
    text: `${HEADER}\n u[I, «]» = x\n h' = h + W @ u`,
    says: ['expected a dimension, e.g. I or 65, found ]'],
  },
  ...['0', '2.5', '1e400'].map((length) => ({
    title: `a length of ${length}`,
    code: 'SPEC_SYNTAX' as const,
    text: `c(x[«${length}»], h[H]) -> h'\n h' = h + W @ x`,
    says: ['expected a whole number above 0'],
  })),
  ...['if', 'then', 'else', 'layout'].map((word) => ({
    title: `${word} as a name`,
    code: 'SPEC_SYNTAX' as const,
    text: `c(«${word}»[I], h[H]) -> h'\n h' = h`,
    says: [`found ${word}`, 'Choose another name: if, then, else, layout are words of the notation.'],
  })),
  { title: 'an operand without a shape', code: 'SPEC_SYNTAX', text: "c(x«)» -> h'", says: ["expected '[', found )"] },
  {
    title: 'an end too early',
    code: 'SPEC_SYNTAX',
    text: `${HEADER}\n h' = h +«»`,
    says: ['found the end of the text'],
  },
  {
    title: 'a word too many',
    code: 'SPEC_SYNTAX',
    text: `${HEADER}\n h' = h «x»`,
    says: ['expected an operator, the next equation, a layout or the end, found x'],
  },
  {
    title: '`if` in a cell',
    code: 'SPEC_SYNTAX',
    text: `${HEADER}\n h' = x + «if h < 0 then h else h»`,
    says: ['`if` in a cell', 'Only functions may use `if`.'],
  },

  {
    title: 'a sum of too many terms',
    code: 'SPEC_DEPTH',
    text: `${HEADER}\n h' = h${'\n + h'.repeat(250)}\n «+» x`,
    says: ['an expression is nested deeper than 250 levels', 'Name parts of it as equations of their own.'],
  },

  {
    title: 'an undeclared name',
    code: 'SPEC_UNDECLARED_NAME',
    text: `${HEADER}\n h' = h + «b»`,
    says: ['b is no operand, equation or parameter', 'list it in a layout'],
  },
  {
    title: 'an equation used before it is defined',
    code: 'SPEC_USED_BEFORE_DEFINED',
    text: `${HEADER}\n h' = h * «z»\n z = x`,
    says: ['z is used before its equation', 'Move the equation for z up.'],
  },
  {
    title: 'a next state used before it is defined',
    code: 'SPEC_USED_BEFORE_DEFINED',
    text: `${HEADER}\n z = «h'»\n h' = h`,
    says: ["Move the equation for h' up."],
  },
  {
    title: 'a next state of itself',
    code: 'SPEC_USED_BEFORE_DEFINED',
    text: `${HEADER}\n h' = «h'» + h`,
    says: ["h' needs itself", 'Read h, the value of the step before.'],
  },
  {
    title: 'equations in a circle',
    code: 'SPEC_USED_BEFORE_DEFINED',
    text: `${HEADER}\n a = «b» + h\n z = a\n b = z\n h' = b`,
    says: ['b and a need each other', 'Make b a state, and read its value of the step before.'],
  },

  {
    title: 'two equations of one name',
    code: 'SPEC_DUPLICATE_NAME',
    text: `${HEADER}\n z = x\n «z» = h\n h' = z`,
    says: ['z stands twice', 'Rename or remove one.'],
  },
  {
    title: 'an equation with the name of an operand',
    code: 'SPEC_DUPLICATE_NAME',
    text: `${HEADER}\n «x» = h\n h' = x`,
    says: ['x is an operand', "Rename the equation, or write x' for the next value of x."],
  },
  {
    title: 'a parameter with the name of an equation',
    code: 'SPEC_DUPLICATE_NAME',
    text: `c(x[H], h[H]) -> h'\n z = x\n h' = z + h\n layout torch\n  z = [«z»]`,
    says: ['z is no parameter', 'Rename the parameter.'],
  },
  {
    title: 'a state listed twice',
    code: 'SPEC_DUPLICATE_NAME',
    text: "c(x[H], h[H]) -> h', «h'»\n h' = h + x",
    says: ["h' stands twice"],
  },
  {
    title: 'two layouts of one name',
    code: 'SPEC_DUPLICATE_NAME',
    text: "c(h[H]) -> h'\n h' = a * h\n layout torch\n  p = [a]\n layout «torch»\n  q = [a]",
    says: ['torch stands twice'],
  },
  {
    title: 'two tensors of one name in a layout',
    code: 'SPEC_DUPLICATE_NAME',
    text: "c(h[H]) -> h'\n h' = a * h + b\n layout torch\n  p = [a]  «p» = [b]",
    says: ['p stands twice'],
  },

  {
    title: 'an equation nothing uses',
    code: 'SPEC_UNUSED_EQUATION',
    text: `c(x[H], h[H]) -> h'\n «z» = x\n h' = h + x`,
    says: ['nothing uses z', 'Use z, or take the equation out.'],
  },
  {
    title: 'an input nothing uses',
    code: 'SPEC_UNUSED_INPUT',
    text: "c(«x»[I], h[H]) -> h'\n h' = 2 * h",
    says: ['no equation uses x', 'Use x, or take it out.'],
  },
  {
    title: 'a state nothing reads',
    code: 'SPEC_UNUSED_INPUT',
    text: "c(x[H], «h»[H]) -> h'\n h' = 2 * x",
    says: ['no equation uses h'],
  },
  {
    title: 'a parameter nothing uses',
    code: 'SPEC_UNUSED_PARAMETER',
    text: "c(h[H]) -> h'\n h' = 2 * h\n layout torch\n  b = [«b»]",
    says: ['no equation uses b', 'Use b, or take it out.'],
  },

  {
    title: 'a state that is never assigned',
    code: 'SPEC_STATE_UNASSIGNED',
    text: "c(x[H], h[H]) -> «h'»\n z = x + h",
    says: ['state h is never assigned', "Add an equation for h'."],
  },
  {
    title: 'a result without a prime',
    code: 'SPEC_STATE_UNASSIGNED',
    text: 'c(x[H], h[H]) -> «h»\n z = x + h',
    says: ['h is an operand, not a result', "Write h' for its next value, or name an output of its own, y = h."],
  },
  {
    title: 'an input among the results',
    code: 'SPEC_STATE_UNASSIGNED',
    text: "c(x[H], h[H]) -> «x», h'\n h' = x + h",
    says: ['x is an operand, not a result', 'or name an output of its own, y = x.'],
  },
  {
    title: 'a result of an operand that is not there',
    code: 'SPEC_STATE_UNASSIGNED',
    text: "c(x[H], h[H]) -> h', «g'»\n h' = x + h",
    says: ["g' is the next value of no operand", 'List g with its shape among the operands'],
  },
  {
    title: 'a next state that is not among the results',
    code: 'SPEC_STATE_UNLISTED',
    text: "c(x[H], h[H], c[H]) -> h'\n «c'» = c + x\n h' = h + c'",
    says: ["c' is no result of the cell", "List c' after ->, or rename it."],
  },

  {
    title: 'an output that is never assigned',
    code: 'SPEC_OUTPUT_UNASSIGNED',
    text: "c(x[H], h[H]) -> «y», h'\n h' = x + h",
    says: ['output y has no equation', 'Add an equation for y.'],
  },
  {
    title: 'a parameter among the results',
    code: 'SPEC_OUTPUT_UNASSIGNED',
    text: "c(h[H]) -> h', «a»\n h' = a * h\n layout torch\n  p = [a]",
    says: ['output a has no equation'],
  },

  {
    title: 'a sum of different lengths',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n h' = «x + h»`,
    says: ['both sides of +: [I] and [H] do not unify', 'Make both shapes the same'],
  },
  {
    title: 'a matrix used with vectors of different lengths',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n p = W @ x\n h' = p + «W @ h»\n layout torch\n  W = [W]`,
    says: [
      'the length of the vector: [I] and [H] do not unify',
      '`W @ v` takes a matrix [m, n] and a vector [n] and gives [m]',
    ],
  },
  {
    title: 'a vector on the left of @',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n h' = «h» @ x`,
    says: ['left of @ there must be a matrix: [H] and [?, ?] do not unify'],
  },
  {
    title: 'a next state of another shape',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n k = h * 0\n h' = «x * (W @ k)»\n layout torch\n  W = [W]`,
    says: ["state h and its next value h': [H] and [I] do not unify"],
  },
  {
    title: 'a number for a next state',
    code: 'SPEC_SHAPE',
    text: "c(h[H], g[H]) -> h', g'\n k = 2 + 1\n g' = h + g\n h' = «k»",
    says: ["state h and its next value h': [H] and [] do not unify"],
  },
  {
    title: 'a stated shape of another length',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n u[I] = «W @ x + h»\n h' = h * (V @ u)\n layout torch\n  W = [W]  V = [V]`,
    says: ["the shape stated for u and its value's: [I] and [H] do not unify"],
  },
  {
    title: 'a stated shape of another rank',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n u[O, I] = «W @ x»\n h' = h + V @ u\n layout torch\n  W = [W]  V = [V]`,
    says: ["the shape stated for u and its value's: [O, I] and [?] do not unify"],
  },
  {
    title: 'a stated shape that an equation below contradicts',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n u[P] = W @ x\n h' = «h + u»\n layout torch\n  W = [W]`,
    says: ['both sides of +: [H] and [P] do not unify'],
  },
  {
    title: 'a next state with a stated shape that is not the state’s',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n h'[P] = «W @ (x * (V @ h))»\n layout torch\n  W = [W]  V = [V]`,
    says: ["state h and its next value h': [H] and [P] do not unify"],
  },
  {
    title: 'a name and a number for one length',
    code: 'SPEC_SHAPE',
    text: "c(x[65], h[H]) -> h'\n h' = «x + h»",
    says: ['[65] and [H] do not unify', 'H stands for any length: write 65 where H is declared.'],
  },
  {
    title: 'two numbers for one length',
    code: 'SPEC_SHAPE',
    text: "c(x[64], h[65]) -> h'\n h' = «x + h»",
    says: ['[64] and [65] do not unify', 'Make both shapes the same'],
  },
  {
    title: 'a parameter that two layouts declare differently',
    code: 'SPEC_SHAPE',
    text: "c(x[I], h[H]) -> h'\n h' = s * h + W @ x\n layout a\n  W = [W]  s = [s[]]\n layout b\n  W = [W]  s = [«s»[H]]",
    says: ['the shapes declared for s: [] and [H] do not unify'],
  },
  {
    title: 'a product with a number',
    code: 'SPEC_SHAPE',
    text: "c(dt[], h[H]) -> h'\n h' = h + «W @ dt»\n layout a\n  W = [W]",
    says: ['the columns of the matrix and the length of the vector: [?] and [] do not unify'],
  },
  {
    title: 'the sum of a number',
    code: 'SPEC_SHAPE',
    text: "c(dt[], h[H]) -> h'\n h' = h + sum(«dt»)",
    says: ['sum takes a vector: [] and [?] do not unify'],
  },
  {
    title: 'a mean as an output',
    code: 'SPEC_SHAPE',
    text: "c(x[I], h[H]) -> «y», h'\n y = mean(x)\n h' = 2 * h",
    says: ['output y is a number'],
  },
  {
    title: 'the sum of a parameter of no known length',
    code: 'SPEC_SHAPE_UNKNOWN',
    text: "c(h[H]) -> h'\n h' = h * sum(«w»)\n layout a\n  w = [w]",
    says: ['the shape of w cannot be inferred: [?]'],
  },
  {
    title: 'a mean of two',
    code: 'SPEC_ARITY',
    text: "c(x[H], h[H]) -> h'\n h' = «mean(x, h)»",
    says: ['mean takes 1 operand, got 2'],
  },
  {
    title: 'a concatenation of another length',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n h' = «[x; h]»`,
    says: ["state h and its next value h': [H] and [H + I] do not unify"],
  },
  {
    title: 'concatenations of different lengths',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n h' = h + W @ «([x; h] + [h; x; 1])»\n layout a\n  W = [W]`,
    says: ['both sides of +: [H + I] and [H + I + 1] do not unify'],
  },
  {
    title: 'a concatenation that is as long as its part',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n p = «[b; x] + b»\n h' = h + W @ p\n layout a\n  W = [W]  b = [b]`,
    says: ['both sides of +'],
  },
  {
    title: 'a part of a concatenation of unknown length',
    code: 'SPEC_SHAPE_UNKNOWN',
    text: `${HEADER}\n h' = h + W @ [x; «V @ x»]\n layout a\n  W = [W]  V = [V]`,
    says: ['a part of a concatenation has no known length', 'State the shape of the part in an equation of its own'],
  },
  {
    title: 'a matrix in a concatenation',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n h' = h + W @ [x; «W»]\n layout a\n  W = [W]`,
    says: ['a part of a concatenation is a vector or a number'],
  },
  {
    title: 'an empty concatenation',
    code: 'SPEC_SYNTAX',
    text: `${HEADER}\n h' = h + W @ [«]»`,
    says: ['expected a number, a name, ( or [, found ]'],
  },
  {
    title: 'an output that is a number',
    code: 'SPEC_SHAPE',
    text: "c(h[H]) -> «y», h'\n h' = 2 * h\n y = 2 + 1",
    says: ['output y is a number', 'Give it a vector'],
  },
  {
    title: 'rows and columns in one bracket',
    code: 'SPEC_SYNTAX',
    text: `${HEADER}\n h' = a * h + b + c * W @ x\n layout torch\n  p = [a; b «|» c]   W = [W]`,
    says: ['; and | stand in one bracket', 'Put one kind into brackets of its own, e.g. [[a; b] | c].'],
  },
  {
    title: 'parameters of different heights side by side',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n u[P] = U @ h\n h' = W @ x + V @ u\n layout torch\n  p = [[W]^T | «U»]   V = [V]`,
    says: ['[P, H] cannot stand beside [I, H]', 'What stands side by side has as many rows.'],
  },
  {
    title: 'parameters of different shapes in one tensor',
    code: 'SPEC_SHAPE',
    text: `${HEADER}\n h' = W @ x + b * h\n layout torch\n  p = [W; «b»]`,
    says: ['[H] cannot stand below [H, I]', 'What stands one below the other has as many columns.'],
  },

  {
    title: 'a dimension that nothing fixes',
    code: 'SPEC_SHAPE_UNKNOWN',
    text: `${HEADER}\n h' = «W» @ (V @ x) + h\n layout torch\n  W = [W]  V = [V]`,
    says: [
      'the shape of W cannot be inferred: [H, ?]',
      'relate it to one, declare it, `[W[P, I]]`, or state it, `y[O] = …`.',
    ],
  },
  {
    title: 'an output whose length nothing fixes',
    code: 'SPEC_SHAPE_UNKNOWN',
    text: `c(x[I], h[H]) -> y, h'\n h' = h + B @ x\n «y» = C @ h'\n layout torch\n  B = [B]  C = [C]`,
    says: ['the shape of y cannot be inferred: [?]', 'or state it, `y[O] = …`.'],
  },

  {
    title: 'a matrix used element by element',
    code: 'SPEC_MATRIX',
    text: `${HEADER}\n p = W @ x\n G = «W» * 2\n h' = p + G @ x + h\n layout torch\n  W = [W]`,
    says: ['W is a matrix [H, I] outside a product', 'Write `W @ v` with the name of a parameter for W.'],
  },
  {
    title: 'an expression on the left of @',
    code: 'SPEC_MATRIX',
    text: `${HEADER}\n h' = «(W - V)» @ x + h\n layout torch\n  W = [W]  V = [V]`,
    says: ['the left of @ is not a parameter'],
  },
  {
    title: 'a product of two matrices',
    code: 'SPEC_MATRIX',
    text: `${HEADER}\n h' = «W @ V» @ x + h\n layout torch\n  W = [W]  V = [V]`,
    says: ['the left of @ is a product', 'Write A @ (B @ x) for A @ B @ x.'],
  },
  {
    title: 'an input on the left of @',
    code: 'SPEC_MATRIX',
    text: "c(A[H, H], h[H]) -> h'\n h' = «A» @ h",
    says: ['the left of @ is not a parameter'],
  },

  {
    title: 'an unknown function',
    code: 'SPEC_UNKNOWN_FUNCTION',
    text: `${HEADER}\n h' = «gelu(h)» * x`,
    says: [
      'there is no function gelu',
      'Known are: sigmoid, tanh, relu, exp, log, softplus, sqrt, abs, max, min, sum, mean.',
    ],
  },
  {
    title: 'a function with two operands',
    code: 'SPEC_ARITY',
    text: `${HEADER}\n h' = x * «tanh(h, x)»`,
    says: ['tanh takes 1 operand, got 2', 'Give it 1 operand.'],
  },
  {
    title: 'a maximum of one',
    code: 'SPEC_ARITY',
    text: `${HEADER}\n h' = x * «max(h)»`,
    says: ['max takes 2 operands, got 1', 'Give it 2 operands.'],
  },
  {
    title: 'a maximum of vectors of two lengths',
    code: 'SPEC_SHAPE',
    text: "c(x[I], h[H]) -> h'\n h' = «max(h, x)»",
    says: ['the operands of max: [H] and [I] do not unify'],
  },

  {
    title: 'a cell with too few operands',
    code: 'SPEC_ARITY',
    text: 'c(x[I]) -> y\n y = «${scaled}(x)»',
    says: ['scaled has 2 inputs, got 1 operand', 'Give it its inputs, in order: x, g.'],
  },
  {
    title: 'a cell inside an expression',
    code: 'SPEC_SYNTAX',
    text: 'c(x[I]) -> y\n y = x + «${gru}»(x)',
    says: [
      'a call of a cell is a whole right side',
      'Give it an equation of its own, `y = ${gru}(…)`, and write y here.',
    ],
  },
  {
    title: 'a cell without operands',
    code: 'SPEC_SYNTAX',
    text: 'c(x[I]) -> y\n y = ${gru}«»',
    says: ["expected '(', found the end of the text"],
  },
  {
    title: 'a cell that was not given',
    code: 'SPEC_UNKNOWN_CELL',
    text: 'c(x[I]) -> y\n y = «${ lstm }(x)»',
    says: [
      'there is no cell lstm',
      'Interpolate it, `y = ${lstm}(x)`, or give it by name: defineCell(text, { lstm }).',
    ],
  },
  {
    title: 'a cell that is no property of its own',
    code: 'SPEC_UNKNOWN_CELL',
    text: 'c(x[I]) -> y\n y = «${toString}(x)»',
    says: ['there is no cell toString'],
  },
  {
    title: 'a cell without one value',
    code: 'SPEC_CELL_VALUE',
    text: 'c(x[I]) -> y\n y = «${two}(x)»',
    says: ['two has no state and several outputs, a, b: which is its value?', 'Make it a cell for each output.'],
  },
  {
    title: 'an operand of another shape than the input of a called cell',
    code: 'SPEC_SHAPE',
    text: "c(x[I], h[H]) -> h'\n u = ${scaled}(x, «h»)\n h' = W @ u + h\n layout torch\n  W = [W]",
    says: ['g of scaled and its operand: [I] and [H] do not unify'],
  },
  {
    title: 'a stated shape that the value of a called cell does not have',
    code: 'SPEC_SHAPE',
    text: "c(x[I], h[H]) -> h'\n u[H] = «${scaled}(x, x)»\n h' = u + h",
    says: ['the shape stated for u and its value', '[H] and [I] do not unify'],
  },
  {
    title: 'a size of a called cell that nothing says',
    code: 'SPEC_SHAPE_UNKNOWN',
    text: "c(x[I], h[H]) -> h'\n g = «${gru}(x)»\n h' = W @ g + h\n layout torch\n  W = [W]",
    says: ['dimension H of ${gru} cannot be inferred', 'State it, as a number or a dimension: `g[H] = ${gru}(…)`.'],
  },
  {
    title: 'an operand of a called cell whose size nothing says',
    code: 'SPEC_SHAPE_UNKNOWN',
    text: "c(x[I], h[H]) -> h'\n g[H] = «${gru}(V @ x)»\n h' = g + h\n layout torch\n  V = [V]",
    says: ['dimension I of ${gru} cannot be inferred', 'the operand in an equation of its own, `v[P] = …`.'],
  },
  {
    title: 'the parts of a called cell’s value, of which nothing says how long each is',
    code: 'SPEC_SHAPE_UNKNOWN',
    text: 'c(x[I]) -> y\n y[O] = «${halves}(x)»',
    says: ['dimension M of ${halves} cannot be inferred', 'write a number for M in the cell halves'],
  },
  {
    title: 'a called cell whose value nothing uses',
    code: 'SPEC_UNUSED_EQUATION',
    text: "c(x[I], h[I]) -> h'\n «g»[I] = ${gru}(x)\n h' = x + h",
    says: ['nothing uses g'],
  },

  {
    title: 'a layout that misses a parameter',
    code: 'SPEC_LAYOUT_MISSING',
    text: "c(h[H]) -> h'\n h' = a * h + b\n layout torch\n  p = [a; b]\n layout «keras»\n  p = [a]",
    says: ['layout keras misses b', 'List each parameter once.'],
  },
  {
    title: 'a layout that repeats a parameter',
    code: 'SPEC_LAYOUT_REPEATED',
    text: "c(h[H]) -> h'\n h' = a * h\n layout torch\n  p = [a]  q = [«a»]",
    says: ['layout torch repeats a', 'List each parameter once.'],
  },
  {
    title: 'a parameter that a sum has, and a tensor, too',
    code: 'SPEC_LAYOUT_REPEATED',
    text: "c(h[H]) -> h'\n h' = a * h + b\n layout torch\n  p = [a; b]\n layout keras\n  p = [a + b]  q = [«a»]",
    says: ['layout keras repeats a'],
  },
  {
    title: 'a sum of parameters of different shapes',
    code: 'SPEC_SHAPE',
    text: "c(x[I], h[H]) -> h'\n h' = W @ x + a * h\n layout torch\n  W = [W]  a = [a]\n layout keras\n  p = [W + «a»]",
    says: ['[H] cannot be added to [H, I]', 'What is added up has the same shape.'],
  },
  {
    title: 'a first layout that adds parameters up',
    code: 'SPEC_LAYOUT_SUM',
    text: "c(h[H]) -> h'\n h' = a * h + b\n layout keras\n  p = [[«a + b»]]^T\n layout torch\n  p = [a; b]",
    says: ['layout keras, the first, adds parameters up', 'a layout before it that has each parameter for itself'],
  },
];

function errorOf(text: string): SpecError {
  try {
    defineCell(text, called);
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
  throw new Error('the specification was accepted');
}

/** The excerpt that a message must contain: the marked line with its number, and carets under the mark. */
function expectedExcerpt(marked: string): string {
  const before = marked.slice(0, marked.indexOf('«'));
  const length = marked.indexOf('»') - marked.indexOf('«') - 1;
  const number = before.split('\n').length;
  const column = before.length - (before.lastIndexOf('\n') + 1);
  const line = marked.replace(/[«»]/g, '').split('\n')[number - 1]!;
  const gutter = ' '.repeat(`${number}`.length);
  return `  ${number} | ${line}\n  ${gutter} | ${' '.repeat(column)}${'^'.repeat(Math.max(1, length))}\n`;
}

describe.each(specErrorCodes)('%s', (code) => {
  const own = mistakes.filter((mistake) => mistake.code === code);

  test('has a test', () => {
    expect(own).not.toEqual([]);
  });

  test.each(own)('$title: code, line, carets, what is wrong and what to do', ({ text, says }) => {
    const error = errorOf(text.replace(/[«»]/g, ''));
    expect(error).toMatchObject({ name: 'SpecError', code });
    expect(error.message.startsWith(`${code}: `)).toBe(true);
    expect(error.message).toContain(expectedExcerpt(text));
    for (const part of says) expect(error.message).toContain(part);
    // Three paragraphs: what is wrong, where, what to do.
    expect(error.message.split('\n\n')).toHaveLength(3);
  });
});

test('an error says where it is as offsets into the text without its indentation', () => {
  const { source, span } = errorOf(`
    c(x[H], h[H]) -> h'
      h' = h + bad
  `);
  expect(source).toBe("c(x[H], h[H]) -> h'\n  h' = h + bad");
  expect(source.slice(span.start, span.end)).toBe('bad');
});

test('a message reads as a whole', () => {
  const { message } = errorOf(`
    gru(x[I], h[H]) -> h'

    r  = sigmoid(W_ir @ x + W_hr @ h)
    n  = tanh(W_in @ x + W_hr @ (r * x))
    h' = n + h

    layout torch
      weight_ih = [W_ir; W_in]   weight_hh = [W_hr]
  `);
  expect(message).toBe(
    [
      'SPEC_SHAPE: the columns of the matrix and the length of the vector: [H] and [I] do not unify',
      '',
      '  4 | n  = tanh(W_in @ x + W_hr @ (r * x))',
      '    |                      ^^^^^^^^^^^^^^',
      '',
      'Make both shapes the same; `W @ v` takes a matrix [m, n] and a vector [n] and gives [m].',
    ].join('\n'),
  );
});

test('what is no text is refused, with how one is given', () => {
  const refused = (act: () => unknown, message: RegExp): void => {
    expect(act).toThrow(SpecError);
    expect(act).toThrow(message);
  };
  refused(() => defineCell(5 as never), /^SPEC_SYNTAX: defineCell takes a text\n.*Give the equations as a string\.$/s);
  for (const text of ['c(x[I]) -> y', undefined]) {
    refused(
      () => cell(text as never),
      /^SPEC_SYNTAX: cell is a tag, .*Write cell`…` without parentheses, or call defineCell\.$/s,
    );
  }
});
