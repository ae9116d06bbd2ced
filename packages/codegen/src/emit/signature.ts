import type { Shape } from '@congruent/spec';
import type { Program } from '../compile.ts';
import type { Reference } from '../ir/expression.ts';
import type { Declaration } from './tree.ts';

/** What the runtime knows of a cell, as plain data: `CellSignature` of @congruent/runtime. */
export interface Signature {
  readonly name: string;
  readonly inputs: readonly Shaped[];
  readonly states: readonly Shaped[];
  /** What each row gives; `state`: the state whose next value it is. */
  readonly outputs: readonly (Shaped & { readonly state?: string })[];
  /** By the names of the layout, in its order: blocks of one shape, stacked by rows. */
  readonly parameters: Readonly<Record<string, { readonly blocks: readonly string[]; readonly shape: Shape }>>;
}

interface Shaped {
  readonly name: string;
  readonly shape: Shape;
}

/** The signature of a cell; one without parameters needs no layout. */
export function signatureOf({ cell, forward }: Program): Signature {
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  const shaped = ({ name, shape }: Reference): Shaped => ({ name, shape });
  const stateOf = new Map(forward.carries.map(({ given, next }) => [next.name, given.name]));
  return {
    name: cell.name,
    inputs: forward.inputs.map(shaped),
    states: forward.carries.map(({ given }) => shaped(given)),
    outputs: forward.outputs.map((output) => {
      const state = stateOf.get(output.name);
      return state === undefined ? shaped(output) : { ...shaped(output), state };
    }),
    parameters: Object.fromEntries(
      (cell.layouts.at(0)?.tensors ?? []).map(({ name, blocks }) => [
        name,
        { blocks: blocks.map((block) => block.name), shape: shapes.get(blocks[0]!.name)! },
      ]),
    ),
  };
}

/** `export const signature`, for a file of TypeScript; `CellSignature` is to be imported from the runtime. */
export function signatureDeclaration(program: Program): Declaration {
  const { name, inputs, states, outputs, parameters } = signatureOf(program);
  const list = (all: readonly Shaped[]): string => `[${all.map(literal).join(', ')}]`;
  return {
    kind: 'constant',
    name: 'signature',
    doc: 'What the layers know of the cell: its operands, and its parameters as they are named and stacked.',
    exported: true,
    type: 'CellSignature',
    value: [
      '{',
      [
        `name: ${quoted(name)},`,
        `inputs: ${list(inputs)},`,
        `states: ${list(states)},`,
        `outputs: ${list(outputs)},`,
        'parameters: {',
        Object.entries(parameters).map(([tensor, blocks]) => `${property(tensor)}: ${literal(blocks)},`),
        '},',
      ],
      '}',
    ],
  };
}

const quoted = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`);

const property = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  const properties = Object.entries(value as object).map(([key, of]) => `${property(key)}: ${literal(of)}`);
  return `{ ${properties.join(', ')} }`;
}
