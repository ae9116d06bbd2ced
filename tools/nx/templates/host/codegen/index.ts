import {
  type Definition,
  definitionsOf,
  type Emitter,
  type Expression,
  type FunctionIr,
  header,
  namesIn,
  type Program,
  type Reference,
} from '@congruent/codegen';

/** h' is no identifier. */
const id = (name: string): string => name.replace("'", '_next');

/** An expression for element j, of a matrix counted by rows; values without a shape are numbers. */
function element(expression: Expression): string {
  switch (expression.kind) {
    case 'reference':
      return expression.shape.length > 0 ? `${id(expression.name)}[j]!` : id(expression.name);
    case 'constant':
      return `${expression.value}`;
    case 'unary':
      return UNARY[expression.operator](element(expression.operand));
    case 'binary':
      return `(${element(expression.left)} ${expression.operator} ${element(expression.right)})`;
    case 'select': {
      const { left, comparison, right, whenTrue, whenFalse } = expression;
      return `(${element(left)} ${comparison} ${element(right)} ? ${element(whenTrue)} : ${element(whenFalse)})`;
    }
    case 'call':
      return `${expression.function}(${element(expression.operand)})`;
    case 'matvec':
      return `ofRow(${expression.matrix.name}, ${nameOf(expression.vector)}, j)`;
    case 'vecmat': {
      const { vectors, matrices } = expression;
      return vectors.map((vector, at) => `ofColumn(${matrices[at]!.name}, ${nameOf(vector)}, j)`).join(' + ');
    }
    case 'outer':
      return `ofOuter(${nameOf(expression.left)}, ${nameOf(expression.right)}, j)`;
    case 'total':
      return `${nameOf(expression.operand)}.reduce((sum, each) => sum + each, 0)`;
    default:
      return expression satisfies never;
  }
}

/** The operands of products are names. */
const nameOf = (expression: Expression): string => id((expression as Reference).name);

const UNARY = {
  negate: (operand: string) => `-(${operand})`,
  abs: (operand: string) => `Math.abs(${operand})`,
  floor: (operand: string) => `Math.floor(${operand})`,
  pow2: (operand: string) => `2 ** ${operand}`,
};

/** A definition whose elements are these. */
const defined = ({ name, value }: Definition, elements: string): string =>
  value.shape.length > 0
    ? `const ${id(name)} = vector(${value.shape.join(' * ')}, (j) => ${elements});`
    : `const ${id(name)} = ${elements};`;

const statement = (definition: Definition): string => defined(definition, element(definition.value));

/** The sum of a definition over all rows. */
const sumOverRows = (definition: Definition): string => {
  const read = namesIn(definition.value).map(id).join(', ');
  return defined(definition, `rows.reduce((sum, { ${read} }) => sum + ${element(definition.value)}, 0)`);
};

const scalarFunction = ({ name, operand, definitions }: FunctionIr): string =>
  `function ${name}(${operand}: number): number {
${definitions.map((definition) => `  const ${definition.name} = ${element(definition.value)};`).join('\n')}
  return ${definitions.at(-1)!.name};
}`;

const arrays = (names: readonly string[]): string => `Readonly<Record<'${names.join("' | '")}', FloatArray>>`;

const list = (names: readonly string[]): string => names.map(id).join(', ');

/** Those of the names that the definitions read. */
const readBy = (definitions: readonly Definition[], names: readonly string[]): string[] => {
  const read = new Set(definitions.flatMap(({ value }) => namesIn(value)));
  return names.filter((name) => read.has(name));
};

