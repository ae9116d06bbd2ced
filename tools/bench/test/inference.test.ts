import { expect, test } from 'vitest';
import { gccVersion, startC } from '../src/c-reference.ts';
import { CELLS } from '../src/cells.ts';
import { peersInstalled } from '../src/folder.ts';
import { resultsOf } from '../src/peer.ts';
import { jax } from '../src/peers/jax.ts';
import { onnxruntimeNode, onnxruntimeWeb } from '../src/peers/onnxruntime.ts';
import { tfjs } from '../src/peers/tfjs.ts';
import { problemOf } from '../src/problem.ts';
import { largestDifference } from '../src/statistics.ts';
import { type Work, workCalled } from '../src/works.ts';
import { outputOf } from './equations.ts';

const installed = peersInstalled();
if (!installed) console.warn('SKIPPED: the peers are not installed; npm run install:peers -w @congruent/bench');

const step: Work = { ...workCalled('step-24-24'), inputSize: 3, hiddenSize: 5, steps: 4 };
const sequence: Work = { ...step, kind: 'sequence', batch: 2 };
const works = {
  'a streamed step': step,
  'a batch of sequences': sequence,
  'two bidirectional layers': { ...sequence, layers: 2, directions: 2 },
} satisfies Record<string, Work>;

const cells = (['gru', 'lstm'] as const).map((cell) => ({ cell, className: CELLS[cell].className }));

for (const peer of [onnxruntimeNode, onnxruntimeWeb, tfjs, jax]) {
  for (const { cell, className } of cells) {
    test.skipIf(!installed).each(Object.entries(works))(
      `${peer.name} gives torch's ${className}: %s`,
      async (_, work) => {
        const problem = problemOf({ ...work, cell });
        const running = await (await peer.prepare(problem))();
        const [results] = await resultsOf(running, problem);
        expect(largestDifference(results!, outputOf(problem))).toBeLessThan(1e-6);
      },
    );
  }
}

for (const { cell, className } of cells) {
  test.skipIf(gccVersion() === undefined)(`plain C streams torch's ${className}`, async () => {
    const problem = problemOf({ ...step, cell });
    const contestant = await startC(problem);
    try {
      expect(largestDifference(contestant.results[0]!, outputOf(problem))).toBeLessThan(1e-6);
      expect(await contestant.run(10)).toBeGreaterThan(0);
    } finally {
      contestant.close();
    }
  });
}
