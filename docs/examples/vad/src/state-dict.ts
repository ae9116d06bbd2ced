import { CongruentError, type StateDict, type StoredTensor, type Tensor, tensor } from '@congruent/runtime';

/** A constant of the model: what its name ends with, and its shape. */
type Constant = readonly [ending: string, shape: readonly number[]];

const STFT: Constant = ['stft.forward_basis_buffer', [258, 1, 256]];

/**
 * The parameters of `sileroVad` from the tensors of a model of Silero's, v5 or v6, which holds them once for 16 kHz and once for 8 kHz.
 *
 * @throws CongruentError CONGRUENT_STATE_DICT where a constant is not there, or of another shape
 */
export function stateDictOf(tensors: Readonly<Record<string, StoredTensor>>): StateDict {
  const prefix = prefixOf16kHz(tensors);
  const constant = ([ending, shape]: Constant): Float32Array => {
    const found = tensors[prefix + ending];
    if (found?.dtype === 'float32' && String(found.shape) === String(shape)) return found.data as Float32Array;
    throw missing(`${prefix}${ending} [${shape}]`, found ? `[${found.shape}] of ${found.dtype}` : 'nothing');
  };
  const bias = (layer: string, size: number): Tensor => tensor(constant([`${layer}.bias`, [size]]), [size]);
  const taps = (layer: string, outputs: number, inputs: number, first: number, last: number): Tensor =>
    tapsOf(constant([`${layer}.weight`, [outputs, inputs, 3]]), outputs, inputs, first, last);
  const encoder = (at: number): string => `encoder.${at}.reparam_conv`;
  const lstm = (name: string, shape: readonly number[]): Tensor =>
    tensor(constant([`decoder.rnn.${name}`, shape]), shape);
  return {
    mirror_l0: mirror(),
    stft_l0: tensor(constant(STFT), [258, 256]),
    encoder_0_weight_l0: taps(encoder(0), 128, 129, 0, 2),
    encoder_0_bias_l0: bias(encoder(0), 128),
    encoder_1_weight_l0: taps(encoder(1), 64, 128, 0, 2),
    encoder_1_bias_l0: bias(encoder(1), 64),
    'decoder.encoder_2_weight': taps(encoder(2), 64, 64, 1, 2),
    'decoder.encoder_2_bias': bias(encoder(2), 64),
    'decoder.encoder_3_weight': taps(encoder(3), 128, 64, 1, 1),
    'decoder.encoder_3_bias': bias(encoder(3), 128),
    'decoder.head_weight': tensor(constant(['decoder.decoder.2.weight', [1, 128, 1]]), [1, 128]),
    'decoder.head_bias': bias('decoder.decoder.2', 1),
    'decoder.rnn.weight_ih_l0': lstm('weight_ih', [512, 128]),
    'decoder.rnn.weight_hh_l0': lstm('weight_hh', [512, 128]),
    'decoder.rnn.bias_ih_l0': lstm('bias_ih', [512]),
    'decoder.rnn.bias_hh_l0': lstm('bias_hh', [512]),
  };
}

/** The parameters of `sileroVadPlain`, of those of `sileroVad`: it has no states of its own, and mirrors nothing. */
export const withoutContext = ({ mirror_l0: _, ...dict }: StateDict): StateDict =>
  Object.fromEntries(
    Object.entries(dict).map(([name, value]) => [name.includes('.') ? name : name.replace(/_l0$/, ''), value]),
  );

/** What stands before the names of one branch. The bases of the transforms differ in their sizes, for 16 and for 8 kHz. */
function prefixOf16kHz(tensors: Readonly<Record<string, StoredTensor>>): string {
  const [ending, shape] = STFT;
  const name = Object.keys(tensors).find(
    (each) => each.endsWith(ending) && String(tensors[each]!.shape) === String(shape),
  );
  if (name === undefined) throw missing(`a tensor …${ending} [${shape}]`, `${Object.keys(tensors).length} others`);
  return name.slice(0, name.length - ending.length);
}

const missing = (wanted: string, got: string): CongruentError =>
  new CongruentError(
    'CONGRUENT_STATE_DICT',
    `Silero VAD: expected ${wanted}, got ${got}. Give silero_vad_v5.onnx or silero_vad_v6.onnx, as @ricky0123/vad-web 0.0.31 has them.`,
  );

/** Taps of a convolution's kernel [outputs, inputs, 3] side by side, as the cell multiplies them: [outputs, taps · inputs]. */
function tapsOf(kernel: Float32Array, outputs: number, inputs: number, first: number, last: number): Tensor {
  const columns = (last - first + 1) * inputs;
  const at = (row: number, column: number): number =>
    3 * (row * inputs + (column % inputs)) + first + Math.floor(column / inputs);
  const data = Float32Array.from(
    { length: outputs * columns },
    (_, k) => kernel[at(Math.floor(k / columns), k % columns)]!,
  );
  return tensor(data, [outputs, columns]);
}

/** [64, 128]: from 128 samples the 64 before the last, backwards. */
function mirror(): Tensor {
  const data = new Float32Array(64 * 128);
  for (let row = 0; row < 64; row++) data[row * 128 + 126 - row] = 1;
  return tensor(data, [64, 128]);
}
