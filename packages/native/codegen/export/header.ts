import { type Block, type Buffer, type ExportedModel, type FunctionIr, indented } from '@congruent/codegen';
import { functionOf, totalOf, wordsIn } from './functions.ts';
import { helpersFor } from './helpers.ts';
import { inferenceOf } from './inference.ts';
import { comment } from './language.ts';
import { type Planned, planned } from './model.ts';
import { bytesOf, type Part, type Struct } from './part.ts';
import { lengthOf, statement } from './stages.ts';

/** A header, and the structs that it declares. */
export interface Header {
  readonly text: string;
  readonly structs: readonly Struct[];
}

/**
 * A model as one header of C99 that is C++11 as well. Pure: the same model gives the same text.
 *
 * @param training  `trainingOf` where the backward step is to come along; who leaves it out need not load it
 */
export function headerOf(exported: ExportedModel, training?: (model: Planned) => Part): Header {
  const model = planned(exported);
  const parts = [inferenceOf(model, training !== undefined), ...(training ? [training(model)] : [])];
  return { text: textOf(model, exported.header, parts), structs: parts.flatMap(({ structs }) => structs) };
}

function textOf(model: Planned, title: readonly string[], parts: readonly Part[]): string {
  const { name, plans, step, program } = model;
  const constants = parts.flatMap((part) => part.constants);
  const functions = parts.flatMap((part) => part.functions);
  const called = calledFunctions(plans.functions, model, wordsIn(functions));
  const code = [...called, ...functions];
  const names = (line: Block[number]): boolean => /\b(NAN|INFINITY)\b/.test(`${line}`);
  const lines = indented([
    ...[...title, '', ...equationsOf(model), '', ...ABOUT].map(comment),
    '',
    `#ifndef ${name}_H`,
    `#define ${name}_H`,
    '',
    ...([...constants, ...code].some(names) ? ['#include <math.h> // NAN and INFINITY'] : []),
    '#include <stdint.h>',
    '#include <string.h>',
    '',
    '#if defined(__clang__)',
    '#pragma STDC FP_CONTRACT OFF',
    '#endif',
    '',
    `#define ${name}_INPUT_SIZE ${totalOf(step.inputs)} ${comment(contentsOf(program.cell.inputs))}`,
    `#define ${name}_OUTPUT_SIZE ${totalOf(step.outputs)} ${comment(contentsOf(program.cell.outputs))}`,
    '',
    ...parts.flatMap(({ structs }) => structs.flatMap(structText)),
    ...parts.flatMap(({ declarations }) => declarations),
    ...constants,
    ...helpersFor(name, wordsIn(code)),
    ...code,
    '#if defined(__clang__)',
    '#pragma STDC FP_CONTRACT DEFAULT',
    '#endif',
    '',
    '#endif',
  ]);
  return `${lines.join('\n')}\n`;
}

const ABOUT = [
  'C99 and C++11. Nothing is allocated, nothing is global but constants, nothing of libm is called, every name is static.',
  'Results have, bit for bit, those of congruent in JavaScript wherever float is single precision and each operation is',
  'rounded for itself: compile with -ffp-contract=off where the compiler is GCC, unless it compiles C with -std=c99, which',
  'implies it (Clang is told below), and never with -ffast-math.',
];

/** The text of the cell, and of the cells that it calls. */
const equationsOf = ({ program: { cell } }: Planned): readonly string[] => {
  const sources = new Set([cell.source, ...cell.instances.map((instance) => instance.cell.source)]);
  return [...sources].flatMap((source, index) => [...(index > 0 ? [''] : []), ...source.split('\n')]);
};

/** What lies one after the other. */
const contentsOf = (variables: Planned['program']['cell']['inputs']): string =>
  variables.map(({ name, shape }) => `${name}[${shape.join(', ')}]`).join(', ');

const structText = (struct: Struct): Block => [
  comment(`${struct.doc}: ${bytesOf(struct)} bytes.`),
  'typedef struct {',
  struct.buffers.length > 0 ? struct.buffers.map(memberOf) : ['char nothing; // C has no empty structs'],
  `} ${struct.name};`,
  '',
];

const memberOf = ({ name, width, holds }: Buffer): string =>
  `float ${name}[${lengthOf(width)}];${holds === name ? '' : ` ${comment(holds)}`}`;

/** The functions of the cell that code calls. */
const calledFunctions = (
  functions: readonly FunctionIr[],
  { name: model, table }: Planned,
  words: ReadonlySet<string>,
): Block =>
  functions
    .filter(({ name }) => words.has(`${model}_${name}`))
    .flatMap(({ name, operand, definitions, ulp }) => [
      comment(`${name}(${operand}), within ${ulp} ulp.`),
      ...functionOf(
        `float ${model}_${name}(float ${operand})`,
        [],
        [...definitions.map((each) => statement(each, table)), `return ${definitions.at(-1)!.name};`],
      ),
      '',
    ]);
