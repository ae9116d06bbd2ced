import { compile, signatureOf } from '@congruent/codegen';
import { emitterConformance } from '@congruent/conformance';
import { hostBackend, hostTraining } from '@congruent/runtime';
import { defineCell, gru } from '@congruent/spec';
import { expect, test } from 'vitest';
import emitter from '../codegen/index.ts';
import { backend } from '../src/index.ts';
import { hostKernels } from '../src/kernels.ts';
import { load, textOf } from './emitted.ts';

emitterConformance({
  test,
  emitter,
  supports: backend.supports,
  load: async ({ program, files, dtype }) => {
    const generated = await load(textOf(files, dtype));
    const kernels = () => hostKernels(generated, dtype);
    const signature = signatureOf(program);
    return hostBackend({ name: 'emitted', supports: backend.supports, signature, kernels, training: hostTraining })
      .openSync!({
      dtype,
    });
  },
});

test('emitting is pure: the same program gives the same bytes', () => {
  expect(emitter.emit(compile(gru))).toEqual(emitter.emit(compile(gru)));
});

test('operands that the backward pass does not read are marked, each by a name of its own', async () => {
  const cell = defineCell(`
    linear(x[H], _x[H], __x[H], h[H]) -> h'
    h' = h + x + _x + __x
  `);
  const text = textOf(emitter.emit(compile(cell)), 'float64');
  const [, list] = /function pullBack\((.*)\): void/.exec(text)!;
  const names = list!.split(', ').map((parameter) => parameter.split(':')[0]);
  expect(new Set(names).size).toBe(names.length);
  await expect(load(text)).resolves.toHaveProperty('pullBack');
});

test('words of JavaScript name dimensions too', async () => {
  const cell = defineCell(`
    dimensions(x[row], h[for]) -> h'
    h' = tanh(W @ x + h)
    layout plain
      W = [W]
  `);
  const { prepare, scratch, run } = await load(textOf(emitter.emit(compile(cell)), 'float64'));
  const lengths = { row: 1, for: 2 };
  const [x, h, y] = [Float64Array.of(1), Float64Array.of(0, 0), new Float64Array(2)];
  run(
    prepare([Float64Array.of(0.5, -0.5)], lengths, undefined),
    scratch(lengths, 1, 1, () => x),
    [1],
    false,
    x,
    h,
    y,
  );
  expect(y[0]).toBeCloseTo(Math.tanh(0.5), 14);
  expect(y[1]).toBe(-y[0]!);
});
