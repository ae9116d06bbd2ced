import { parseArgs } from 'node:util';
import { runConformance } from '@congruent/conformance';
import { gru } from '@congruent/spec';
import { type Backend, findBackends, isPresent, variantsOf } from './backends.ts';
import { classify, classifyByNetwork, type Score } from './classify.ts';
import {
  type Classifier,
  dataFile,
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
import { exportToC } from './exported-c.ts';
import { exportToWasm } from './exported-wasm.ts';
import { digits } from './network.ts';
import { parse, runProgram } from './usage.ts';

/** Sample digits that are drawn. */
const SAMPLES = 4;

async function main(): Promise<number> {
  const { values: given } = parse(() => parseArgs({ options: { model: { type: 'string' } } }));
  const heldBack = await readHeldBack();
  const classifiers = given.model === undefined ? await ownClassifiers() : [await givenClassifier(given.model)];

  console.log(`\nThe specification:\n\n${gru.source.replaceAll(/^(?=.)/gm, '  ')}\n`);
  console.log('and one of a network, the GRU and a linear layer in one module:\n');
  console.log(`${digits.source.replaceAll(/^(?=.)/gm, '  ')}\n`);
  console.log(`Classifiers of handwritten digits (UCI), on ${heldBack.labels.length} images they have not seen:\n`);

  const { backends, unavailable } = await findBackends();
  const { rows, absent, failed, predictions, network } = await scoreAll(backends, classifiers, heldBack);
  console.log(
    table([['backend', 'classifier', 'accuracy', 'images/s', '|Δ logit| to PyTorch', 'conformance'], ...rows]),
  );
  if (absent.length > 0) console.log(`\nNot on this machine: ${absent.join(', ')}.`);
  for (const reason of unavailable) console.log(`\nNot on this machine: ${reason}`);
  const exported = network ? [await exportToWasm(heldBack, network), await exportToC(heldBack, network)] : [];
  if (exported.length > 0) console.log('\nThe network with its weights, exported:\n');
  for (const { line } of exported) console.log(`  ${line}`);
  console.log(`\n${drawSamples(heldBack, predictions)}\n`);
  return failed > 0 || exported.some(({ different }) => different > 0) ? 1 : 0;
}

/** A classifier that is run. */
interface Candidate {
  readonly title: string;
  readonly model: Classifier;
  /** What PyTorch gives with its weights, where that was recorded. */
  readonly torch: TorchLogits | undefined;
  /** Whether it is run as one cell. */
  readonly asNetwork: boolean;
}

/** The GRU that PyTorch trained, the same as one network, and the LSTM that was trained here. */
async function ownClassifiers(): Promise<readonly Candidate[]> {
  const [model, torch] = await Promise.all([readClassifier(TORCH_MODEL), readTorchLogits()]);
  const [lstm, torchLstm] = await Promise.all([
    readClassifier(dataFile('trained-here-lstm.safetensors')),
    readTorchLogits('trained-here-lstm-logits.json'),
  ]);
  return [
    { title: 'GRU and linear layer', model, torch, asNetwork: false },
    { title: 'one network', model, torch, asNetwork: true },
    { title: 'LSTM and linear layer', model: lstm, torch: torchLstm, asNetwork: false },
  ];
}

async function givenClassifier(path: string): Promise<Candidate> {
  const model = await readClassifier(path);
  return { title: `${model.cell.toUpperCase()} of ${path}`, model, torch: undefined, asNetwork: false };
}

/** What came of all. */
interface Scores {
  /** Of the table: for each backend and device, one for each classifier. */
  readonly rows: readonly (readonly string[])[];
  /** Devices that are not here. */
  readonly absent: readonly string[];
  /** Checks of the conformance suite that failed. */
  readonly failed: number;
  /** Of the first classifier on the last backend. */
  readonly predictions: readonly number[];
  /** The logits of the network on a backend that has the bits of the specification. */
  readonly network: Float32Array | undefined;
}

/** Runs the classifiers, and the conformance suite for their cells, on every backend and device. */
async function scoreAll(
  backends: readonly Backend[],
  classifiers: readonly Candidate[],
  heldBack: Images,
): Promise<Scores> {
  const rows: string[][] = [];
  const absent: string[] = [];
  const cells = new Set<string>(classifiers.map(({ model }) => model.cell));
  let failed = 0;
  let predictions: readonly number[] = [];
  let network: Float32Array | undefined;
  for (const { module, options } of backends.flatMap(variantsOf)) {
    const name = [module.backend.name, ...Object.values(options)].join(' on ');
    if (!(await isPresent(module, options))) {
      absent.push(name);
      continue;
    }
    const scores: Score[] = [];
    for (const { model, asNetwork } of classifiers) {
      const score = asNetwork
        ? await classifyByNetwork(module.backend.name, options, model, heldBack)
        : await classify(module, options, model, heldBack);
      if (asNetwork && module.backend.supports.deterministic) network = score.logits;
      scores.push(score);
    }
    const report = await runConformance(() => module, { options, select: ({ kind }) => cells.has(kind.cell.name) });
    failed += report.failed;
    predictions = scores[0]!.predictions;
    rows.push(
      ...scores.map((score, index) => [
        index === 0 ? name : '',
        ...cellsOf(classifiers[index]!, score),
        index === 0 ? `${report.passed} of ${report.passed + report.failed}` : '',
      ]),
    );
  }
  return { rows, absent, failed, predictions, network };
}

const cellsOf = ({ title, torch }: Candidate, { accuracy, imagesPerSecond, logits }: Score): string[] => [
  title,
  `${(100 * accuracy).toFixed(2)} %`,
  Math.round(imagesPerSecond).toLocaleString('en'),
  torch ? farthest(logits, torch.float32).toExponential(1) : '–',
];

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

/** Rows in columns, the first two to the left, the others to the right. */
function table(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const align = (cell: string, column: number) =>
    column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return lines.map((line) => `  ${line.map(align).join('  ')}`).join('\n');
}

await runProgram('start', 'npm start -- --model FILE, or npm start', main);
