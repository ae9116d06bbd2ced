import { type Cell, cell, gru } from '@congruent/spec';
import { causalConv1d, linear } from '@congruent/spec/catalogue';

/** A convolution over three frames, the oldest first: its states are the two last. */
export const conv: Cell = causalConv1d(3);

/**
 * RNNoise 0.2 after its feature extraction. A step is a frame of 10 ms: 65 features to the gains of 32 bands of frequency
 * and the probability of a voice. Each convolution remembers its two last inputs. Parts are named as in RNNoise.
 */
export const rnnoise: Cell = cell`
  rnnoise(x[65]) -> gains, vad

  conv1[128] = ${conv}(x)
  c1         = tanh(conv1)
  conv2[384] = ${conv}(c1)
  c2         = tanh(conv2)

  gru1[384] = ${gru}(c2)
  gru2[384] = ${gru}(gru1)
  gru3[384] = ${gru}(gru2)

  all           = [c2; gru1; gru2; gru3]
  dense_out[32] = ${linear}(all)
  vad_dense[1]  = ${linear}(all)
  gains         = sigmoid(dense_out)
  vad           = sigmoid(vad_dense)
`;
