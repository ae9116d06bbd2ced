import { type FunctionIr, SUM_BLOCK } from '@congruent/codegen';
import { functionOf, type Helper, statement, typed } from './code.ts';
import type { Element } from './element.ts';

/** A function that the cell calls. */
export const calledFunction = ({ name, operand, definitions, ulp }: FunctionIr, element: Element): Helper =>
  functionOf(`${name}(${operand}), within ${ulp} ulp.`, name, typed('number', operand), 'number', [
    ...definitions.map((each) => statement(each, element)),
    `return ${definitions.at(-1)!.name};`,
  ]);

/** All helpers; each uses only those before it. */
export const helpers = (element: Element): readonly Helper[] => [
  ...powersOfTwo(element),
  ...product(element),
  ...functionsIn(ofVectors(element)),
];

/** Functions as they stand in a file, with a blank line between two. */
const functionsIn = (text: string): readonly Helper[] => text.split('\n\n').map(functionIn);

function functionIn(text: string): Helper {
  const parts = /^\/\*\* (.*?) \*\/\nfunction (\w+)\((.*?)\): (\w+) {\n(.*)\n}$/s.exec(text.trim());
  const [, doc, name, list, returns, body] = parts as unknown as [string, string, string, string, string, string];
  // Commas between parameters, but not those inside the type of one.
  const parameters = list.split(/, (?=\w+: )(?![^(]*\))/).map((each) => each.split(/: (.*)/) as [string, string]);
  const given = parameters.flatMap(([parameter, type]) => typed(type, parameter));
  return functionOf(doc, name, given, returns, body.replace(/^ {2}/gm, '').split('\n'));
}

/** A table of the powers of two that are normal numbers. NaN becomes index 0; what follows multiplies with NaN again. */
function powersOfTwo({ dtype, array }: Element): readonly Helper[] {
  const bias = dtype === 'float32' ? 126 : 1022;
  const powers = `${array}.from({ length: ${2 * bias + 2} }, (_, index) => 2 ** (index - ${bias}))`;
  return [
    {
      kind: 'constant',
      name: 'POWERS',
      doc: `2^k for k from ${-bias} to ${bias + 1}.`,
      type: 'Vector',
      value: [powers],
    },
    ...functionsIn(`
/** 2^k for an integer k, exact. */
function pow2(k: number): number {
  return POWERS[(k + ${bias}) | 0]!;
}`),
  ];
}

/** Rows of the matrix that are summed at a time. */
const ROWS = 8;

/** Why float32 values are held as float64. */
const WIDENED = `

W and the vector are float32 values held in float64, as they are exact there and V8, which has no float32 arithmetic
outside of WebAssembly, would convert each of them whenever it is used.`;

/** The matrix product in the specified order of summation. */
function product({ dtype, round }: Element): readonly Helper[] {
  const eight = (line: (sum: number) => string): readonly string[] =>
    Array.from({ length: ROWS }, (_, sum) => line(sum));
  const into = (sum: number): string => (sum === 0 ? 'into' : `into + ${sum}`);
  const inFlight = [
    ...eight((sum) => `const row${sum} = ${sum === 0 ? 'i * columns + start' : `row${sum - 1} + columns`};`),
    ...eight((sum) => `let sum${sum} = 0;`),
    'for (let k = 0; k < length; k++) {',
    '  const vk = part[k]!;',
    ...eight((sum) => `  sum${sum} = ${round(`sum${sum} + ${round(`W[row${sum} + k]! * vk`)}`)};`),
    '}',
    'const into = to + i;',
    ...eight((sum) => `out[${into(sum)}] = start === 0 ? sum${sum} : ${round(`out[${into(sum)}]! + sum${sum}`)};`),
  ];
  const parts = `The ${SUM_BLOCK} elements of the vector in hand.`;
  return [
    { kind: 'constant', name: 'part', doc: parts, type: 'Float64Array', value: [`new Float64Array(${SUM_BLOCK})`] },
    functionIn(`
/** out[to + i] = Σ_k W[i, k] v[at + k] for the \`rows\` rows of W: sums of ${SUM_BLOCK} products from the left, added from the left.
${ROWS} rows at a time, so that their additions overlap.${dtype === 'float32' ? WIDENED : ''} */
function product(W: Float64Array, rows: number, columns: number, v: Vector, at: number, out: Vector, to: number): void {
  for (let start = 0; start < columns; start += ${SUM_BLOCK}) {
    const length = Math.min(${SUM_BLOCK}, columns - start);
    for (let k = 0; k < length; k++) part[k] = v[at + start + k]!;
    let i = 0;
    for (; i + ${ROWS} <= rows; i += ${ROWS}) {
      ${inFlight.join('\n      ')}
    }
    for (; i < rows; i++) {
      const row = i * columns + start;
      let sum = 0;
      for (let k = 0; k < length; k++) sum = ${round(`sum + ${round('W[row + k]! * part[k]!')}`)};
      out[to + i] = start === 0 ? sum : ${round('out[to + i]! + sum')};
    }
  }
}`),
  ];
}

/** Functions on vectors, and on arrays of rows. */
const ofVectors = ({ array, round }: Element): string => `
/** Adds the elements from \`at\` on to those from \`to\` on. */
function addTo(out: Vector, to: number, v: Vector, at: number, length: number): void {
  for (let j = 0; j < length; j++) out[to + j] = ${round('out[to + j]! + v[at + j]!')};
}

/** Copies the elements from \`at\` on to those from \`to\` on. */
function copy(v: Vector, at: number, out: Vector, to: number, length: number): void {
  for (let j = 0; j < length; j++) out[to + j] = v[at + j]!;
}

/** \`length\` elements from \`at\` on. */
function block(tensor: Vector, at: number, length: number): Vector {
  return tensor.subarray(at, at + length);
}

/** The blocks one after the other, copied. */
function stack(...blocks: readonly Vector[]): Vector {
  const all = new ${array}(blocks.reduce((length, { length: more }) => length + more, 0));
  let at = 0;
  for (const each of blocks) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}

/** \`width\` columns of an array of rows, from \`start\` on, as rows: [width, rows]. */
function transposed(array: Vector, rows: number, stride: number, start: number, width: number): Vector {
  const result = new ${array}(width * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) result[column * rows + row] = array[row * stride + start + column]!;
  }
  return result;
}

/** out[to + i, k] = Σ_row left[i, row] right[k, row]: the sum over all rows of the products of two values' elements. */
function sumOfOuter(left: Vector, lefts: number, right: Float64Array, rights: number, rows: number, out: Vector, to: number): void {
  for (let i = 0; i < lefts; i++) product(right, rights, rows, left, i * rows, out, to + i * rights);
}

/** How many rows all steps have. */
function rowsIn(batchSizes: readonly number[]): number {
  return batchSizes.reduce((sum, batch) => sum + batch, 0);
}

/** Calls \`step\` for each step in turn: with its first row among those of the sequence, and how many it has. */
function eachStep(batchSizes: readonly number[], backwards: boolean, step: (first: number, batch: number) => void): void {
  let first = backwards ? rowsIn(batchSizes) : 0;
  for (const batch of backwards ? batchSizes.toReversed() : batchSizes) {
    if (backwards) first -= batch;
    step(first, batch);
    if (!backwards) first += batch;
  }
}`;
