import type { FloatArray, Tensor } from '@congruent/runtime';
import { type Cell, gru, gruResetBefore, lstm, lstmProjected, rnnRelu, rnnTanh } from '@congruent/spec';
import type { LayersWanted, Weights } from './peer-adapter.ts';

/** The reference's layers or cell: options and parameters as the classes have them. */
export interface Held {
  readonly options: HeldOptions;
  readonly training: boolean;
  train(mode?: boolean): unknown;
  eval(): unknown;
  stateDict(): Record<string, Tensor>;
  loadStateDict(dict: Readonly<Record<string, Tensor>>, options?: object): unknown;
  dispose(): void;
}

export interface HeldOptions {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly projSize?: number;
  readonly numLayers?: number;
  readonly bias: boolean;
  readonly batchFirst?: boolean;
  readonly bidirectional?: boolean;
  readonly resetAfter?: boolean;
  readonly nonlinearity?: 'tanh' | 'relu';
  readonly dtype: 'float32' | 'float64';
}

/** The cell of a class with these options. */
function cellOf({ resetAfter, nonlinearity, projSize }: HeldOptions): Cell {
  if (resetAfter !== undefined) return resetAfter ? gru : gruResetBefore;
  if (nonlinearity !== undefined) return nonlinearity === 'relu' ? rnnRelu : rnnTanh;
  return projSize ? lstmProjected : lstm;
}

/** What the peer is asked for, with copies of the parameters as they are now. */
export function wantedOf({ options }: Held, parameters: Readonly<Record<string, Tensor>>): LayersWanted {
  const { inputSize, hiddenSize, bias, numLayers = 1, bidirectional = false } = options;
  const sides = bidirectional ? ['', '_reverse'] : [''];
  const weights = Array.from({ length: numLayers }, (_, layer) =>
    sides.map((side) => weightsWith(`_l${layer}${side}`, parameters)),
  );
  return { cell: cellOf(options), inputSize, hiddenSize, bias, weights };
}

const weightsWith = (suffix: string, parameters: Readonly<Record<string, Tensor>>): Weights =>
  Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => name.endsWith(suffix))
      .map(([name, tensor]) => [name.slice(0, -suffix.length), tensor]),
  );

/** Gradients of weights under the names of the state dict. */
export const namedWeights = (
  weights: readonly (readonly Readonly<Record<string, FloatArray>>[])[],
): Record<string, FloatArray> =>
  Object.fromEntries(
    weights.flatMap((sides, layer) =>
      sides.flatMap((side, direction) =>
        Object.entries(side).map(([name, data]) => [`${name}_l${layer}${direction ? '_reverse' : ''}`, data] as const),
      ),
    ),
  );

/** How many numbers of a row each state has, in the cell's order. */
export function stateWidths({ options }: Held): number[] {
  const sizes: Readonly<Record<string, number>> = { H: options.hiddenSize, P: options.projSize ?? 0 };
  return cellOf(options).states.map(({ shape: [name] }) => sizes[name as string]!);
}

/** Names of the states: `h0` and `c0`, `hn`, `hx`. */
export const stateNames = ({ options }: Held, end: '0' | 'n' | 'x'): string[] =>
  cellOf(options).states.map(({ name }) => name + end);
