import { type Emitter, layoutsFile, type Plans, type Program, planFor, signatureFile } from '@congruent/codegen';
import { mainFile, syncFiles, VARIANTS, type Variant } from './files.ts';
import { lanesOf } from './lanes.ts';
import { inferenceModule, trainingModule } from './modules.ts';
import { targetFor } from './target.ts';
import { print, type Wat } from './wat.ts';

/** Emits WebAssembly SIMD: for each element type and mode a module for inference and one for gradients. */
const emitter: Emitter = {
  name: 'wasm',
  emit: (program: Program) => [
    signatureFile(program),
    layoutsFile(program),
    mainFile(program),
    ...VARIANTS.flatMap((variant) => modulesOf(program, variant)),
    ...syncFiles(program),
  ],
};

/** The modules of a program for one kind of arithmetic, as text once they are asked for, and the plans that they follow. */
export function kernelsFor(program: Program, { dtype, relaxed }: Omit<Variant, 'name'>): Kernels {
  const lanes = lanesOf(dtype, relaxed);
  const plans = planFor(program, targetFor(lanes), dtype);
  const text = (module: Wat): string => `${print(module)}\n`;
  return {
    plans,
    inference: () => text(inferenceModule(plans, lanes)),
    training: () => text(trainingModule(plans, lanes)),
  };
}

interface Kernels {
  readonly plans: Plans;
  inference(): string;
  training(): string;
}

function modulesOf(program: Program, { name, dtype, relaxed }: Variant) {
  const { inference, training } = kernelsFor(program, { dtype, relaxed });
  const file = (module: string, suffix: string) => ({
    kind: 'webassembly' as const,
    path: `${program.cell.name}.${name}${suffix}`,
    module,
    // The others say the same with other lanes, or with products that are fused.
    reviewed: name === 'float32',
  });
  return [file(inference(), ''), file(training(), '.training')];
}

export default emitter;
