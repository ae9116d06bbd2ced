import {
  type Emitter,
  layoutsFile,
  type Plans,
  type Program,
  planFor,
  signatureFile,
  type Target,
} from '@congruent/codegen';
import { mainFile, syncFiles, VARIANTS, type Variant } from './files.ts';
import { type Lanes, lanesOf } from './lanes.ts';
import { inferenceModule, trainingModule } from './modules.ts';
import { columnOf } from './panels.ts';
import { print, type Wat } from './wat.ts';

/** The locals of functions that have values of plans beside them; all others have a dot in their names. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['weights', 'scratch', 'batch_sizes', 'steps', 'rows', 'reverse', 'batch', 'capacity'],
  ...['row', 't', 'end', 'chunk', 'in_chunk', 'count', 'length', 'j', 'left', 'copied'],
]);

const targetFor = ({ count }: Lanes): Target => ({
  reserved: RESERVED,
  lanes: count,
  packed: (rows) => columnOf(rows, count),
  stageByStage: true,
});

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
