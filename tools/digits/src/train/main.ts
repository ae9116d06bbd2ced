import { SingleBar } from 'cli-progress';
import { plot } from 'simple-ascii-chart';
import { type Backend, findBackends } from '../backends.ts';
import { classify } from '../classify.ts';
import { readHeldBack, readTrainingImages } from '../data.ts';
import { withFile } from '../files.ts';
import { runProgram, UsageError } from '../usage.ts';
import { readCheckpoint, tryCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { Ending } from './ending.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { isOnTheWay, Training } from './training.ts';

async function main(options: Options): Promise<number> {
  const backend = await findBackend(options.backend);
  const training = await begin(backend, options);
  if (training.finished) {
    console.log(`${options.checkpoint} holds a finished run; --fresh trains anew.`);
  } else {
    await tryCheckpoint(options.checkpoint, training.snapshot);
    const code = await train(training, options.checkpoint);
    if (!training.finished) {
      const { epoch, batch } = training.progress;
      console.log(
        `\nSaved to ${options.checkpoint} in pass ${epoch + 1}, after ${batch} batches. The same command goes on.`,
      );
      return code!;
    }
  }
  await report(backend, training, options.checkpoint);
  return 0;
}

async function findBackend(name: string): Promise<Backend> {
  const { backends, unavailable } = await findBackends();
  const able = backends.filter(({ backend }) => backend.supports.training);
  const found = able.find(({ backend }) => backend.name === name);
  if (found) return found;
  const names = able.map(({ backend }) => backend.name).join(', ');
  throw new UsageError([`--backend must be one of ${names}, got ${name}.`, ...unavailable].join(' '));
}

/** A new run, or the one that the checkpoint holds. */
async function begin(backend: Backend, { checkpoint, fresh, settings }: Options): Promise<Training> {
  const images = await readTrainingImages();
  const saved = fresh ? undefined : await readCheckpoint(checkpoint);
  if (saved === undefined) return Training.create(backend, settings, images);
  if (JSON.stringify(saved.settings) !== JSON.stringify(settings)) {
    throw new UsageError(
      `${checkpoint} holds a run with other settings: ${JSON.stringify(saved.settings)}. ` +
        'Give those, another --checkpoint, or --fresh to start anew.',
    );
  }
  if (!isOnTheWay(saved.progress, settings, images)) {
    const { epoch, batch } = saved.progress;
    throw new UsageError(
      `${checkpoint} says that the run is in pass ${epoch + 1}, after ${batch} batches, and has ` +
        `${saved.progress.losses.length} losses: no run comes there. Give another --checkpoint, or --fresh.`,
    );
  }
  return withFile(checkpoint, 'read', () => Training.resume(backend, saved, images));
}

/**
 * Trains to the end, or until the program is to end, and saves after every pass and where it stops. Returns the exit code
 * where it is to end.
 */
async function train(training: Training, checkpoint: string): Promise<number | undefined> {
  const ending = new Ending();
  const bar = startBar(training);
  try {
    while (!training.finished && ending.code === undefined) {
      const { epoch } = training.progress;
      const loss = await training.step();
      bar.update(training.batchesDone, { pass: `${epoch + 1}/${training.settings.epochs}`, loss: loss.toFixed(4) });
      if (training.progress.epoch > epoch) await writeCheckpoint(checkpoint, training.snapshot);
      await new Promise(setImmediate); // lets signals in
    }
    if (training.progress.batch > 0) await writeCheckpoint(checkpoint, training.snapshot);
  } finally {
    bar.stop();
    ending.ignore();
  }
  return ending.code;
}

function startBar(training: Training): SingleBar {
  const bar = new SingleBar({
    format: '{bar} {percentage} % | pass {pass} | loss {loss} | {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 1000,
  });
  bar.start(training.batches, training.batchesDone, { pass: '', loss: '' });
  return bar;
}

async function report(backend: Backend, training: Training, checkpoint: string): Promise<void> {
  const { losses } = training.progress;
  const curve = losses.map((loss, epoch): [number, number] => [epoch + 1, loss]);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.max(1, Math.round(share * losses.length)));
  console.log(plot(curve, { title: 'mean loss of each pass', width: 60, height: 12, customXAxisTicks: ticks }));
  const heldBack = await readHeldBack();
  const { right, accuracy } = await classify(backend, {}, training.classifier, heldBack);
  const total = heldBack.labels.length;
  console.log(`${right} of ${total} images it has not seen are read rightly: ${(100 * accuracy).toFixed(2)} %`);
  console.log(`The model is in ${checkpoint}. Run it through every backend: npm start -- --model ${checkpoint}`);
}

await runProgram('train:digits', 'npm run train:digits -- --help', async () => {
  const options = readOptions(process.argv.slice(2));
  if (!options.help) return main(options);
  console.log(HELP);
  return 0;
});
