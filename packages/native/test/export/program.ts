import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headerOf } from '../../codegen/export/header.ts';
import { numbers as literals } from '../../codegen/export/part.ts';
import { trainingOf } from '../../codegen/export/training.ts';
import { type Case, STEPS, widthOf } from './cases.ts';

const PRINT = `
static void print(const float *values, int count) {
  for (int at = 0; at < count; at++) {
    uint32_t bits;
    memcpy(&bits, values + at, sizeof bits);
    printf("%08lx\\n", (unsigned long)bits);
  }
}
`;

/** Prints the bits of every output twice: of one run, and of a run for each step, from a state that was used before. */
const inference = ({ model: { name }, inputs }: Case): string => `
static void steps_of_${name}(void) {
  static const float inputs[] = { ${literals(inputs).join('\n')} };
  static float outputs[${STEPS} * ${name}_OUTPUT_SIZE];
  static ${name}_state state;
  memset(&state, 255, sizeof state);
  for (int steps = ${STEPS}; steps > 0; steps -= ${STEPS - 1}) {
    ${name}_reset(&state);
    for (int step = 0; step < ${STEPS}; step += steps) {
      ${name}_run(&state, steps, inputs + step * ${name}_INPUT_SIZE, outputs + step * ${name}_OUTPUT_SIZE);
    }
    print(outputs, ${STEPS} * ${name}_OUTPUT_SIZE);
  }
}
`;

/** Prints the outputs of recorded steps, then the adjoints of all inputs, of the initial states and of the parameters. */
const training = ({ model: { name, program }, inputs, adjoints }: Case): string => `
static void steps_of_${name}(void) {
  static const float inputs[] = { ${literals(inputs).join('\n')} };
  static const float adjoints[] = { ${literals(adjoints).join('\n')} };
  static float outputs[${STEPS} * ${name}_OUTPUT_SIZE];
  static float input_adjoints[${STEPS} * ${name}_INPUT_SIZE];
  static ${name}_parameters gradients;
  static ${name}_weights weights;
  static ${name}_backward_weights backward_weights;
  static ${name}_trace traces[${STEPS}];
  static ${name}_state state;
  static ${name}_adjoint adjoint;
  memset(&state, 255, sizeof state);
  memset(&weights, 255, sizeof weights);
  memset(&backward_weights, 255, sizeof backward_weights);
  memset(traces, 255, sizeof traces);
  memset(&adjoint, 255, sizeof adjoint);
  ${name}_prepare(&weights, &${name}_exported_parameters);
  ${name}_prepare_backward(&backward_weights, &${name}_exported_parameters);
  ${name}_reset(&state);
  for (int step = 0; step < ${STEPS}; step++) {
    const float *const x = inputs + step * ${name}_INPUT_SIZE;
    ${name}_record_step(&state, &weights, x, outputs + step * ${name}_OUTPUT_SIZE, traces + step);
  }
  ${name}_adjoint_reset(&adjoint);
  for (int step = ${STEPS - 1}; step >= 0; step--) {
    const float *const dy = adjoints + step * ${name}_OUTPUT_SIZE;
    float *const dx = input_adjoints + step * ${name}_INPUT_SIZE;
    ${name}_backward_step(&adjoint, &backward_weights, traces + step, dy, dx, &gradients);
  }
  print(outputs, ${STEPS} * ${name}_OUTPUT_SIZE);
  print(input_adjoints, ${STEPS} * ${name}_INPUT_SIZE);
${program.cell.states.length > 0 ? `  print((const float *)&adjoint, ${widthOf(program.cell.states)});` : ''}
${program.cell.parameters.length > 0 ? '  print((const float *)&gradients, (int)(sizeof gradients / sizeof(float)));' : ''}
}
`;

/** A folder, until it is disposed of. */
export interface Program {
  readonly folder: string;
  dispose(): Promise<void>;
}

/** A folder with the headers of all models and a program that runs them. */
export async function writeProgram(cases: readonly Case[], withTraining: boolean): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'congruent-c-'));
  for (const { model } of cases)
    await writeFile(join(folder, `${model.name}.h`), headerOf(model, withTraining ? trainingOf : undefined).text);
  const text = [
    '#include <stdio.h>',
    ...cases.map(({ model }) => `#include "${model.name}.h"`),
    PRINT,
    ...cases.map(withTraining ? training : inference),
    'int main(void) {',
    ...cases.map(({ model }) => `  steps_of_${model.name}();`),
    '  return 0;',
    '}',
    '',
  ].join('\n');
  await writeFile(join(folder, 'main.c'), text);
  return { folder, dispose: () => rm(folder, { recursive: true }) };
}

/** The lines that the program prints where every bit is right. */
export const expectedLines = (cases: readonly Case[], withTraining: boolean): readonly string[] =>
  cases.flatMap(({ outputs, gradients }) => [...outputs, ...(withTraining ? gradients() : outputs)].map(bitsOf));

/** What distinguishes one number that is none from another differs between processors. */
const bitsOf = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  return new Uint32Array(Float32Array.of(value).buffer)[0]!.toString(16).padStart(8, '0');
};

/** Printed bits, all numbers that are none alike. */
export const readLines = (printed: string): readonly string[] =>
  printed
    .trim()
    .split('\n')
    .map((line) => ((Number.parseInt(line, 16) & 0x7fffffff) > 0x7f800000 ? 'NaN' : line));
