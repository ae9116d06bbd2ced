import { type Code, type FunctionIr, fold, javascript, lineComment, type Table } from '@congruent/codegen';

/** The name of a function in kernels; tanh is taken in GLSL. */
export const functionName = (name: string): string => `spec_${name}`;

/** The name of a function on the host. */
export const hostFunctionName = (name: string): string => `host_${name}`;

/** Expressions in a kernel: JavaScript on numbers, which the device rounds; its own `max` may lose NaN and signs of 0. */
export const inKernels: Table<Code> = javascript({ max: 'larger', min: 'smaller', call: functionName });

/** Expressions on the host, where every operation is rounded to float32. */
export const onHost: Table<Code> = javascript({ call: hostFunctionName, round: 'Math.fround' });

/** What a function is, in a comment. */
export const functionDoc = ({ name, operand, ulp }: FunctionIr): string =>
  `${name}(${operand}) of the specification, within ${ulp} ulp where + - * / are rounded as IEEE says.`;

/**
 * The statements of a function of one number. Its result is rounded where a device computes in double, too, so that it
 * reaches 0 and 1 exactly where it must: 0 times infinity is NaN.
 */
export const functionBody = ({ definitions }: FunctionIr, table: Table<Code>): readonly string[] => [
  ...definitions.map(({ name, value, comment }) => statement(name, fold(value, table).text, comment)),
  `return Math.fround(${definitions.at(-1)!.name});`,
];

export const statement = (name: string, text: string, comment?: string): string =>
  `const ${name} = ${text};${comment ? ` ${lineComment('//', comment)}` : ''}`;
