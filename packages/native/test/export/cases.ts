import {
  compile,
  type Environment,
  type ExportedModel,
  type ForwardRow,
  float32,
  type Interpreter,
  interpreter,
  type Program,
} from '@congruent/codegen';
import { type Cell, type Shape, termsOf, withLengths } from '@congruent/spec';
import { numbers } from '../../../../tools/testing/numbers.ts';

/** A model, what it is run on, and what has to come out. */
export interface Case {
  readonly model: ExportedModel;
  /** Rows of inputs, one step after the other. */
  readonly inputs: Float32Array;
  /** Rows of adjoints of outputs. */
  readonly adjoints: Float32Array;
  /** The outputs of all steps. */
  readonly outputs: readonly number[];
  /** The adjoints of the inputs of all steps, then of the initial states, then of the parameters. */
  gradients(): readonly number[];
}

export const STEPS = 4;

type Variables = Cell['inputs'];

const sizeOf = ({ shape }: { readonly shape: Shape }): number =>
  shape.reduce<number>((size, length) => size * Number(length), 1);

/** How many elements values have together. */
export const widthOf = (variables: Variables): number => variables.reduce((sum, variable) => sum + sizeOf(variable), 0);

/** A cell of a certain size with weights that follow from their number. */
export function modelOf(
  cell: Cell,
  lengths: Readonly<Record<string, number>>,
  name: string = cell.name,
): ExportedModel {
  const program = compile(withLengths(cell, lengths));
  const sizes = new Map(program.cell.parameters.map((parameter) => [parameter.name, sizeOf(parameter)]));
  const tensors = program.cell.tensors.map(({ name: tensor, blocks }, seed) => {
    const size = blocks.reduce((sum, block) => sum + sizes.get(block.name)!, 0);
    return [tensor, numbers('float32', size, seed + 3).map((value) => value / 2)] as const;
  });
  return { name, program, tensors: new Map(tensors), header: [`${name}, to be tested`] };
}

/** The names of a cell's dimensions. */
export const dimensionsOf = ({ inputs, states, parameters, outputs }: Cell): readonly string[] => {
  const lengths = [...inputs, ...states, ...parameters, ...outputs].flatMap(({ shape }) => shape.flatMap(termsOf));
  return [...new Set(lengths.filter((length) => typeof length === 'string'))];
};

/**
 * A model with what the interpreter of its equations gives.
 *
 * @param given  rows of inputs, by default some
 */
export function caseOf(model: ExportedModel, given?: Float32Array): Case {
  const { cell } = model.program;
  const inputs = given ?? numbers('float32', STEPS * widthOf(cell.inputs), 5);
  const adjoints = numbers('float32', STEPS * widthOf(cell.outputs), 6);
  const reference = interpreterOf(model);
  const rows: ForwardRow<number>[] = [];
  const initial = model.initialStates?.flatMap((state) => [...state]) ?? [];
  const first = initial.length > 0 ? takenApart(cell.states, Float32Array.from(initial)) : zerosOf(cell.states);
  for (let step = 0; step < STEPS; step++) {
    const row = takenApart(cell.inputs, inputs.subarray(step * widthOf(cell.inputs)));
    rows.push(reference.forward({ ...row, ...(rows.at(-1)?.states ?? first) }));
  }
  return {
    model,
    inputs,
    adjoints,
    outputs: rows.flatMap((row) => joined(cell.outputs, row.outputs)),
    gradients: () => gradientsOf(model, reference, rows, adjoints),
  };
}

/** Backwards step by step; what the parameters get is added from the last step to the first. */
function gradientsOf(
  { program: { cell } }: ExportedModel,
  reference: Interpreter<number>,
  rows: readonly ForwardRow<number>[],
  adjoints: Float32Array,
): readonly number[] {
  const parameters = cell.tensors.flatMap(({ blocks }) =>
    blocks.map(({ name }) => cell.parameters.find((parameter) => parameter.name === name)!),
  );
  const sums = new Float32Array(widthOf(parameters));
  const inputs: number[] = [];
  let states = zerosOf(cell.states);
  for (let step = STEPS - 1; step >= 0; step--) {
    const given = takenApart(cell.outputs, adjoints.subarray(step * widthOf(cell.outputs)));
    const back = reference.backward(rows[step]!.residuals, given, states);
    states = back.states;
    inputs.unshift(...joined(cell.inputs, back.inputs));
    joined(parameters, reference.gradients([back.row])).forEach((gradient, at) => {
      sums[at]! += gradient;
    });
  }
  return [...inputs, ...joined(cell.states, states), ...sums];
}

/** The reference: a model's equations, operation by operation. */
const interpreterOf = ({ program, tensors }: ExportedModel): Interpreter<number> =>
  interpreter(program, float32, blocksOf(program, tensors));

const blocksOf = ({ cell }: Program, tensors: ExportedModel['tensors']): Environment<number> => {
  const parameters = new Map(cell.parameters.map((parameter) => [parameter.name, parameter]));
  const all = cell.tensors.map(({ name, blocks }) =>
    takenApart(
      blocks.map((block) => parameters.get(block.name)!),
      tensors.get(name)!,
    ),
  );
  return Object.assign({}, ...all) as Environment<number>;
};

/** Values that lie one after the other, by name. */
function takenApart(variables: Variables, values: Float32Array): Environment<number> {
  let at = 0;
  const entries = variables.map((variable) => {
    const { name, shape } = variable;
    const own = [...values.subarray(at, at + sizeOf(variable))];
    at += own.length;
    if (shape.length === 0) return [name, own[0]!] as const;
    if (shape.length === 1) return [name, own] as const;
    const [rows, columns] = shape.map(Number) as [number, number];
    return [name, Array.from({ length: rows }, (_, row) => own.slice(row * columns, (row + 1) * columns))] as const;
  });
  return Object.fromEntries(entries);
}

const zerosOf = (variables: Variables): Environment<number> =>
  takenApart(variables, new Float32Array(widthOf(variables)));

/** Values one after the other. */
const joined = (variables: Variables, values: Environment<number>): readonly number[] =>
  variables.flatMap(({ name }) => [values[name]!].flat(2) as number[]);
