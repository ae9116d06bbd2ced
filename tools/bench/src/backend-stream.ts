import type { Layer, Reply } from './backend-layer.ts';
import type { Parts } from './parts.ts';
import { arraysOf, type Run, type Running } from './peer.ts';

/** Single steps of a backend's layer, the weights loaded. */
function stream(layer: Layer, batchSize: number, inputs: readonly Float32Array[]): Run {
  const stream = layer.stream({ batchSize });
  return { run: (index) => stream.step(inputs[index]!) as Reply<Float32Array> };
}

/**
 * A layer's stream, and where it is a network that of each layer in it on its own.
 *
 * @param parts  in the order in which each reads what the one before gives; empty where it is no network
 */
export async function streamWithParts(
  layer: Layer,
  parts: Parts<Promise<Layer>>,
  batchSize: number,
  inputs: readonly Float32Array[],
): Promise<Running> {
  const streams: Record<string, Run> = {};
  let below = inputs;
  for (const [name, part] of Object.entries(parts)) {
    const { run } = stream(await part, batchSize, below);
    const above: Float32Array[] = [];
    for (const index of below.keys()) above.push(...arraysOf(await run(index)));
    streams[name] = { run };
    below = above;
  }
  return { ...stream(layer, batchSize, inputs), parts: streams };
}
