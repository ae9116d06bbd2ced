import { type Cell, cell, lstm } from '@congruent/spec';

/** What both networks end with: the last two convolutions, one position each, the LSTM and the head. */
const decoder: Cell = cell`
  decoder(b0[64], b1[64]) -> speech

  c         = relu(C @ [b0; b1] + c_b)   # a third position lies outside
  d         = relu(D @ c + d_b)          # as do two
  rnn[128]  = ${lstm}(d)
  speech[1] = sigmoid(V @ relu(rnn) + v)

  layout torch
    encoder_2_weight = [C[64, 128]]   encoder_2_bias = [c_b]
    encoder_3_weight = [D[128, 64]]   encoder_3_bias = [d_b]
    head_weight      = [V]            head_bias      = [v]
`;

/**
 * Silero VAD v5 at 16 kHz: the probability that there is speech in a chunk of 512 samples (32 ms), given as eight runs of 64.
 * The last 64 samples of the chunk before are a state.
 */
export const sileroVad: Cell = cell`
  silero_vad(x0[64], x1[64], x2[64], x3[64], x4[64], x5[64], x6[64], x7[64], context[64]) -> decoder, context'

  r  = M @ [x6; x7]              # mirrored at the last sample, without that
  f0 = [context; x0; x1; x2]     # frames of 256 samples, 128 apart
  f1 = [x1; x2; x3; x4]
  f2 = [x3; x4; x5; x6]
  f3 = [x5; x6; x7; r]

  re0 = F_re @ f0   im0 = F_im @ f0   m0 = sqrt(re0 * re0 + im0 * im0)   # magnitudes of their spectra
  re1 = F_re @ f1   im1 = F_im @ f1   m1 = sqrt(re1 * re1 + im1 * im1)
  re2 = F_re @ f2   im2 = F_im @ f2   m2 = sqrt(re2 * re2 + im2 * im2)
  re3 = F_re @ f3   im3 = F_im @ f3   m3 = sqrt(re3 * re3 + im3 * im3)

  n0 = 0 * m0                                      # zeros outside
  p0 = [n0; m0; m1]   a0 = relu(A @ p0 + a)        # convolution of three positions
  p1 = [m0; m1; m2]   a1 = relu(A @ p1 + a)
  p2 = [m1; m2; m3]   a2 = relu(A @ p2 + a)
  p3 = [m2; m3; n0]   a3 = relu(A @ p3 + a)

  n1 = 0 * a0
  q0 = [n1; a0; a1]   b0 = relu(B @ q0 + b)        # the same at every second position
  q1 = [a1; a2; a3]   b1 = relu(B @ q1 + b)

  decoder  = ${decoder}(b0, b1)
  context' = x7

  layout torch
    mirror           = [M[64, 128]]
    stft             = [F_re[129, 256]; F_im[129, 256]]
    encoder_0_weight = [A[128, 387]]   encoder_0_bias = [a]
    encoder_1_weight = [B[64, 384]]    encoder_1_bias = [b]
`;

/** The same without context, as some callers run it: three frames, and nothing is mirrored. Other probabilities. */
export const sileroVadPlain: Cell = cell`
  silero_vad_plain(x0[64], x1[64], x2[64], x3[64], x4[64], x5[64], x6[64], x7[64]) -> decoder

  f0 = [x0; x1; x2; x3]
  f1 = [x2; x3; x4; x5]
  f2 = [x4; x5; x6; x7]

  re0 = F_re @ f0   im0 = F_im @ f0   m0 = sqrt(re0 * re0 + im0 * im0)
  re1 = F_re @ f1   im1 = F_im @ f1   m1 = sqrt(re1 * re1 + im1 * im1)
  re2 = F_re @ f2   im2 = F_im @ f2   m2 = sqrt(re2 * re2 + im2 * im2)

  n0 = 0 * m0
  p0 = [n0; m0; m1]   a0 = relu(A @ p0 + a)
  p1 = [m0; m1; m2]   a1 = relu(A @ p1 + a)
  p2 = [m1; m2; n0]   a2 = relu(A @ p2 + a)

  n1 = 0 * a0
  q0 = [n1; a0; a1]   b0 = relu(B @ q0 + b)
  q1 = [a1; a2; n1]   b1 = relu(B @ q1 + b)

  decoder = ${decoder}(b0, b1)

  layout torch
    stft             = [F_re[129, 256]; F_im[129, 256]]
    encoder_0_weight = [A[128, 387]]   encoder_0_bias = [a]
    encoder_1_weight = [B[64, 384]]    encoder_1_bias = [b]
`;
