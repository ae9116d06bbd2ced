import type { DType, Tensor } from '@congruent/runtime';
import asymmetric from '../../vectors/asymmetric.json' with { type: 'json' };
import cell from '../../vectors/cell.json' with { type: 'json' };
import configurations from '../../vectors/configurations.json' with { type: 'json' };
import extremes from '../../vectors/extremes.json' with { type: 'json' };
import float64 from '../../vectors/float64.json' with { type: 'json' };
import nonfinite from '../../vectors/nonfinite.json' with { type: 'json' };
import packed from '../../vectors/packed.json' with { type: 'json' };
import sizes from '../../vectors/sizes.json' with { type: 'json' };
import { fill, tensorSeed } from './fill.ts';
import { parameterShapes, type Sizes, sizeOf } from './parameter-shapes.ts';

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
  readonly kind: 'gru' | 'cell';
  readonly dtype: DType;
  readonly config: Sizes & { readonly batchFirst: boolean; readonly dropout?: number; readonly seed?: number };
  readonly layout: 'padded' | 'unbatched' | 'packed';
  readonly steps: number;
  readonly batch: number;
  readonly lengths: readonly number[] | null;
  readonly enforceSorted: boolean;
  readonly h0: boolean;
  readonly seed: number;
  readonly scales: { readonly parameters: number } & Readonly<Record<string, number>>;
  readonly set: readonly { readonly tensor: string; readonly index: number; readonly value: number | string }[];
  readonly cotangents?: readonly Cotangent[];
}

/** A result that a gradient is fed back into. */
export type Cotangent = 'output' | 'hn';

/** A case as tools/vectors/record.py writes it. */
export interface VectorCase extends RecordedCase {
  readonly expected: { readonly output?: RecordedArray & Partial<PackedIndices>; readonly hn: RecordedArray };
  readonly torchError: { readonly output?: number; readonly hn?: number } | null;
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
  | 'float64';

const FILES: Readonly<Record<Topic, unknown>> = {
  configurations,
  sizes,
  packed,
  cell,
  asymmetric,
  extremes,
  nonfinite,
  float64,
};

/** All recorded cases, by topic. */
export const vectors: Readonly<Record<Topic, readonly VectorCase[]>> = Object.fromEntries(
  Object.entries(FILES).map(([topic, file]) => [topic, (file as VectorFile).cases]),
) as Record<Topic, readonly VectorCase[]>;

/** The PyTorch that answered. */
export const torchVersion: string = (configurations as VectorFile).torch;

/** The operands of a case. */
export interface Operands {
  readonly stateDict: Readonly<Record<string, Tensor>>;
  readonly input: Tensor;
  readonly h0: Tensor | undefined;
  /** What a gradient case feeds back, to be packed as the input is. Empty for any other case. */
  readonly cotangents: Readonly<Partial<Record<Cotangent, Tensor>>>;
}

/** The parameters, input, initial state and cotangents of a case, made anew from its seed. */
export function operandsOf(vector: RecordedCase): Operands {
  const { scales, seed, dtype } = vector;
  const tensors = new Map<string, Tensor>();
  for (const [ordinal, [name, shape]] of [...shapesOf(vector)].entries()) {
    const scale = scales[name] ?? scales.parameters;
    tensors.set(name, { data: fill(tensorSeed(seed, ordinal), sizeOf(shape), scale, dtype), shape });
  }
  for (const { tensor, index, value } of vector.set) tensors.get(tensor)!.data[index] = Number(value);
  const { input, h0, g_output, g_hn, ...stateDict } = Object.fromEntries(tensors);
  const cotangents = { ...(g_output && { output: g_output }), ...(g_hn && { hn: g_hn }) };
  return { stateDict, input: input!, h0, cotangents };
}

/** Every tensor of a case in the order of its ordinal: parameters, input, h0, cotangents. */
function shapesOf(vector: RecordedCase): Map<string, readonly number[]> {
  const { kind, config, h0, cotangents = [] } = vector;
  const shapes = parameterShapes(kind, config);
  shapes.set('input', sequenceShape(vector, config.inputSize));
  if (h0) shapes.set('h0', stateShape(vector));
  const width = (config.bidirectional ? 2 : 1) * config.hiddenSize;
  if (cotangents.includes('output')) shapes.set('g_output', sequenceShape(vector, width));
  if (cotangents.includes('hn')) shapes.set('g_hn', stateShape(vector));
  return shapes;
}

const rowsOf = ({ layout, batch }: RecordedCase): readonly number[] => (layout === 'unbatched' ? [] : [batch]);

/** The shape of what there is for each step: the input and the output, before packing. */
function sequenceShape(vector: RecordedCase, features: number): readonly number[] {
  const rows = rowsOf(vector);
  if (vector.kind === 'cell') return [...rows, features];
  return [...(vector.config.batchFirst ? [...rows, vector.steps] : [vector.steps, ...rows]), features];
}

/** The shape of h0 and hn. */
export function stateShape(vector: RecordedCase): readonly number[] {
  const { kind, config } = vector;
  const states = config.numLayers * (config.bidirectional ? 2 : 1);
  return [...(kind === 'cell' ? [] : [states]), ...rowsOf(vector), config.hiddenSize];
}

/** A recorded array's numbers. */
export function decode({ data }: RecordedArray): Float64Array {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

/** Multiplications of a case: how long it takes. */
export function costOf({ config, steps, batch }: RecordedCase): number {
  const directions = config.bidirectional ? 2 : 1;
  const columns = config.inputSize + config.hiddenSize + (config.numLayers - 1) * (directions + 1) * config.hiddenSize;
  return 3 * config.hiddenSize * columns * directions * steps * batch;
}
