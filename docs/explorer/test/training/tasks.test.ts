import { shuffleRandom } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';
import { openTask } from '../../src/training/tasks/index.ts';
import { kinds } from '../../src/training/tasks/kinds.ts';
import { lossOf } from '../../src/training/tasks/loss.ts';
import type { Batch, Task } from '../../src/training/tasks/task.ts';

const opened = await Promise.all(
  kinds.map(async (kind) => [kind.name, await openTask(kind.name, kind.steps.usual), kind] as const),
);

const outputsFor = ({ steps, outputs }: Task, sequences: number, value: (at: number) => number) => ({
  data: Float64Array.from({ length: steps * sequences * outputs }, (_, at) => value(at)),
  shape: [steps, sequences, outputs],
});

describe.each(opened)('%s', (_, task, kind) => {
  const sequences = 5;
  const batch = task.batch(shuffleRandom(0, 0), sequences);

  test('has the shapes that it says', () => {
    expect(batch.input.shape).toEqual([task.steps, sequences, task.inputs]);
    const each = task.measure === 'values' ? task.outputs : 1;
    expect(batch.targets).toHaveLength((task.steps - task.from) * sequences * each);
    expect(batch.input.data.every(Number.isFinite)).toBe(true);
    if (task.measure === 'classes') {
      expect(batch.targets.every((of) => Number.isInteger(of) && of >= 0 && of < task.outputs)).toBe(true);
    }
  });

  test('draws the same from the same numbers, and else others', () => {
    expect(task.batch(shuffleRandom(0, 0), sequences)).toEqual(batch);
    expect(task.batch(shuffleRandom(0, 1), sequences)).not.toEqual(batch);
    expect(task.batch(shuffleRandom(1, 0), sequences)).not.toEqual(batch);
  });

  test('the gradient is that of the loss', () => {
    const output = outputsFor(task, sequences, (at) => Math.sin(at * at));
    const { gradient } = lossOf(task, output, batch.targets);
    expect(gradient.shape).toEqual(output.shape);
    expect(gradient.data).toHaveLength(output.data.length);
    const asked = task.from * sequences * task.outputs;
    expect(gradient.data.subarray(0, asked).every((slope) => slope === 0)).toBe(true);
    for (const at of [asked, asked + 1, output.data.length - 1]) {
      const [above, below] = [1e-5, -1e-5].map((change) => {
        const data = output.data.slice();
        data[at]! += change;
        return lossOf(task, { ...output, data }, batch.targets).loss;
      });
      expect(gradient.data[at]).toBeCloseTo((above! - below!) / 2e-5, 8);
    }
  });

  test('its baseline is what one reaches without learning', () => {
    const many = task.batch(shuffleRandom(3, 0), 2000);
    expect(lossOf(task, untaught(task, many), many.targets).loss / task.baseline.loss).toBeCloseTo(1, 1);
  });

  test('shows something for every step', () => {
    const sample = task.sample(shuffleRandom(0, 0));
    expect(sample.input.shape).toEqual([task.steps, 1, task.inputs]);
    const tracks = task.show(sample, new Float32Array(task.steps * task.outputs));
    for (const track of tracks) {
      if (track.kind === 'heat') {
        for (const row of track.rows) {
          expect(row).toHaveLength(task.steps);
          expect(row.every((value) => value >= 0 && value <= 1)).toBe(true);
        }
      } else if (track.kind === 'symbols') {
        expect(track.symbols).toHaveLength(task.steps);
        if (track.right) expect(track.right).toHaveLength(task.steps);
      } else {
        for (const { values } of track.lines) expect(values).toHaveLength(task.steps);
      }
    }
  });

  test('goes from its shortest to its longest', async () => {
    for (const steps of [kind.steps.least, kind.steps.most]) {
      const { input } = (await openTask(kind.name, steps)).batch(shuffleRandom(0, 0), 2);
      expect(input.shape[0]).toBe(steps);
    }
  });
});

/** What the baseline says it does, as outputs. */
function untaught(task: Task, { input, targets }: Batch) {
  const sequences = input.shape[1]!;
  if (task.measure === 'values') {
    // The adding problem's says 1; the sine's the value that came.
    return outputsFor(task, sequences, task.inputs === 1 ? (at) => input.data[at]! : () => 1);
  }
  const counts = new Float64Array(task.outputs);
  for (const of of targets) counts[of]!++;
  return outputsFor(task, sequences, (at) => Math.log(counts[at % task.outputs]! / targets.length));
}

test('the adding problem asks for the sum of what is marked', () => {
  const [, task] = opened.find(([name]) => name === 'adding')!;
  const { input, targets } = task.sample(shuffleRandom(0, 7));
  let sum = 0;
  for (let step = 0; step < task.steps; step++) sum += input.data[2 * step]! * input.data[2 * step + 1]!;
  expect(targets[0]).toBeCloseTo(sum, 6);
});

test('the copy problem asks for what came', () => {
  const [, task] = opened.find(([name]) => name === 'copy')!;
  const sample = task.sample(shuffleRandom(0, 7));
  const perfect = Float32Array.from({ length: task.steps * task.outputs }, (_, at) => {
    const step = Math.floor(at / task.outputs);
    return Number(sample.targets[step - task.from] === at % task.outputs);
  });
  const [came, asked, given] = task.show(sample, perfect).map((track) => ('symbols' in track ? track.symbols : []));
  expect(came!.slice(0, 4)).toEqual(asked!.slice(task.from));
  expect(given).toEqual(asked);
});

test('what is shown of the digits is not learnt from', async () => {
  const [, task] = opened.find(([name]) => name === 'digits')!;
  const seen = new Set<string>();
  const { input } = task.batch(shuffleRandom(0, 0), 20_000);
  for (let sequence = 0; sequence < 20_000; sequence++) {
    const rows = Array.from({ length: 8 }, (_, row) => {
      const at = (row * 20_000 + sequence) * 8;
      return input.data.subarray(at, at + 8).join();
    });
    seen.add(rows.join());
  }
  expect(seen.size).toBe(1437);
  for (let at = 0; at < 50; at++) expect(seen.has(task.sample(shuffleRandom(1, at)).input.data.join())).toBe(false);
});
