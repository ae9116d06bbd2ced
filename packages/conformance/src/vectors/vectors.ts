import type { DType, Tensor } from '@congruent/runtime';
import asymmetric from '../../vectors/asymmetric.json' with { type: 'json' };
import cell from '../../vectors/cell.json' with { type: 'json' };
import configurations from '../../vectors/configurations.json' with { type: 'json' };
import extremes from '../../vectors/extremes.json' with { type: 'json' };
import float64 from '../../vectors/float64.json' with { type: 'json' };
import gru_reset_before from '../../vectors/gru_reset_before.json' with { type: 'json' };
import lstm from '../../vectors/lstm.json' with { type: 'json' };
import nonfinite from '../../vectors/nonfinite.json' with { type: 'json' };
import packed from '../../vectors/packed.json' with { type: 'json' };
import rnn from '../../vectors/rnn.json' with { type: 'json' };
import sizes from '../../vectors/sizes.json' with { type: 'json' };
import { type Kind, type KindOptions, statesOf } from '../kinds/kind.ts';
import { kindOf } from '../kinds/kinds.ts';
import {
  directionsOf,
  outputWidth,
  parameterShapes,
  type Sizes,
  sizeOf,
  stateCount,
  stateWidths,
} from '../kinds/sizes.ts';
import { fill, tensorSeed } from './fill.ts';

declare function atob(base64: string): string;

/** An array as recorded: little-endian float64 in base64. */
export interface RecordedArray {
  readonly shape: readonly number[];
  readonly data: string;
}

/** What a packed output is besides its data. */
export interface PackedIndices {
  readonly batchSizes: readonly number[];
  readonly sortedIndices: readonly number[] | null;
  readonly unsortedIndices: readonly number[] | null;
}

/** What is run, and on what: of every recorded case. The fields are documented in tools/vectors/README.md. */
export interface RecordedCase {
  readonly name: string;
  /** The class, of torch.nn. */
  readonly module: string;
  readonly dtype: DType;
  readonly config: Sizes &
    KindOptions & { readonly batchFirst: boolean; readonly dropout?: number; readonly seed?: number };
  readonly layout: 'padded' | 'unbatched' | 'packed';
  readonly steps: number;
  readonly batch: number;
  readonly lengths: readonly number[] | null;
  readonly enforceSorted: boolean;
  /** Whether initial states are given. */
  readonly initial: boolean;
  readonly seed: number;
  readonly scales: { readonly parameters: number } & Readonly<Record<string, number>>;
  readonly set: readonly { readonly tensor: string; readonly index: number; readonly value: number | string }[];
  readonly cotangents?: readonly Cotangent[];
}

/** A result that a gradient is fed back into: `output`, `hn`, `cn`. */
export type Cotangent = string;

/** A case as tools/vectors/record.py writes it. */
export interface VectorCase extends RecordedCase {
  /** By name: `output`, `hn`, `cn`. */
  readonly expected: Readonly<Record<string, RecordedArray & Partial<PackedIndices>>>;
  readonly torchError: Readonly<Record<string, number>> | null;
}

/** A file of cases. */
export interface VectorFile<C extends RecordedCase = VectorCase> {
  readonly torch: string;
  readonly cases: readonly C[];
}

/** The name of a file of cases. */
export type Topic =
  | 'configurations'
  | 'sizes'
  | 'packed'
  | 'cell'
  | 'asymmetric'
  | 'extremes'
  | 'nonfinite'
  | 'float64'
  | 'lstm'
  | 'rnn'
  | 'gru_reset_before';

const FILES: Readonly<Record<Topic, unknown>> = {
  configurations,
  sizes,
  packed,
  cell,
  asymmetric,
  extremes,
  nonfinite,
  float64,
  lstm,
  rnn,
  gru_reset_before,
};

/** Cases by the name of their file. */
export type ByTopic<C extends RecordedCase> = Readonly<Record<string, readonly C[]>>;

/** Those of one kind, where there are any. */
export const casesOf = <C extends RecordedCase>(
  all: ByTopic<C>,
  kind: Kind,
): { readonly topic: string; readonly cases: readonly C[] }[] =>
  Object.entries(all)
    .map(([topic, cases]) => ({ topic, cases: cases.filter((vector) => kindOfCase(vector) === kind) }))
    .filter(({ cases }) => cases.length > 0);

