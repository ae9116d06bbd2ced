import {
  type Definition,
  definitionsOf,
  type ElementwiseStage,
  namesIn,
  type ProductStage,
  type Program,
  type Stage,
} from '@congruent/codegen';
import { identifier, renderExpression } from './expression.ts';
import { type Place, placesOf, planeOf, rowsOf, stackOf } from './places.ts';
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

type Places = ReadonlyMap<string, Place>;

/** The kernels before the loop over time: one for each product and for each other value that is kept. */
export function beforeKernels(program: Program): Kernel[] {
  const { before } = program.schedule;
  const places = placesOf(program);
  return before.flatMap((stage) =>
    stage.kind === 'product'
      ? [hoistedProduct(stage, before, places)]
      : stage.stores.map((name) => elementwise(stage, name, places)),
  );
}

/** The kernels of a step: one for each next state, and for each other value that a product needs as a whole. */
export function stepKernels(program: Program): Kernel[] {
  const { step, cell } = program.schedule;
  const places = placesOf(program);
  const outputs = cell.states.map(({ name }) => `${name}'`);
  const operands = step.flatMap((stage) => (stage.kind === 'product' ? [stage.operand.name] : []));
  const whole = definitionsOf(step).filter(({ name }) => outputs.includes(name) || operands.includes(name));
  return whole.map((definition) => {
    const { name, value } = definition;
    const kernel = fused(definition, step, places, outputs.includes(name));
    places.set(name, { plane: kernel.result, rows: 'step', offset: [], shape: value.shape });
    return kernel;
  });
}

/** All rows of a stacked matrix times the rows of all steps. */
function hoistedProduct(stage: ProductStage, before: readonly Stage[], places: Places): Kernel {
  const stack = stackOf(stage, before);
  const writer = new Writer(places, 'row');
  writer.sums([{ name: 'sum', offset: [] }], stage, `W_${stack}`);
  const bias = writer.element.bind(writer, { plane: `b_${stack}`, rows: 'one', offset: [], shape: ['rows'] });
  writer.lines.push(`return sum${stage.biased ? ` + ${bias()}` : ''};`);
  return kernelOf(`W${stack}`, equation(stage), rowsOf(stage), writer);
}

function elementwise(stage: ElementwiseStage, name: string, places: Places): Kernel {
  const writer = new Writer(places, 'row');
  const needed = closure(name, stage.definitions, new Set());
  writer.define(needed, new Set());
  writer.lines.push(`return ${identifier(name)};`);
  return kernelOf(planeOf(name), text(needed), stage.shape, writer, identifier(name));
}

/** One value of a step, with everything between it and what is already there. */
function fused({ name, value }: Definition, step: readonly Stage[], places: Places, isState: boolean): Kernel {
  const needed = closure(name, definitionsOf(step), new Set(places.keys()));
  const writer = new Writer(places, 'first + row');
  const past = isState ? writer.element(places.get(name.replace("'", ''))!) : '0';
  writer.lines.push(`if (row >= batch) return ${past}; // this row's sequence has ended`);
  const summed = new Set<string>();
  for (const stage of step) {
    if (stage.kind === 'elementwise') continue;
    if (stage.biased) throw new TypeError('a product with a bias in a step is not supported by this emitter');
    const blocks = stage.blocks.flatMap((block, index) => {
      const wanted = needed.some((definition) => definition.name === block.name);
      return wanted ? [{ name: identifier(block.name), offset: rowsOf(stage).slice(0, index) }] : [];
    });
    for (const block of stage.blocks) summed.add(block.name);
    if (blocks.length === 0) continue;
    writer.lines.push(`// ${equation(stage)}`);
    writer.sums(blocks, stage, `W_${stackOf(stage, step)}`);
  }
  const elements = needed.filter((definition) => !summed.has(definition.name));
  writer.define(elements, summed);
  writer.lines.push(`return ${identifier(name)};`);
  writer.number('batch');
  return kernelOf(planeOf(name), text(elements), value.shape, writer, identifier(name));
}

/** The definitions a value needs, itself last, without those that are given. */
function closure(name: string, definitions: readonly Definition[], given: ReadonlySet<string>): readonly Definition[] {
  const needed = new Set([name]);
  for (const definition of [...definitions].reverse()) {
    if (!needed.has(definition.name)) continue;
    for (const read of namesIn(definition.value)) if (!given.has(read)) needed.add(read);
  }
  return definitions.filter((definition) => needed.has(definition.name));
}

const kernelOf = (result: string, doc: string, width: readonly string[], writer: Writer, name = result): Kernel => ({
  result,
  doc,
  width,
  planes: writer.planes,
  numbers: writer.numbers,
  source: writer.source(name),
});

const text = (definitions: readonly Definition[]): string =>
  definitions.map(({ name, value }) => `${name} = ${renderExpression(value)}`).join('; ');

function equation(stage: ProductStage): string {
  const stacked = (names: readonly string[]): string => (names.length > 1 ? `[${names.join('; ')}]` : `${names[0]}`);
  const bias = stage.biased ? ` + ${stacked(stage.blocks.map((block) => block.bias!.name))}` : '';
  const matrices = stacked(stage.blocks.map(({ matrix }) => matrix.name));
  return `${stacked(stage.blocks.map(({ name }) => name))} = ${matrices} @ ${stage.operand.name}${bias}`;
}
