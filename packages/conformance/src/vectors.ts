import type { DType, Tensor } from '@congruent/runtime';
import asymmetric from '../vectors/asymmetric.json' with { type: 'json' };
import cell from '../vectors/cell.json' with { type: 'json' };
import configurations from '../vectors/configurations.json' with { type: 'json' };
import extremes from '../vectors/extremes.json' with { type: 'json' };
import float64 from '../vectors/float64.json' with { type: 'json' };
import nonfinite from '../vectors/nonfinite.json' with { type: 'json' };
import packed from '../vectors/packed.json' with { type: 'json' };
import sizes from '../vectors/sizes.json' with { type: 'json' };
import { fill, tensorSeed } from './fill.ts';
import { parameterShapes, type Sizes, sizeOf } from './parameter-shapes.ts';

declare function atob(base64: string): string;

/** An array as recorded: little-endian float64 in base64. */
interface RecordedArray {
  readonly shape: readonly number[];
  readonly data: string;
}

/** What a packed output is besides its data. */
export interface PackedIndices {
  readonly batchSizes: readonly number[];
  readonly sortedIndices: readonly number[] | null;
  readonly unsortedIndices: readonly number[] | null;
}

/** A case as tools/vectors/record.py writes it; the fields are documented in tools/vectors/README.md. */
export interface VectorCase {
  readonly name: string;
  readonly kind: 'gru' | 'cell';
  readonly dtype: DType;
  readonly config: Sizes & { readonly batchFirst: boolean };
  readonly layout: 'padded' | 'unbatched' | 'packed';
  readonly steps: number;
  readonly batch: number;
  readonly lengths: readonly number[] | null;
  readonly enforceSorted: boolean;
  readonly h0: boolean;
  readonly seed: number;
  readonly scales: { readonly parameters: number; readonly input: number; readonly h0: number };
  readonly set: readonly { readonly tensor: string; readonly index: number; readonly value: number | string }[];
  readonly expected: { readonly output?: RecordedArray & Partial<PackedIndices>; readonly hn: RecordedArray };
  readonly torchError: { readonly output?: number; readonly hn?: number } | null;
}

interface VectorFile {
  readonly torch: string;
  readonly cases: readonly VectorCase[];
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
}

/** The parameters, input and initial state of a case, made anew from its seed. */
export function operandsOf(vector: VectorCase): Operands {
  const { scales, seed, dtype } = vector;
  const tensors = new Map<string, Tensor>();
  for (const [ordinal, [name, shape]] of [...shapesOf(vector)].entries()) {
    const scale = name === 'input' || name === 'h0' ? scales[name] : scales.parameters;
    tensors.set(name, { data: fill(tensorSeed(seed, ordinal), sizeOf(shape), scale, dtype), shape });
  }
  for (const { tensor, index, value } of vector.set) tensors.get(tensor)!.data[index] = Number(value);
  const { input, h0, ...stateDict } = Object.fromEntries(tensors);
  return { stateDict, input: input!, h0 };
}

/** Every tensor of a case in the order of its ordinal: parameters, input, h0. */
function shapesOf({ kind, config, layout, batch, steps, h0 }: VectorCase): Map<string, readonly number[]> {
  const shapes = parameterShapes(kind, config);
  const rows = layout === 'unbatched' ? [] : [batch];
  const sequence = config.batchFirst ? [...rows, steps] : [steps, ...rows];
  const states = config.numLayers * (config.bidirectional ? 2 : 1);
  shapes.set('input', [...(kind === 'cell' ? rows : sequence), config.inputSize]);
  if (h0) shapes.set('h0', [...(kind === 'cell' ? [] : [states]), ...rows, config.hiddenSize]);
  return shapes;
}

/** A recorded array's numbers. */
export function decode({ data }: RecordedArray): Float64Array {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

/** Multiplications of a case: how long it takes. */
export function costOf({ config, steps, batch }: VectorCase): number {
  const directions = config.bidirectional ? 2 : 1;
  const columns = config.inputSize + config.hiddenSize + (config.numLayers - 1) * (directions + 1) * config.hiddenSize;
  return 3 * config.hiddenSize * columns * directions * steps * batch;
}
