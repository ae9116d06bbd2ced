import cell from '../../vectors/gradients/cell.json' with { type: 'json' };
import configurations from '../../vectors/gradients/configurations.json' with { type: 'json' };
import dropout from '../../vectors/gradients/dropout.json' with { type: 'json' };
import extremes from '../../vectors/gradients/extremes.json' with { type: 'json' };
import float64 from '../../vectors/gradients/float64.json' with { type: 'json' };
import gru_reset_before from '../../vectors/gradients/gru_reset_before.json' with { type: 'json' };
import lstm from '../../vectors/gradients/lstm.json' with { type: 'json' };
import packed from '../../vectors/gradients/packed.json' with { type: 'json' };
import rnn from '../../vectors/gradients/rnn.json' with { type: 'json' };
import type { Cotangent, RecordedArray, RecordedCase, VectorFile } from './vectors.ts';

/**
 * A case as tools/vectors/record_gradients.py writes it: PyTorch's gradients in float64, and the largest error of its
 * float32 gradients, both by name: `input`, `h0`, `c0`, and the parameters in the order of torch's state_dict. Each has the
 * shape of what it is the gradient of; that of a packed input is padded, with zeros, and those of states left out are there.
 */
export interface GradientCase extends RecordedCase {
  /** The masks are those of the first training call of a module with this dropout and seed. */
  readonly config: RecordedCase['config'] & { readonly dropout: number; readonly seed: number };
  readonly cotangents: readonly Cotangent[];
  readonly expected: Readonly<Record<string, RecordedArray>>;
  readonly torchError: Readonly<Record<string, number>> | null;
}

/** The name of a file of gradient cases. */
export type GradientTopic =
  | 'configurations'
  | 'packed'
  | 'dropout'
  | 'cell'
  | 'extremes'
  | 'float64'
  | 'lstm'
  | 'rnn'
  | 'gru_reset_before';

const FILES: Readonly<Record<GradientTopic, unknown>> = {
  configurations,
  packed,
  dropout,
  cell,
  extremes,
  float64,
  lstm,
  rnn,
  gru_reset_before,
};

/** All recorded gradient cases, by topic; `operandsOf` gives their operands and cotangents. */
export const gradientVectors: Readonly<Record<GradientTopic, readonly GradientCase[]>> = Object.fromEntries(
  Object.entries(FILES).map(([topic, file]) => [topic, (file as VectorFile<GradientCase>).cases]),
) as Record<GradientTopic, readonly GradientCase[]>;
