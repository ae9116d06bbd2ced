import type { Emitter } from '@congruent/codegen';
import type { Engine, FloatArray } from '@congruent/runtime';
import { defineCell, lstm } from '@congruent/spec';
import { minGru, stacked } from '@congruent/spec/catalogue';
import { expect, test } from 'vitest';
import { type EmittedCell, emitterConformance, referenceBackend } from '../src/index.ts';

const emitter: Emitter = { name: 'reference', emit: () => [] };
const supports = { deterministic: true, float64: true, subnormals: true };

/** The interpreter itself, or that of another cell. */
const interpreted =
  (change: (source: string) => string = (source) => source) =>
  ({ program, dtype }: EmittedCell): Engine<'sync', FloatArray> =>
    referenceBackend({ cell: defineCell(change(program.cell.source)) }).openSync!({ dtype });

// A few cells: the interpreter is held to its own bits here, the emitters in their packages to those of all cells.
emitterConformance({ test, emitter, supports, load: interpreted(), catalogue: [lstm, minGru, stacked] });

/** What the suite says of an engine, by test. */
async function failures(load: (emitted: EmittedCell) => Engine<'sync', FloatArray>, deterministic = true) {
  const found: string[] = [];
  const runs: Promise<void>[] = [];
  emitterConformance({
    test: (title, run) => {
      runs.push(run().catch((error: Error) => void found.push(`${title}: ${error.message}`)));
    },
    emitter,
    supports: { ...supports, deterministic },
    load,
    catalogue: [lstm, minGru],
  });
  await Promise.all(runs);
  return { failed: found.length, of: runs.length };
}

test('another equation is noticed in every element type and size, in bits and in bounds', async () => {
  const load = interpreted((source) =>
    source.replace('f * c', 'f * c * 0.99').replace('(1 - z) * h', '(0.99 - z) * h'),
  );
  expect(await failures(load)).toEqual({ failed: 8, of: 8 });
  expect(await failures(load, false)).toEqual({ failed: 8, of: 8 });
});

for (const [what, change] of [
  [
    'a run that drops the last row of the outputs',
    ({ outputs }: Drop) => ({ outputs: outputs.map((array) => array.slice(0, -1)) }),
  ],
  ['last states that are the initial ones', (_: Drop, initial: readonly FloatArray[]) => ({ states: initial })],
] as const) {
  test(`${what} is noticed`, async () => {
    const load = (emitted: EmittedCell): Engine<'sync', FloatArray> => {
      const engine = interpreted()(emitted);
      return {
        ...engine,
        layer: (dimensions) => {
          const layer = engine.layer(dimensions);
          return {
            load: (parameters) => layer.load(parameters),
            record: (...of) => layer.record!(...of),
            stream: (...of) => layer.stream(...of),
            run: (call, sequence) => {
              const run = layer.run(call, sequence);
              return { ...run, ...change(run, sequence.states) };
            },
          };
        },
      };
    };
    expect(await failures(load)).toEqual({ failed: 8, of: 8 });
  });
}

type Drop = { readonly outputs: readonly FloatArray[] };
