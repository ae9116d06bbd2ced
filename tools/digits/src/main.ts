import { parseArgs } from 'node:util';
import { runConformance } from '@congruent/conformance';
import { gru } from '@congruent/spec';
import { findBackends, isPresent, variantsOf } from './backends.ts';
import { classify, type Score } from './classify.ts';
import { FEATURES, readClassifier, readHeldBack, readTorchLogits, STEPS, TORCH_MODEL } from './data.ts';
import { draw } from './draw.ts';

/** Sample digits that are drawn. */
const SAMPLES = 4;

const { values: given } = parseArgs({ options: { model: { type: 'string' } } });
const [model, heldBack, backends, torchLogits] = await Promise.all([
  readClassifier(given.model ?? TORCH_MODEL),
  readHeldBack(),
  findBackends(),
  given.model === undefined ? readTorchLogits() : undefined,
]);

console.log(`\nThe specification:\n\n${gru.source.replaceAll(/^(?=.)/gm, '  ')}\n`);
console.log(
  `A GRU classifier with ${model.hiddenSize} hidden units, trained ${given.model === undefined ? 'in PyTorch' : 'here'} on handwritten digits (UCI), on`,
);
console.log(`${heldBack.labels.length} images it has not seen:\n`);

const rows: string[][] = [['backend', 'accuracy', 'images/s', 'largest |Δ logit| to PyTorch', 'conformance']];
let failed = 0;
let score: Score | undefined;
const absent: string[] = [];
for (const { module, options } of backends.flatMap(variantsOf)) {
  const name = [module.backend.name, ...Object.values(options)].join(' on ');
  if (!(await isPresent(module, options))) {
    absent.push(name);
    continue;
  }
  score = await classify(module, options, model, heldBack);
  const report = await runConformance(() => module, { options });
  failed += report.failed;
  rows.push([
    name,
    `${(100 * score.accuracy).toFixed(2)} %`,
    Math.round(score.imagesPerSecond).toLocaleString('en'),
    torchLogits ? farthest(score.logits, torchLogits).toExponential(1) : '–',
    `${report.passed} of ${report.total}`,
  ]);
}
console.log(table(rows));
if (absent.length > 0) console.log(`\nNot on this machine: ${absent.join(', ')}.`);

if (score) {
  const { predictions } = score;
  const image = (index: number) => heldBack.pixels.subarray(index * STEPS * FEATURES, (index + 1) * STEPS * FEATURES);
  const samples = Array.from({ length: SAMPLES }, (_, index) => index);
  const captions = samples.map((index) => `${predictions[index]} (it is ${heldBack.labels[index]})`);
  console.log(`\n${draw(samples.map(image), captions)}\n`);
}
if (failed > 0) process.exitCode = 1;

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
