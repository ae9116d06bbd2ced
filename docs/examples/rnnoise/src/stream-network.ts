import type { Tensor } from '@congruent/runtime';
import { type BackendName, classOf } from './backends.ts';
import type { Network } from './sound/denoiser.ts';

/** The network as a stream of a backend, as the denoiser takes it. */
export async function streamedNetwork(
  backend: BackendName,
  weights: Readonly<Record<string, Tensor>>,
): Promise<Network> {
  const layer = await (await classOf(backend)).create();
  layer.loadStateDict(weights);
  const stream = layer.stream();
  return (features) => {
    const { gains, vad } = stream.step(features);
    return { gains, vad: vad[0]! };
  };
}