/** All recorded cases, by topic. */
export const vectors: Readonly<Record<Topic, readonly VectorCase[]>> = Object.fromEntries(
  Object.entries(FILES).map(([topic, file]) => [topic, (file as VectorFile).cases]),
) as Record<Topic, readonly VectorCase[]>;

/** The PyTorch that answered. */
export const torchVersion: string = (configurations as VectorFile).torch;

/** What a case is about; whether it is one step of a cell. */
export const kindOfCase = ({ module, config }: RecordedCase): Kind => kindOf(module, config)!;
export const isCell = ({ module }: RecordedCase): boolean => module.endsWith('Cell');

/** Whether all operands are finite. */
export const hasNumbers = ({ set }: RecordedCase): boolean => set.every(({ value }) => Number.isFinite(Number(value)));

/** The operands of a case. */
export interface Operands {
  readonly stateDict: Readonly<Record<string, Tensor>>;
  readonly input: Tensor;
  /** In the cell's order. */
  readonly initial: readonly Tensor[] | undefined;
  /** What a gradient case feeds back, to be packed as the input is. Empty for any other case. */
  readonly cotangents: Readonly<Record<Cotangent, Tensor>>;
}

/** The parameters, input, initial states and cotangents of a case, made anew from its seed. */
export function operandsOf(vector: RecordedCase): Operands {
  const { scales, seed, dtype, initial, cotangents = [] } = vector;
  const tensors = new Map<string, Tensor>();
  for (const [ordinal, [name, shape]] of [...shapesOf(vector)].entries()) {
    const scale = scales[name] ?? scales.parameters;
    tensors.set(name, { data: fill(tensorSeed(seed, ordinal), sizeOf(shape), scale, dtype), shape });
  }
  for (const { tensor, index, value } of vector.set) tensors.get(tensor)!.data[index] = Number(value);
  const names = [...parameterShapes(kindOfCase(vector), vector.config, isCell(vector)).keys()];
  return {
    stateDict: Object.fromEntries(names.map((name) => [name, tensors.get(name)!])),
    input: tensors.get('input')!,
    initial: initial ? statesOf(kindOfCase(vector), '0').map((name) => tensors.get(name)!) : undefined,
    cotangents: Object.fromEntries(cotangents.map((name) => [name, tensors.get(`g_${name}`)!])),
  };
}

/** Every tensor of a case in the order of its ordinal: parameters, input, initial states, cotangents. */
function shapesOf(vector: RecordedCase): Map<string, readonly number[]> {
  const { config, initial, cotangents = [] } = vector;
  const kind = kindOfCase(vector);
  const shapes = parameterShapes(kind, config, isCell(vector));
  const states = stateShapes(vector);
  const initialNames = statesOf(kind, '0');
  shapes.set('input', sequenceShape(vector, config.inputSize));
  for (const [index, name] of initialNames.entries()) if (initial) shapes.set(name, states[index]!);
  const output = sequenceShape(vector, directionsOf(config) * outputWidth(kind, config));
  const results = Object.fromEntries(statesOf(kind, 'n').map((name, index) => [name, states[index]!]));
  for (const name of cotangents) shapes.set(`g_${name}`, { ...results, output }[name]!);
  return shapes;
}

const rowsOf = ({ layout, batch }: RecordedCase): readonly number[] => (layout === 'unbatched' ? [] : [batch]);

/** The shape of what there is for each step: the input and the output, before packing. */
function sequenceShape(vector: RecordedCase, features: number): readonly number[] {
  const rows = rowsOf(vector);
  if (isCell(vector)) return [...rows, features];
  return [...(vector.config.batchFirst ? [...rows, vector.steps] : [vector.steps, ...rows]), features];
}

/** The shapes of initial and last states, in the cell's order. */
export function stateShapes(vector: RecordedCase): readonly (readonly number[])[] {
  const layers = isCell(vector) ? [] : [stateCount(vector.config)];
  return stateWidths(kindOfCase(vector), vector.config).map((width) => [...layers, ...rowsOf(vector), width]);
}

/** A recorded array's numbers. */
export function decode({ data }: RecordedArray): Float64Array {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

/** Multiplications of a case: how long it takes. */
export function costOf(vector: RecordedCase): number {
  const matrices = [...parameterShapes(kindOfCase(vector), { ...vector.config, bias: false }, isCell(vector)).values()];
  return matrices.reduce((sum, shape) => sum + sizeOf(shape), 0) * vector.steps * vector.batch;
}
