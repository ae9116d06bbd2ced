import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedBound } from '@congruent/conformance';
import * as scalar from '@congruent/scalar';
import * as wasm from '@congruent/wasm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { classify, classifyByNetwork } from '../src/classify.ts';
import { dataFile, readClassifier, readHeldBack, readTorchLogits, readTrainingImages } from '../src/data.ts';
import { CELL_NAMES, type CellName } from '../src/recurrent.ts';
import { readCheckpoint, writeCheckpoint } from '../src/train/checkpoint.ts';
import { noise } from '../src/train/noise.ts';
import { SETTINGS } from '../src/train/settings.ts';
import { Training } from '../src/train/training.ts';

const settings = { ...SETTINGS, epochs: 2 };
const images = await readTrainingImages();
const few = { pixels: images.pixels.slice(0, 100 * 64), labels: images.labels.slice(0, 100) };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digits-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function finish(training: Training): Promise<Training> {
  while (!training.finished) await training.step();
  return training;
}

test.each([1, 3, 4, 7])(
  'a run interrupted after batch %i, saved and read, goes on with the same bits',
  async (after) => {
    const whole = await finish(await Training.create(wasm, settings, few));
    const first = await Training.create(wasm, settings, few);
    for (let batch = 0; batch < after; batch++) await first.step();
    const path = join(folder, `interrupted-${after}.safetensors`);
    await writeCheckpoint(path, first.snapshot);
    const second = await finish(await Training.resume(wasm, (await readCheckpoint(path))!, few));
    expect(second.snapshot).toEqual(whole.snapshot);
  },
);

test.each(CELL_NAMES)('scalar and wasm train a %s to the same bits', async (cell) => {
  const [one, other] = await Promise.all([scalar, wasm].map((on) => Training.create(on, { ...settings, cell }, few)));
  expect((await finish(one!)).snapshot).toEqual((await finish(other!)).snapshot);
});

test.each(CELL_NAMES)('a checkpoint of a %s goes on after a break, and readClassifier takes it', async (cell) => {
  const training = await Training.create(wasm, { ...settings, cell }, few);
  await training.step();
  const path = join(folder, `${cell}.safetensors`);
  await writeCheckpoint(path, training.snapshot);
  expect(await readClassifier(path)).toMatchObject(training.classifier);
  expect((await Training.resume(wasm, (await readCheckpoint(path))!, few)).snapshot).toEqual(training.snapshot);
});

test('a file that is no checkpoint, or no model, is refused by name', async () => {
  const path = join(folder, 'other.safetensors');
  await writeFile(path, scalar.writeSafetensors({}));
  await expect(readCheckpoint(path)).rejects.toThrow('other.safetensors is not a checkpoint');
  await expect(readClassifier(path)).rejects.toThrow('other.safetensors holds no digit classifier');
  await expect(readClassifier('no.safetensors')).rejects.toThrow(
    /^there is no model no\.safetensors\. npm run train:digits /,
  );
  await expect(readClassifier('src')).rejects.toThrow(/^src cannot be read: illegal operation on a directory\.$/);
  expect(await readCheckpoint(join(folder, 'absent'))).toBeUndefined();
});

test('noise has mean 0 and variance 1, and is another one in every pass', () => {
  const values = noise(100_000, 0, 0);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(values.length)); // four standard errors
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
  expect(noise(4, 0, 0)).toEqual(values.slice(0, 4));
  expect(noise(4, 0, 1)).not.toEqual(values.slice(0, 4));
});

const TRAINED_HERE = { gru: 'trained-here', lstm: 'trained-here-lstm' } as const;
const trainedHere = (cell: CellName) => readClassifier(dataFile(`${TRAINED_HERE[cell]}.safetensors`));

test.each(CELL_NAMES)('the %s that was trained here has the logits that PyTorch gives with it', async (cell) => {
  const model = await trainedHere(cell);
  const [heldBack, torch] = [await readHeldBack(), await readTorchLogits(`${TRAINED_HERE[cell]}-logits.json`)];
  const { logits, accuracy } = await classify(wasm, {}, model, heldBack);
  expect(accuracy).toBeGreaterThanOrEqual(0.97);
  const bound = recordedBound('float32', torch.float64, torch.error);
  logits.forEach((logit, index) => {
    expect(Math.abs(logit - torch.float64[index]!)).toBeLessThanOrEqual(bound(torch.float64[index]!));
  });
});

test.each(['scalar', 'wasm'])('as one network on %s it has the same logits, to the bit', async (name) => {
  const [model, heldBack] = [await trainedHere('gru'), await readHeldBack()];
  const { logits } = await classify(name === 'wasm' ? wasm : scalar, {}, model, heldBack);
  expect((await classifyByNetwork(name, {}, model, heldBack)).logits).toEqual(logits);
});

test.each(CELL_NAMES)('a %s trained anew with the same settings is the recorded one to the bit', async (cell) => {
  const trained = await finish(await Training.create(wasm, { ...SETTINGS, cell }, images));
  expect(await trainedHere(cell)).toMatchObject(trained.classifier);
});
