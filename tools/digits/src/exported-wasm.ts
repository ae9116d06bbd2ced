import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CLASSES, FEATURES, type Images, STEPS } from './data.ts';
import { type Outcome, outcomeOf, withExported } from './exported.ts';

/** The network as WebAssembly, compared with what a deterministic backend gives, [N, 10]. */
export const exportToWasm = (images: Images, logits: Float32Array): Promise<Outcome> =>
  withExported('wasm', async (folder) => {
    const { create } = await import(pathToFileURL(join(folder, 'digits.js')).href);
    const bytes = readFileSync(join(folder, 'digits.wasm'));
    return outcomeOf(`wasm: digits.wasm, ${bytes.length} bytes`, lastLogits(create(bytes), images), logits);
  });

/** The exported model, as far as it is used here. */
interface Model {
  reset(): void;
  run(xs: Float32Array, steps: number): Float32Array;
}

/** The logits after the last row of each image. */
function lastLogits(model: Model, { pixels, labels }: Images): Float32Array {
  const logits = new Float32Array(labels.length * CLASSES);
  const size = STEPS * FEATURES;
  for (let image = 0; image < labels.length; image++) {
    model.reset();
    const rows = model.run(pixels.subarray(image * size, (image + 1) * size), STEPS);
    logits.set(rows.subarray(-CLASSES), image * CLASSES);
  }
  return logits;
}
