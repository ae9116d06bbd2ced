import type { Program } from '@congruent/codegen';
import { BackwardEmitter } from './adjoint.ts';
import { adjointLayoutOf } from './adjoint-layout.ts';
import { KernelEmitter } from './kernel.ts';
import { type Lanes, storeUpToFunction } from './lanes.ts';
import { layoutOf } from './layout.ts';
import { productFunctions } from './product.ts';
import { rowFunctions } from './rows.ts';
import type { Wat } from './wat.ts';

/** The module of a cell's gradients, which works in the memory of the one for inference, on the weights packed there. */
export function trainingModule(program: Program, lanes: Lanes): Wat {
  const recording = { ...program, schedule: program.adjoint.forward };
  const layout = layoutOf(recording, lanes.bytes);
  const { weights, scratch } = layoutOf(program, lanes.bytes);
  if (JSON.stringify([layout.weights, layout.scratch]) !== JSON.stringify([weights, scratch])) {
    throw new TypeError(`${program.cell.name}: a forward pass that records needs other weights or working memory`);
  }
  const forward = new KernelEmitter(recording, lanes, layout);
  const backward = new BackwardEmitter(program, lanes, adjointLayoutOf(program, lanes.bytes));
  return [
    'module',
    ['import', '"inference"', '"memory"', ['memory', '1']],
    ...backward.sizes(),
    ...forward.run('record'),
    ...forward.before(),
    ...forward.advance(),
    ...backward.prepare(),
    ...backward.pullBack(),
    ...backward.stepBack(),
    ...backward.afterSteps(),
    ...productFunctions(lanes),
    ...rowFunctions(lanes),
    ...storeUpToFunction(lanes),
  ];
}
