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

function modulesOf(program: Program, { name, dtype, relaxed }: Variant) {
  const lanes = lanesOf(dtype, relaxed);
  const plans: Plans = planFor(program, targetFor(lanes), dtype);
  const file = (module: Wat, suffix: string) => ({
    kind: 'webassembly' as const,
    path: `${program.cell.name}.${name}${suffix}`,
    module: `${print(module)}\n`,
    // The others say the same with other lanes, or with products that are fused.
    reviewed: name === 'float32',
  });
  return [file(inferenceModule(plans, lanes), ''), file(trainingModule(plans, lanes), '.training')];
}

export default emitter;
