import {
  type Block,
  type Buffer,
  type ContractPlan,
  type CopyPlan,
  type Extent,
  type FusedProduct,
  fold,
  type MapPlan,
  type PlanPhase,
  type Product,
  printDefinition,
  product,
  type ReducePlan,
  sizeOf,
  sum,
} from '@congruent/codegen';
import { inKernels, statement } from './functions.ts';
import { type Constants, KernelText } from './kernel-text.ts';
import type { Dimensions } from './target.ts';

/** The kernels of a phase; copies are none, as planes are handed on whole. */
export function phaseKernels({ kind, stages }: PlanPhase, dimensions: Dimensions, constants: Constants): Block {
  const written = new Set<Buffer>();
  /** What a step computed has a row for each of the step's, everything else for the rows of all steps. */
  const rowOf = (buffer: Buffer): string => {
    if (buffer.rows === 'one') return '0';
    return kind === 'steps' && buffer.rows === 'sequence' && !written.has(buffer) ? 'first + row' : 'row';
  };
  const copies = stages.filter((stage) => stage.kind === 'copy');
  return stages.flatMap((stage) => {
    if (stage.kind !== 'map' && stage.kind !== 'contract') return [];
    const result = stage.kind === 'map' ? stage.stores[0]!.to.buffer : stage.result.buffer;
    const text = new KernelText(namesIn(stage), rowOf, constants);
    if (kind === 'steps') writePast(result, copies, text);
    if (stage.kind === 'map') writeMap(stage, text);
    else writeContraction(stage, text);
    written.add(result);
    return text.kernel(docOf(stage), result, dimensions);
  });
}

/** A sum over the rows of all steps as an element of an array. */
export function sumKernel(stage: ReducePlan, name: string, dimensions: Dimensions): Block {
  const { label, lefts, right } = stage;
  const text = new KernelText(namesIn(stage), () => '', new Map());
  text.sums('rows', ['sum'], (at) => {
    const { lines, value } = text.stacked(lefts, right ? 'row' : 'j', 'element', at);
    return { lines, terms: [right ? `${value} * ${text.element(right, at)}` : value] };
  });
  text.lines.push('return sum;');
  const size = sum(...lefts.map(({ shape }) => sizeOf(shape)));
  return text.kernel(label, { name, width: right ? sizeOf(right.shape) : size }, dimensions, right ? size : 1);
}

const docOf = (stage: MapPlan | ContractPlan): string =>
  stage.kind === 'contract' ? stage.label : stage.definitions.map(printDefinition).join('; ') || 'the last value';

/** Every name that stands anywhere in a stage, and every dimension. */
function namesIn(part: unknown): readonly string[] {
  if (typeof part === 'string') return [part];
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, of]) => (key === 'name' ? [of as string] : namesIn(of)));
}

/** What rows have whose sequence has ended: a carry its last value. */
function writePast(result: Buffer, copies: readonly CopyPlan[], text: KernelText): void {
  const carry = copies.find(({ from, to }) => from.buffer === result && to.buffer.rows === 'step');
  const value = carry ? text.element(carry.to) : '0';
  text.lines.push(`if (row >= ${text.number('batch')}) return ${value}; // this row's sequence has ended`);
}

/** Values side by side, in each thread one element of one of them. */
function writeMap({ shape, loads, joined = [], products = [], definitions, stores }: MapPlan, text: KernelText): void {
  for (const { name, parts } of joined) {
    const { lines, value } = text.stacked(parts, 'j', `element_${name}`);
    text.lines.push(...lines, statement(name, value));
  }

  for (const fused of products) writeFused(fused, sizeOf(shape), text);
  text.lines.push(
    ...loads.map(({ name, from }) => statement(name, text.element(from))),
    ...definitions.map(({ name, value, comment }) => statement(name, fold(value, inKernels).text, comment)),
  );
  text.give(
    stores.map(({ name }) => name),
    sizeOf(shape),
  );
}

/** In each thread one row of a matrix. */
function writeContraction(stage: ContractPlan, text: KernelText): void {
  const { bias } = stage;
  writeSums(stage, ['sum'], 0, text);
  text.lines.push(`return sum${bias ? ` + ${text.element(bias)}` : ''};`);
}

/** In each thread one row of each block of a matrix. */
function writeFused(fused: FusedProduct, height: Extent, text: KernelText): void {
  const { label, names, bias } = fused;
  const sums = bias ? names.map((name) => text.names.fresh(`sum_${name}`)) : names;
  text.lines.push(`// ${label}`);
  writeSums(fused, sums, height, text);
  if (!bias) return;
  names.forEach((name, block) => {
    const added = text.element({ ...bias, offset: sum(bias.offset, product(block, height)) });
    text.lines.push(`const ${name} = ${sums[block]} + ${added};`);
  });
}

function writeSums(
  { matrix, columns, operand, parts = [operand] }: Product,
  sums: readonly string[],
  height: Extent,
  text: KernelText,
): void {
  text.sums(text.length(columns), sums, (at) => {
    const { lines, value } = text.stacked(parts, at, `element_${matrix.name}`);
    const element = sums.length > 1 && lines.length === 0 ? text.names.fresh(`element_${matrix.name}`) : value;
    return {
      lines: element === value ? lines : [`const ${element} = ${value};`],
      terms: sums.map((_, block) => `${text.at(matrix, text.length(product(block, height), 'j'), at)} * ${element}`),
    };
  });
}
