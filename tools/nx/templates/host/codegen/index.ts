import type { Buffer, Emitter, Extent, Plan, PlanPhase, PlanStage, Program, View } from '@congruent/codegen';
import {
  extentOf,
  fold,
  JAVASCRIPT_WORDS,
  javascript,
  planFor,
  printExtent,
  signatureOf,
  sizeOf,
  total,
  withoutRecording,
} from '@congruent/codegen';

/** What a value may not be called: words of the language, and what the emitted text names itself. */
const target = { reserved: new Set([...JAVASCRIPT_WORDS, 'pow2', 'm', 'n', 'j', 'k', 'row', 'first', 'batch', 'sum']) };

/** How an expression is said; products are no expressions. */
const table = javascript({
  abs: 'Math.abs',
  floor: 'Math.floor',
  pow2: 'pow2',
  sqrt: 'Math.sqrt',
  max: 'Math.max',
  min: 'Math.min',
});

const loop = (index: string, end: string, ...body: readonly string[]): string =>
  `for (let ${index} = 0; ${index} < ${end}; ${index}++) {\n${body.join('\n')}\n}`;

/** A number of elements; the lengths of the dimensions are in `n`. */
const count = (extent: Extent): string => `(${printExtent(extent).replace(/[A-Za-z_]\w*/g, 'n.$&!')})`;

/** An element of a value, in the row in hand where it has rows; the arrays are in `m`. */
function element({ buffer, offset }: View, index: string): string {
  const row = { one: '0', step: '(row - first)', chunk: 'row', sequence: 'row' }[buffer.rows];
  return `m.${buffer.name}![${row} * ${count(buffer.width)} + ${count(offset)} + ${index}]`;
}

/** The code of one stage. */
function codeOf(stage: PlanStage): string {
  switch (stage.kind) {
    case 'map': {
      const of = (view: View): string => element(view, view.shape.length > 0 ? 'j' : '0'); // a number is one for all
      const loads = stage.loads.map(({ name, from }) => `const ${name} = ${of(from)}!;`);
      const lines = stage.definitions.map(({ name, value }) => `const ${name} = ${fold(value, table).text};`);
      const stores = stage.stores.map(({ name, to }) => `${of(to)} = ${name};`);
      return loop('j', count(sizeOf(stage.shape)), ...loads, ...lines, ...stores);
    }
    case 'copy':
      return loop('j', count(sizeOf(stage.to.shape)), `${element(stage.to, 'j')} = ${element(stage.from, 'j')}!;`);
    case 'contract': {
      const { matrix, rows, columns, operand, bias, result } = stage;
      const products = `sum += m.${matrix.name}![j * ${count(columns)} + k]! * ${element(operand, 'k')}!;`;
      const last = `${element(result, 'j')} = sum${bias ? ` + ${element(bias, 'j')}!` : ''};`;
      return loop('j', count(rows), 'let sum = 0;', loop('k', count(columns), products), last);
    }
    case 'reduce': {
      const { over, lefts, right, results } = stage;
      const width = right ? count(sizeOf(right.shape)) : '1';
      const sums = lefts.map((left, at) => {
        const term = `sum += ${element(left, 'j')}!${right ? ` * ${element(right, 'k')}!` : ''};`;
        const last = `${element(results[at]!, `j * ${width} + k`)} = sum;`;
        const rows = loop('row', over === 'one' ? '1' : 'rows', term);
        return loop('j', count(sizeOf(left.shape)), loop('k', width, 'let sum = 0;', rows, last));
      });
      return sums.join('\n');
    }
    case 'pack': {
      const { to, blocks, transposed, columns } = stage;
      const copies = blocks.map((block, at) => {
        const [height, width] = block.shape.map(extentOf) as [Extent, Extent];
        const row = `(${count(total(blocks.slice(0, at).map(({ shape }) => shape.slice(0, 1))))} + j)`;
        const place = transposed ? `k * ${count(columns)} + ${row}` : `${row} * ${count(columns)} + k`;
        const move = `m.${to.name}![${place}] = ${element(block, `j * ${count(width)} + k`)}!;`;
        return loop('j', count(height), loop('k', count(width), move));
      });
      return blocks.length > 0 ? copies.join('\n') : `m.${to.name}!.fill(1);`;
    }
    default:
      return stage satisfies never;
  }
}

/** A loop over the rows of all steps, or over time. */
function phase({ kind, stages }: PlanPhase, backwards: string): string {
  const code = stages.map(codeOf);
  if (kind === 'rows') return loop('row', 'rows', ...code);
  const time = `for (const { first, batch } of steps(batchSizes, ${backwards}))`;
  return `${time} for (let row = first; row < first + batch; row++) {\n${code.join('\n')}\n}`;
}

