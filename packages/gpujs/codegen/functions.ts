import type { FunctionIr, Program } from '@congruent/codegen';
import { functionName, renderDefinition } from './expression.ts';

/** The source of a function with one number as its argument and its result. */
export interface FunctionText {
  readonly doc: string;
  readonly source: string;
}

/**
 * Powers of two, and the functions the cell calls, in the language of gpu.js's kernels. Results are rounded to float32
 * where a device computes in double, so that they reach 0 and 1 exactly where they must: 0 times infinity is NaN.
 */
export const functionTexts = ({ functions: { float32 } }: Program): FunctionText[] => [
  pow2(),
  ...float32.map(functionText),
];

function functionText({ name, operand, definitions, ulp }: FunctionIr): FunctionText {
  const source = [
    `function ${functionName(name)}(${operand}) {`,
    ...definitions.map((definition) => `  ${renderDefinition(definition)}`),
    `  return Math.fround(${definitions.at(-1)!.name});`,
    '}',
  ];
  return {
    doc: `${name}(${operand}) of the specification, within ${ulp} ulp where + - * / are rounded as IEEE says.`,
    source: source.join('\n'),
  };
}

/**
 * Multiplies the powers of two that k is the sum of. Every product is exact on any device, which exp2 is not. For NaN
 * all comparisons are false and the result is 1; what follows multiplies with NaN again.
 */
function pow2(): FunctionText {
  const lines = [64, 32, 16, 8, 4, 2, 1].flatMap((part) => [
    `  if (n >= ${part}) {`,
    `    p = p * (k < 0 ? ${2 ** -part} : ${2 ** part});`,
    `    n = n - ${part};`,
    '  }',
  ]);
  const source = ['function pow2(k) {', '  let p = 1;', '  let n = Math.abs(k);', ...lines, '  return p;', '}'];
  return { doc: '2^k for an integer k from -126 to 127, exact.', source: source.join('\n') };
}
