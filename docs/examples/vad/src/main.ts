import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { StateDict } from '@congruent/runtime';
import { medians } from './measure.ts';
import { exportNetwork, type ModelName, openExported, readParameters } from './model.ts';
import { openNetwork } from './network.ts';
import { openOnnxruntime } from './onnxruntime.ts';
import { installOriginal } from './original.ts';
import { loadedByOnnxruntime, loadedByPage, pageFiles, RECORDING } from './page-files.ts';
import { farthest, loadedLine, probabilityLines } from './report.ts';
import { serve } from './serve.ts';
import { sileroVad } from './silero-vad.ts';
import { AudioError, CHUNK, chunksOf, RATE, samplesOf } from './speech.ts';

const HELP = 'npm run example:vad -- [--v6] [FILE.wav], or npm run example:vad -- [--v6] --page [--port PORT]';

const exported = fileURLToPath(new URL('../dist/exported/', import.meta.url));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { page: { type: 'boolean' }, v6: { type: 'boolean' }, port: { type: 'string', default: '0' } },
    allowPositionals: true,
  });
  installOriginal();
  const name = values.v6 ? 'silero_vad_v6.onnx' : 'silero_vad_v5.onnx';
  const parameters = await readParameters(name);
  await exportNetwork(parameters, exported);
  if (values.page) {
    const { address } = await serve(await pageFiles(exported), Number(values.port));
    console.log(`The page: ${address}  (Ctrl+C ends it)`);
    return;
  }
  const [file] = positionals;
  await detect(name, parameters, file ?? fileURLToPath(new URL(`../data/${RECORDING}`, import.meta.url)));
}

/** Prints the probabilities of a recording, and what onnxruntime has to do for the same. */
async function detect(name: ModelName, parameters: StateDict, file: string): Promise<void> {
  const chunks = chunksOf(samplesOf(file, await readFile(file)));
  const { detect } = await openNetwork('silero_vad', parameters);
  const model = await openExported(exported);
  const onnxruntime = await openOnnxruntime(name);

  const probabilities = chunks.map(model);
  const expected: number[] = [];
  for (const chunk of chunks) expected.push(await onnxruntime(chunk));
  const differing = chunks.map(detect).filter((probability, at) => !Object.is(probability, probabilities[at])).length;
  console.log(`\n${sileroVad.source}\n\n     begins  speech`);
  for (const line of probabilityLines(probabilities)) console.log(line);

  const [exportedTime, networkTime, onnxruntimeTime] = await medians([model, detect, onnxruntime], chunks);
  const files = await pageFiles(exported);
  console.log(`
silero_vad.wasm and the class on @congruent/wasm: ${differing === 0 ? 'the same bits' : `${differing} chunks differ`}
largest difference from onnxruntime-web: ${farthest(probabilities, expected).toExponential(1)}

a chunk of ${(1000 * CHUNK) / RATE} ms takes (medians)
  silero_vad.wasm   ${milliseconds(exportedTime!)}
  @congruent/wasm   ${milliseconds(networkTime!)}
  onnxruntime-web   ${milliseconds(onnxruntimeTime!)}

a page loads, gzipped (and as it is)
  here              ${loadedLine(loadedByPage(files))}
  onnxruntime-web   ${loadedLine(await loadedByOnnxruntime(name))}`);
}

const milliseconds = (time: number): string => `${time.toFixed(3)} ms`;

try {
  await main();
} catch (error) {
  if (!(error instanceof AudioError || (error as NodeJS.ErrnoException).code)) throw error;
  console.error(`example:vad: ${(error as Error).message}\nTry: ${HELP}`);
  process.exitCode = 1;
}
