import {
  type Definition,
  definitionsOf,
  identifier,
  namesIn,
  type ProductStage,
  printDefinition,
  type Stage,
  type TransposedStage,
} from '@congruent/codegen';
import { renderExpression } from './expression.ts';
import { type Place, type Places, planeOf, rowsOf, stackOf } from './places.ts';
import { Writer } from './writer.ts';

/** One kernel: each thread computes one element of one row of its result. */
export interface Kernel {
  /** The plane of its result. */
  readonly result: string;
  /** What it computes, in the notation of the specification. */
  readonly doc: string;
  /** Dimensions whose sum is the number of elements in a row of the result. */
  readonly width: readonly string[];
  /** The planes it reads, in the order of its arguments. */
  readonly planes: readonly string[];
  /** Its whole numbers, after the planes. */
  readonly numbers: readonly string[];
  readonly source: string;
}

/** What one kernel computes: values of one shape, side by side. */
export interface Fusion {
  readonly names: readonly string[];
  /** The stages that compute them. */
  readonly stages: readonly (Stage | TransposedStage)[];
  /** What is already there. */
  readonly places: Places;
  /** Where the rows in hand lie among the rows of all steps. */
  readonly rows: 'row' | 'first + row';
  /** In a step, what rows have whose sequence has ended; 0 where nothing is said. */
  readonly past?: Place | undefined;
  /** The plane of several values; that of one has its name. */
  readonly plane?: string | undefined;
}

/** Values with everything between them and what is already there. */
export function fused({ names, stages, places, rows, past, plane }: Fusion): Kernel {
  const definitions = definitionsOf(stages);
  const needed = closure(names, definitions, new Set(places.keys()));
  const neededNames = new Set(needed.map(({ name }) => name));
  const { shape } = needed.at(-1)!.value;
  const writer = new Writer(places, rows);
  const inStep = rows === 'first + row';
  if (inStep) {
    const value = past ? writer.element(past) : '0';
    writer.lines.push(`if (row >= batch) return ${value}; // this row's sequence has ended`);
  }
  const summed = new Set<string>();
  for (const stage of stages) {
    const sums = definitionsOf([stage]).filter(({ name }) => neededNames.has(name));
    if (stage.kind === 'elementwise' || sums.length === 0) continue;
    for (const { name } of sums) summed.add(name);
    writer.lines.push(`// ${equation(stage)}`);
    if (stage.kind === 'transposed') writer.transposed(stage, `V_${identifier(stage.name)}`);
    else stepProduct(stage, stages, summed, writer);
  }
  const elements = needed.filter(({ name }) => !summed.has(name));
  writer.define(elements, summed);
  writer.give(names, shape);
  if (inStep) writer.number('batch');
  return kernelOf(
    plane ?? planeOf(names[0]!),
    elements.length > 0 ? text(elements) : needed.map(printDefinition).join('; '),
    names.flatMap(() => shape),
    writer,
    plane ?? identifier(names[0]!),
  );
}

/** The wanted blocks of a product whose operand is the step's. */
function stepProduct(
  stage: ProductStage,
  stages: readonly (Stage | TransposedStage)[],
  wanted: ReadonlySet<string>,
  writer: Writer,
): void {
  if (stage.biased) throw new TypeError('a product with a bias in a step is not supported by this emitter');
  const blocks = stage.blocks.flatMap(({ name }, index) =>
    wanted.has(name) ? [{ name: identifier(name), offset: rowsOf(stage).slice(0, index) }] : [],
  );
  writer.sums(blocks, stage, `W_${stackOf(stage, stages)}`);
}

/** The definitions that values need, themselves last, without those that are given. */
function closure(
  names: readonly string[],
  definitions: readonly Definition[],
  given: ReadonlySet<string>,
): readonly Definition[] {
  const needed = new Set(names);
  for (const definition of [...definitions].reverse()) {
    if (!needed.has(definition.name)) continue;
    for (const read of namesIn(definition.value)) if (!given.has(read)) needed.add(read);
  }
  return definitions.filter((definition) => needed.has(definition.name));
}

/** A kernel of what was written; `name`: that of its function. */
export const kernelOf = (
  result: string,
  doc: string,
  width: readonly string[],
  writer: Writer,
  name: string = result,
): Kernel => ({ result, doc, width, planes: writer.planes, numbers: writer.numbers, source: writer.source(name) });

const text = (definitions: readonly Definition[]): string =>
  definitions.map(({ name, value }) => `${name} = ${renderExpression(value)}`).join('; ');

/** A product stage in the notation of the specification. */
export function equation(stage: ProductStage | TransposedStage): string {
  if (stage.kind === 'transposed') return definitionsOf([stage]).map(printDefinition).join();
  const bias = stage.biased ? ` + ${stacked(stage.blocks.map((block) => block.bias!.name))}` : '';
  const matrices = stacked(stage.blocks.map(({ matrix }) => matrix.name));
  return `${stacked(stage.blocks.map(({ name }) => name))} = ${matrices} @ ${stage.operand.name}${bias}`;
}

/** Names one below the other. */
export const stacked = (names: readonly string[]): string =>
  names.length > 1 ? `[${names.join('; ')}]` : `${names[0]}`;
