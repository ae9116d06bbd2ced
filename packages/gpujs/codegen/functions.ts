import type { FunctionIr, Program } from '@congruent/codegen';
import { renderDefinition } from './expression.ts';

/** The source of a function with one number as its argument and its result. */
export interface FunctionSource {
  readonly name: string;
  readonly doc: string;
  readonly source: string;
}

/**
 * Powers of two, and the functions the cell calls, in the language of gpu.js's kernels. Results are rounded to float32
 * where a device computes in double, so that they reach 0 and 1 exactly where they must: 0 times infinity is NaN.
 */
export const functionSources = ({ functions: { float32 } }: Program): FunctionSource[] => [
  pow2(),
  ...float32.map(functionSource),
];

function functionSource({ name, operand, definitions, ulp }: FunctionIr): FunctionSource {
  const lines = definitions.map((definition) => `  ${renderDefinition(definition)}`);
  const source = [
    `function ${name}(${operand}) {`,
    ...lines,
    `  return Math.fround(${definitions.at(-1)!.name});`,
    '}',
  ].join('\n');
  return { name, doc: `${name}(${operand}), within ${ulp} ulp where + - * / are rounded as IEEE says.`, source };
}

/**
 * Multiplies the powers of two that k is the sum of. Every product is exact on any device, which exp2 is not. For NaN
 * all comparisons are false and the result is 1; what follows multiplies with NaN again.
 */
function pow2(): FunctionSource {
  const lines = [64, 32, 16, 8, 4, 2, 1].flatMap((part) => [
    `  if (n >= ${part}) {`,
    `    p = p * (k < 0 ? ${2 ** -part} : ${2 ** part});`,
    `    n = n - ${part};`,
    '  }',
  ]);
  const source = ['function pow2(k) {', '  let p = 1;', '  let n = Math.abs(k);', ...lines, '  return p;', '}'];
  return { name: 'pow2', doc: '2^k for an integer k from -126 to 127, exact.', source: source.join('\n') };
}