function source({ cell, adjoint: schedule, functions }: Program): string {
  const { adjoint, forward, finish } = schedule;
  const [input, state] = [cell.inputs[0]!.name, cell.states[0]!.name];
  const { incoming, outgoing } = adjoint.states[0]!;
  const gradient = (name: string): string => adjoint.gradients.get(name)!;
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  const tensors = cell.layouts[0]!.tensors.map(({ name, blocks }) => ({
    name,
    blocks: blocks.map((block) => block.name),
  }));
  const cuts = tensors.flatMap(({ name: tensor, blocks }) =>
    blocks.map((name, at) => {
      const length = shapes.get(name)!.join(' * ');
      return `const ${name} = tensors['${tensor}']!.subarray(${at} * ${length}, ${at + 1} * ${length});`;
    }),
  );
  const parameters = Object.fromEntries(
    tensors.map(({ name, blocks }) => [name, { blocks, shape: shapes.get(blocks[0]!) }]),
  );
  const prepared = definitionsOf(forward.prepare);
  const steps = definitionsOf([...forward.before, ...forward.step]);
  const back = definitionsOf([...schedule.step, ...schedule.after]);
  const known = [...shapes.keys(), ...prepared.map(({ name }) => name)];
  const early = readBy([...steps, ...back, ...finish], known);
  const kept = [input, ...adjoint.kept.map(({ name }) => name)];
  const added = readBy(
    adjoint.sums,
    back.map(({ name }) => name),
  );
  return `
import type { CellSignature, Dimensions, FloatArray } from '@congruent/runtime';

export const signature: CellSignature = ${JSON.stringify({ name: cell.name, parameters })};

const vector = (length: number, element: (j: number) => number): Float64Array =>
  Float64Array.from({ length }, (_, j) => element(j));

const ofRow = (matrix: FloatArray, v: FloatArray, j: number): number => {
  let sum = 0;
  for (let k = 0; k < v.length; k++) sum += matrix[j * v.length + k]! * v[k]!;
  return sum;
};

const ofColumn = (matrix: FloatArray, v: FloatArray, j: number): number => {
  let sum = 0;
  for (let k = 0; k < v.length; k++) sum += matrix[(k * matrix.length) / v.length + j]! * v[k]!;
  return sum;
};

const ofOuter = (u: FloatArray, v: FloatArray, j: number): number => u[Math.floor(j / v.length)]! * v[j % v.length]!;

${functions.float64.map(scalarFunction).join('\n\n')}

export type Weights = Dimensions & ${arrays(early)};

/** The parameters by name, and what depends on them alone. */
export function prepare(tensors: Readonly<Record<string, FloatArray>>, { I, H }: Dimensions): Weights {
  ${[...cuts, ...prepared.map(statement)].join('\n  ')}
  return { I, H, ${list(early)} };
}

/** What the way back reads of a row. */
export type Kept = ${arrays(kept.map(id))};

/** The next state of one row, and what the way back reads. */
export function step(weights: Weights, ${input}: FloatArray, ${state}: FloatArray): { next: FloatArray; kept: Kept } {
  const { H, ${list(readBy(steps, known))} } = weights;
  ${steps.map(statement).join('\n  ')}
  return { next: ${state}_next, kept: { ${list(kept)} } };
}

/** What a row adds to the gradients of the parameters. */
export type Row = Kept & ${arrays(added.map(id))};

/** The same row backwards, from the adjoints of the output and of the next state. */
export function back(
  weights: Weights,
  kept: Kept,
  ${adjoint.output.name}: FloatArray,
  ${id(incoming.name)}: FloatArray,
): { input: FloatArray; state: FloatArray; row: Row } {
  const { I, H, ${list(readBy(back, known))} } = weights;
  const { ${list(readBy(back, kept))} } = kept;
  ${back.map(statement).join('\n  ')}
  const row: Row = { ...kept, ${list(added)} };
  return { input: ${gradient(input)}, state: ${outgoing.name}, row };
}

/** The gradients of the parameters, stacked as they are. */
export function gradients({ ${list(['I', 'H', ...readBy(finish, known)])} }: Weights, rows: readonly Row[]): Record<string, number[]> {
  ${[...adjoint.sums.map(sumOverRows), ...finish.map(statement)].join('\n  ')}
  return {
    ${tensors.map(({ name, blocks }) => `${name}: [${blocks.map(gradient).join(', ')}].flatMap((block) => [...block]),`).join('\n    ')}
  };
}
`;
}

const emitter: Emitter = {
  name: '__name__',
  emit: (program) => {
    const comment = header(program, emitter).map((line) => `// ${line}`);
    return [{ path: `${program.cell.name}.ts`, contents: `${comment.join('\n')}\n${source(program)}` }];
  },
};

export default emitter;
