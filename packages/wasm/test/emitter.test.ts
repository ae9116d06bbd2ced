import { assemble } from '@congruent/cli';
import { compile, type EmittedFile, encodeBytes, signatureOf } from '@congruent/codegen';
import { emitterConformance } from '@congruent/conformance';
import { hostBackend, hostTraining } from '@congruent/runtime';
import { defineCell, gru } from '@congruent/spec';
import { expect, test } from 'vitest';
import emitter, { kernelsFor } from '../codegen/index.ts';
import { instantiateSync } from '../src/compile.ts';
import { backend } from '../src/index.ts';
import type { TrainingKernel } from '../src/kernel.ts';
import { inferenceKernels } from '../src/kernels.ts';
import { importsFrom, trainingKernels } from '../src/training.ts';
import { guardedHeap } from './guarded-heap.ts';

const { supports } = backend;

/** The bytes assembled of a file, as text: that takes longer than to run it. */
const assembled = new Map<EmittedFile, string>();

/** The bytes of an emitted module. */
function bytesOf(files: readonly EmittedFile[], path: string): string {
  const file = files.find((emitted) => emitted.path === path);
  if (file?.kind !== 'webassembly') throw new Error(`nothing emitted for ${path}`);
  const bytes = assembled.get(file) ?? encodeBytes(assemble(file.module));
  assembled.set(file, bytes);
  return bytes;
}

// In a guarded heap, so that whatever is written or read outside of the buffers fails as well.
emitterConformance({
  test,
  emitter,
  supports,
  load({ program, files, dtype }) {
    const path = `${program.cell.name}.${dtype}`;
    const [inference, training] = [bytesOf(files, path), bytesOf(files, `${path}.training`)];
    const kernels = () => {
      const module = instantiateSync(inference);
      return trainingKernels(inferenceKernels(module, dtype, guardedHeap(module.memory, dtype)), () =>
        instantiateSync<TrainingKernel>(training, importsFrom(module)),
      );
    };
    const signature = signatureOf(program);
    return hostBackend({ name: 'emitted', supports, signature, kernels, training: hostTraining }).openSync!({ dtype });
  },
});

test('emitting is pure: the same program gives the same text', () => {
  expect(emitter.emit(compile(gru))).toEqual(emitter.emit(compile(gru)));
});

/** A cell of so many products. */
function longCell(products: number) {
  const all = Array.from({ length: products }, (_, index) => index);
  const equations = all.map((index) => `a${index} = tanh(W${index} @ ${index === 0 ? 'x' : `a${index - 1}`} + h)`);
  const blocks = all.map((index) => `W${index}`).join('; ');
  return defineCell(
    `long(x[H], h[H]) -> h'\n${equations.join('\n')}\nh' = a${products - 1}\nlayout p\n  W = [${blocks}]`,
  );
}

test('the text of a long cell grows with its equations, and no faster', () => {
  const lengthOf = (products: number): number =>
    kernelsFor(compile(longCell(products)), { dtype: 'float32', relaxed: false }).training().length;
  expect(lengthOf(200) / lengthOf(100)).toBeLessThan(2.3);
});
