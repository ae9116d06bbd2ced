import type { Cell, Shape } from '@congruent/spec';
import type { Program } from '../compile.ts';
import type { Reference } from '../ir/expression.ts';
import { instanceOf } from '../ir/names.ts';
import type { Declaration, EmittedFile } from './tree.ts';

/** What the runtime knows of a cell, as plain data: `CellSignature` of @congruent/runtime. */
export interface Signature {
  readonly name: string;
  readonly inputs: readonly Shaped[];
  readonly states: readonly Shaped[];
  /** What each row gives; `state`: the state whose next value it is. */
  readonly outputs: readonly (Shaped & { readonly state?: string })[];
  /**
   * By the names of the layout, in its order: blocks of one shape, stacked by rows. `recurrent` is false where the called
   * cell, or this one, that it belongs to has no states of its own, but others have; otherwise it is left out.
   */
  readonly parameters: Readonly<Record<string, SignatureTensor>>;
}

interface SignatureTensor {
  readonly blocks: readonly string[];
  readonly shape: Shape;
  readonly recurrent?: false;
}

interface Shaped {
  readonly name: string;
  readonly shape: Shape;
}

/** The signature of a cell; one without parameters needs no layout. */
export function signatureOf({ cell, forward }: Program): Signature {
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  const shaped = ({ name, shape }: Reference): Shaped => ({ name, shape });
  const isStateless = statelessTensors(cell);
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
      cell.tensors.map(({ name, blocks }) => [
        name,
        {
          blocks: blocks.map((block) => block.name),
          shape: shapes.get(blocks[0]!.name)!,
          ...(isStateless(name) && { recurrent: false as const }),
        },
      ]),
    ),
  };
}

/** Tells of a tensor whether the cell that it belongs to has no states of its own, where others have some. */
function statelessTensors({ states, instances }: Cell): (tensor: string) => boolean {
  const own = states.some(({ name }) => instanceOf(name) === undefined);
  const called = new Map(instances.map(({ name, recurrent }) => [name, recurrent]));
  return (tensor) => states.length > 0 && !(called.get(instanceOf(tensor) ?? '') ?? own);
}

/**
 * The signature as a file of its own, `<cell>.signature.ts`: where the rest of a cell is loaded later, its layers know it
 * before.
 */
export const signatureFile = (program: Program): Extract<EmittedFile, { kind: 'typescript' }> => ({
  kind: 'typescript',
  path: `${program.cell.name}.signature.ts`,
  declarations: [
    { kind: 'import', names: ['CellSignature'], from: '@congruent/runtime', typeOnly: true },
    signatureDeclaration(program),
  ],
});

/** What a cell's main file, `<cell>.ts`, begins with: the same signature. */
export const signatureReexport = ({ cell }: Program): Declaration => ({
  kind: 'reexport',
  from: `./${cell.name}.signature.ts`,
});

function signatureDeclaration(program: Program): Declaration {
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

/** Plain data as an expression of TypeScript. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean' || typeof value === 'number') return `${value}`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  const properties = Object.entries(value as object).map(([key, of]) => `${property(key)}: ${literal(of)}`);
  return properties.length > 0 ? `{ ${properties.join(', ')} }` : '{}';
}
