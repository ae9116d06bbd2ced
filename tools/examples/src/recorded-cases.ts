import type { Recorded } from '../../../packages/models/test/recorded.ts';

/** What one layer of a recorded file gives, by the tool that made it or by an oracle. */
export interface Case {
  readonly title: string;
  /** Its name in the file; undefined: the only one. */
  readonly layer: string | undefined;
  readonly input: Printed;
  /** In the order of the cell; none: zeros. */
  readonly states: readonly Printed[];
  readonly output: Printed;
  readonly toolError: number | undefined;
  /** It was made so, and the file cannot say it. */
  readonly batchFirst: boolean;
  readonly bidirectional: boolean;
  /** What the model has behind the layer, whose output is the one that is recorded. */
  readonly dense?: { readonly name: string; readonly activation: 'linear' | 'tanh' | 'softmax' };
}

/** A tensor as the records have it. */
export interface Printed {
  readonly data: readonly number[];
  readonly shape: readonly number[];
}

/** The layers of a file of which the input and the output are recorded. */
export function casesOf({ path, kind, expected, expect }: Recorded): readonly Case[] {
  if (expect === 'refuse') return [];
  if (kind === 'onnx') return expected.outputs64?.Y ? [onnxCase(path, expected)] : [];
  const dense = kind === 'tfjs' && expected.layers?.length === 2 && isDense(expected.layers[1]) && expected.layers[1];
  const isAlone = expected.input && (kind !== 'tfjs' || dense || expected.layers.every(isRecurrent));
  const of = expected.cases ?? expected.perLayer ?? (isAlone ? [single(expected)] : []);
  // biome-ignore lint/suspicious/noExplicitAny: each tool's record has keys of its own
  return of.map((each: any): Case => {
    const layer = (each.prefix ?? each.name)?.replace(/\.$/, '');
    return {
      title: layer === undefined ? path : `${path}, ${layer}`,
      layer,
      input: each.input,
      states: statesOf(each.states),
      output: each.output64 ?? each.output,
      toolError: each.toolError,
      batchFirst: kind === 'pytorch' && (each.batchFirst ?? expected.layers[0].batchFirst) === true,
      // biome-ignore lint/suspicious/noExplicitAny: each tool's record has keys of its own
      bidirectional: expected.layers.some((other: any) => other.name === each.name && other.bidirectional === true),
      ...(dense && { dense }),
    };
  });
}

const isDense = ({ kind }: { readonly kind: string }): boolean => kind === 'Dense';

/** Whether the output of a model is that of its layer. */
const isRecurrent = ({ kind }: { readonly kind: string }): boolean => /^(InputLayer|GRU|LSTM|RNN)$/.test(kind);

/** A record of one layer alone. */
// biome-ignore lint/suspicious/noExplicitAny: each tool's record has keys of its own
const single = (expected: any): object => ({ ...expected, name: undefined, prefix: undefined });

const statesOf = (states: Readonly<Record<string, Printed>> = {}): readonly Printed[] =>
  ['h0', 'c0'].flatMap((name) => states[name] ?? []);

/** A node has an axis of directions: before the batch in its output and states, last but one where the batch comes first. */
// biome-ignore lint/suspicious/noExplicitAny: each tool's record has keys of its own
function onnxCase(path: string, { inputs, outputs64, toolError, model }: any): Case {
  const batchFirst = model.recurrentNodes[0].attributes.layout === 1;
  const { X, h0, c0 } = inputs;
  // One direction: of [B, 1, H] and [1, B, H] the numbers are the same.
  const state = (of: Printed): Printed => ({ ...of, shape: batchFirst ? [1, of.shape[0]!, of.shape[2]!] : of.shape });
  return {
    title: path,
    layer: undefined,
    input: X,
    states: statesOf({ h0, c0 }).map(state),
    output: batchFirst ? sideBySide(outputs64.Y) : sideBySide(swapped(outputs64.Y)),
    toolError: toolError?.Y,
    batchFirst: false,
    bidirectional: outputs64.Y.shape[batchFirst ? 2 : 1] === 2,
  };
}

/** [T, D, B, H] as [T, B, D, H]. */
function swapped({ data, shape }: Printed): Printed {
  const [steps, directions, batch, width] = shape as readonly [number, number, number, number];
  const at = (t: number, b: number, d: number): number => ((t * directions + d) * batch + b) * width;
  const rows = Array.from({ length: steps * batch * directions }, (_, row) => {
    const [t, b, d] = [Math.floor(row / (batch * directions)), Math.floor(row / directions) % batch, row % directions];
    return data.slice(at(t, b, d), at(t, b, d) + width);
  });
  return { data: rows.flat(), shape: [steps, batch, directions, width] };
}

/** The last two axes as one. */
const sideBySide = ({ data, shape: [first, second, directions, width] }: Printed): Printed => ({
  data,
  shape: [first!, second!, directions! * width!],
});
