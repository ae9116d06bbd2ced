import { type Arithmetic, compile, type Environment, type Interpreter, interpreter } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { type Block, blocksOf, type Lengths } from './blocks.ts';

/** A GRU's parameters as in its state dict. */
export type Parameters = Readonly<Record<string, { readonly data: ArrayLike<number> } | undefined>>;

/** One layer of a GRU in one direction by the interpreter: its one input, and its one state, which is its output too. */
export interface GruCell<V> {
  forward(x: readonly V[], h: readonly V[]): { readonly state: readonly V[]; readonly residuals: Environment<V> };
  backward(
    residuals: Environment<V>,
    output: readonly V[],
    state: readonly V[],
  ): { readonly input: readonly V[]; readonly state: readonly V[]; readonly row: Environment<V> };
  readonly gradients: Interpreter<V>['gradients'];
}

const program = compile(gru);

/** As torch names them, without suffixes: the first layout is torch's. */
export const gruTensorNames: readonly string[] = gru.layouts[0]!.tensors.map(({ name }) => name);

/**
 * The parameters of one layer in one direction as the interpreter takes them; those that are missing are zeros.
 *
 * @param suffix  e.g. `_l0_reverse`
 * @param number  turns an element into the interpreter's kind of number
 */
export const gruBlocks = <V>(
  parameters: Parameters,
  suffix: string,
  lengths: Lengths,
  number: (value: number) => V,
): Record<string, Block<V>> => {
  const tensors = gruTensorNames.map((name) => [name, parameters[name + suffix]?.data] as const);
  return blocksOf(gru, Object.fromEntries(tensors), lengths, number);
};

export function gruCell<V>(arithmetic: Arithmetic<V>, blocks: Readonly<Record<string, Block<V>>>): GruCell<V> {
  const { forward, backward, gradients } = interpreter(program, arithmetic, blocks);
  return {
    forward: (x, h) => {
      const { states, residuals } = forward({ x, h });
      return { state: states['h'] as readonly V[], residuals };
    },
    backward: (residuals, output, state) => {
      const { inputs, states, row } = backward(residuals, { "h'": output }, { h: state });
      return { input: inputs['x'] as readonly V[], state: states['h'] as readonly V[], row };
    },
    gradients,
  };
}
