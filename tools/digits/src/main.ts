import { parseArgs } from 'node:util';
import { runConformance } from '@congruent/conformance';
import { gru } from '@congruent/spec';
import { findBackends, isPresent, variantsOf } from './backends.ts';
import { classify } from './classify.ts';
import {
  type Classifier,
  FEATURES,
  type Images,
  readClassifier,
  readHeldBack,
  readTorchLogits,
  STEPS,
  TORCH_MODEL,
  type TorchLogits,
} from './data.ts';
import { draw } from './draw.ts';
import { parse, runProgram } from './usage.ts';

/** Sample digits that are drawn. */
const SAMPLES = 4;

async function main(): Promise<number> {
  const { values: given } = parse(() => parseArgs({ options: { model: { type: 'string' } } }));
  const [model, heldBack, torchLogits] = await Promise.all([
    readClassifier(given.model ?? TORCH_MODEL),
    readHeldBack(),
    given.model === undefined ? readTorchLogits() : undefined,
  ]);

  console.log(`\nThe specification:\n\n${gru.source.replaceAll(/^(?=.)/gm, '  ')}\n`);
  const origin = given.model === undefined ? 'trained in PyTorch' : `from ${given.model},`;
  console.log(`A GRU classifier with ${model.hiddenSize} hidden units, ${origin} on handwritten digits (UCI), on`);
  console.log(`${heldBack.labels.length} images it has not seen:\n`);

  const { rows, absent, failed, predictions } = await scoreAll(model, heldBack, torchLogits);
  console.log(table([['backend', 'accuracy', 'images/s', 'largest |Δ logit| to PyTorch', 'conformance'], ...rows]));
  if (absent.length > 0) console.log(`\nNot on this machine: ${absent.join(', ')}.`);
  console.log(`\n${drawSamples(heldBack, predictions)}\n`);
  return failed > 0 ? 1 : 0;
}

interface Scores {
  /** Of the table, one for each backend and device. */
  readonly rows: readonly (readonly string[])[];
  /** Devices that are not here. */
  readonly absent: readonly string[];
  /** Checks of the conformance suite that failed. */
  readonly failed: number;
  /** Of the last backend. */
  readonly predictions: readonly number[];
}

/** Runs the model, and the conformance suite, on every backend and device. */
async function scoreAll(model: Classifier, heldBack: Images, torchLogits: TorchLogits | undefined): Promise<Scores> {
  const rows: string[][] = [];
  const absent: string[] = [];
  let failed = 0;
  let predictions: readonly number[] = [];
  for (const { module, options } of (await findBackends()).flatMap(variantsOf)) {
    const name = [module.backend.name, ...Object.values(options)].join(' on ');
    if (!(await isPresent(module, options))) {
      absent.push(name);
      continue;
    }
    const score = await classify(module, options, model, heldBack);
    const report = await runConformance(() => module, { options });
    failed += report.failed;
    predictions = score.predictions;
    rows.push([
      name,
      `${(100 * score.accuracy).toFixed(2)} %`,
      Math.round(score.imagesPerSecond).toLocaleString('en'),
      torchLogits ? farthest(score.logits, torchLogits.float32).toExponential(1) : '–',
      `${report.passed} of ${report.total}`,
    ]);
  }
  return { rows, absent, failed, predictions };
}

function drawSamples({ pixels, labels }: Images, predictions: readonly number[]): string {
  const samples = Array.from({ length: SAMPLES }, (_, index) => index);
  return draw(
    samples.map((index) => pixels.subarray(index * STEPS * FEATURES, (index + 1) * STEPS * FEATURES)),
    samples.map((index) => `${predictions[index]} (it is ${labels[index]})`),
  );
}

/** The largest difference of two arrays' elements. */
function farthest(left: Float32Array, right: Float32Array): number {
  return left.reduce((most, value, index) => Math.max(most, Math.abs(value - right[index]!)), 0);
}

/** Rows in columns, the first to the left, the others to the right. */
function table(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const align = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!);
  return lines.map((line) => `  ${line.map(align).join('  ')}`).join('\n');
}

await runProgram('start', 'npm start -- --model FILE, or npm start', main);
