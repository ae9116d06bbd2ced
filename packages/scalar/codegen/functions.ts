import { type DType, type FunctionIr, type Program, SUM_BLOCK } from '@congruent/codegen';
import { renderDefinition, withMath } from './expression.ts';
import { VECTOR } from './stages.ts';

/** Powers of two, and the functions the cell calls. */
export function scalarFunctions(program: Program, dtype: DType): string[] {
  return [pow2(dtype), ...program.functions[dtype].map((called) => scalarFunction(called, dtype))];
}

function scalarFunction({ name, operand, definitions, ulp }: FunctionIr, dtype: DType): string {
  const lines = withMath(definitions.map((definition) => renderDefinition(definition, dtype)));
  const doc = `/** ${name}(${operand}), within ${ulp} ulp. */`;
  return `${doc}\nfunction ${name}(${operand}: number): number {\n${lines.join('\n')}\nreturn ${definitions.at(-1)!.name};\n}\n`;
}

/** A table of the powers of two that are normal numbers. NaN becomes index 0; what follows multiplies with NaN again. */
function pow2(dtype: DType): string {
  const bias = dtype === 'float32' ? 126 : 1022;
  return `
/** 2^k for k from ${-bias} to ${bias + 1}. */
const POWERS: Vector = ${VECTOR[dtype]}.from({ length: ${2 * bias + 2} }, (_, index) => 2 ** (index - ${bias}));

/** 2^k for an integer k, exact. */
function pow2(k: number): number {
return POWERS[(k + ${bias}) | 0]!;
}
`;
}

/** Rows of the matrix that are summed at a time. */
const ROWS = 8;

/** The matrix product in the specified order of summation, and the helpers of the stacked parameters. */
export function productFunctions(dtype: DType): string[] {
  const round = (text: string): string => (dtype === 'float32' ? `fround(${text})` : text);
  const math = dtype === 'float32' ? 'const { fround } = Math;\n' : '';
  const sums = Array.from({ length: ROWS }, (_, sum) => sum);
  const into = (sum: number): string => (sum === 0 ? 'into' : `into + ${sum}`);
  const lines = (line: (sum: number) => string): string => sums.map(line).join('\n');
  return [
    `
/** The ${SUM_BLOCK} elements of the vector in hand. */
const part = new Float64Array(${SUM_BLOCK});
`,
    `
/**
 * out[to + i] = Σ_k W[i, k] v[at + k] for the \`rows\` rows of W: sums of ${SUM_BLOCK} products from the left, added from the left.
 * ${ROWS} rows at a time, so that their additions overlap.${dtype === 'float32' ? WIDENED : ''}
 */
function product(W: Float64Array, rows: number, columns: number, v: Vector, at: number, out: Vector, to: number): void {
${math}for (let start = 0; start < columns; start += ${SUM_BLOCK}) {
const length = Math.min(${SUM_BLOCK}, columns - start);
for (let k = 0; k < length; k++) part[k] = v[at + start + k]!;
let i = 0;
for (; i + ${ROWS} <= rows; i += ${ROWS}) {
${lines((sum) => `const row${sum} = ${sum === 0 ? 'i * columns + start' : `row${sum - 1} + columns`};`)}
${lines((sum) => `let sum${sum} = 0;`)}
for (let k = 0; k < length; k++) {
const vk = part[k]!;
${lines((sum) => `sum${sum} = ${round(`sum${sum} + ${round(`W[row${sum} + k]! * vk`)}`)};`)}
}
const into = to + i;
${lines((sum) => `out[${into(sum)}] = start === 0 ? sum${sum} : ${round(`out[${into(sum)}]! + sum${sum}`)};`)}
}
for (; i < rows; i++) {
const row = i * columns + start;
let sum = 0;
for (let k = 0; k < length; k++) sum = ${round(`sum + ${round('W[row + k]! * part[k]!')}`)};
out[to + i] = start === 0 ? sum : ${round('out[to + i]! + sum')};
}
}
}
`,
    `
/** Adds a vector to the elements from \`to\` on. */
function addTo(out: Vector, to: number, vector: Vector): void {
${math}for (let j = 0; j < vector.length; j++) out[to + j] = ${round('out[to + j]! + vector[j]!')};
}
`,
    `
/** \`width\` columns of an array of rows, from \`start\` on, as rows: [width, rows]. */
function transposed(array: Vector, rows: number, stride: number, start: number, width: number): Vector {
const result = new Vector(width * rows);
for (let row = 0; row < rows; row++) {
for (let column = 0; column < width; column++) result[column * rows + row] = array[row * stride + start + column]!;
}
return result;
}
`,
    `
/** out[i, k] = Σ_row left[i, row] right[k, row]: the sum over all rows of the products of two values' elements. */
function sumOfOuter(left: Vector, lefts: number, right: Float64Array, rights: number, rows: number, out: Vector): void {
for (let i = 0; i < lefts; i++) product(right, rights, rows, left, i * rows, out, i * rights);
}
`,
    `
/** The block of \`length\` elements at \`index\` of a stacked parameter. */
function block(parameter: FloatArray | undefined, index: number, length: number): Vector {
return (parameter as Vector).subarray(index * length, (index + 1) * length);
}
`,
    `
/** The blocks one after the other, copied. */
function stack(...blocks: readonly Vector[]): Vector {
const all = new ${VECTOR[dtype]}(blocks.reduce((length, { length: more }) => length + more, 0));
let at = 0;
for (const each of blocks) {
all.set(each, at);
at += each.length;
}
return all;
}
`,
  ].map((text) => text.replaceAll('new Vector(', `new ${VECTOR[dtype]}(`));
}

/** Why float32 values are held as float64. */
const WIDENED = `
 *
 * W and the vector are float32 values held in float64, as they are exact there and V8, which has no float32 arithmetic
 * outside of WebAssembly, would convert each of them whenever it is used.`;