/** New arrays for buffers, and arrays that are given, by name. */
const made = (buffers: readonly Buffer[]): readonly string[] =>
  buffers.map((each) => `${each.name}: new Float64Array(${each.rows === 'one' ? '' : 'rows * '}${count(each.width)})`);
const given = (buffers: readonly Buffer[], from: string): readonly string[] =>
  buffers.map(({ name }, at) => `${name}: ${from}[${at}]!`);

/** What one direction needs: its weights, its working memory. */
const memory = ({ tensors, weights, scratch, prepare }: Plan, prepareName: string, scratchName: string): string => `
export function ${prepareName}(tensors: readonly FloatArray[], dimensions: Dimensions): Weights {
const n = lengthsOf(dimensions);
const m: Arrays = { ${[...given(tensors, 'tensors'), ...made(weights)].join(', ')} };
${prepare.map(codeOf).join('\n')}
return { n, m };
}
export function ${scratchName}(dimensions: Dimensions, rows: number): Arrays {
const n = lengthsOf(dimensions);
return { ${made(scratch).join(', ')} };
}`;

/** A function over a whole sequence. */
const sequence = (head: string, plan: Plan, arrays: readonly string[]): string => `
export function ${head}, batchSizes: readonly number[], reverse: boolean, ...operands: FloatArray[]): void {
const { n } = weights;
const m: Arrays = { ...weights.m, ...scratch, ${arrays.join(', ')} };
const rows = batchSizes.reduce((sum, batch) => sum + batch, 0);
${plan.phases.map((each) => phase(each, plan.direction === 'forwards' ? 'reverse' : '!reverse')).join('\n')}
${plan.finish.map(codeOf).join('\n')}
}`;

function source(program: Program): string {
  const { forward, backward, functions, lengths } = planFor(program, target, 'float64');
  const kept = forward.residuals ? [forward.residuals] : [];
  const operands = [...forward.inputs, ...forward.carries, ...forward.outputs];
  const adjoints = [...backward.inputs, ...backward.outputs, ...backward.carries, ...backward.gradients];
  const recorded = kept.map(() => `${backward.residuals!.name}: residuals`);
  const called = functions.map(({ name, operand, definitions }) => {
    const lines = definitions.map((each) => `const ${each.name} = ${fold(each.value, table).text};`);
    return `const ${name} = (${operand}: number): number => {\n${lines.join('\n')}\nreturn ${definitions.at(-1)!.name};\n};`;
  });
  const powers = called.some((code) => code.includes('pow2')) ? ['const pow2 = (k: number): number => 2 ** k;'] : [];
  return `import type { CellSignature, Dimensions, FloatArray } from '@congruent/runtime';
type Arrays = Readonly<Record<string, FloatArray>>;
type Weights = { readonly n: Dimensions; readonly m: Arrays };
export const signature: CellSignature = ${JSON.stringify(signatureOf(program))};
const lengthsOf = (of: Dimensions): Dimensions => ({ ${[...lengths].map(([name, to]) => `${to}: of.${name}!`)} });
${powers.join('')}
${called.join('\n')}
function steps(batchSizes: readonly number[], backwards: boolean): { first: number; batch: number }[] {
const all = batchSizes.map((batch, t) => ({ first: batchSizes.slice(0, t).reduce((sum, of) => sum + of, 0), batch }));
return backwards ? all.reverse() : all;
}
${memory(forward, 'prepare', 'scratch')}
${sequence('run(weights: Weights, scratch: Arrays', withoutRecording(forward), given(operands, 'operands'))}
export const stepper = (weights: Weights, scratch: Arrays, batch: number, ...operands: FloatArray[]) => (): void =>
run(weights, scratch, [batch], false, ...operands);
export function residuals(of: Dimensions, rows: number): FloatArray {
const n = lengthsOf(of);
return new Float64Array(rows * ${count(forward.residuals?.width ?? 0)});
}
${sequence('record(weights: Weights, scratch: Arrays', forward, given([...operands, ...kept], 'operands'))}
${memory(backward, 'prepareBackward', 'backwardScratch')}
${sequence('pullBack(weights: Weights, scratch: Arrays, residuals: FloatArray', backward, [...given(adjoints, 'operands'), ...recorded])}
`;
}

const emitter: Emitter = {
  name: '__name__',
  emit: (program) => [{ kind: 'text', path: `${program.cell.name}.ts`, comment: '//', text: source(program) }],
};

export default emitter;
