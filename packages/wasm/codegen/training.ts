import type { Program } from '@congruent/codegen';
import { adjointSizeFunctions } from './adjoint-memory.ts';
import { adjointPlanOf } from './adjoint-plan.ts';
import { prepareAdjointFunction } from './adjoint-prepare.ts';
import { pullBackFunction } from './adjoint-sequence.ts';
import { afterStepsFunction, stepBackFunction } from './adjoint-stages.ts';
import { type Lanes, storeUpToFunction } from './lanes.ts';
import { layoutOf } from './layout.ts';
import { planOf } from './plan.ts';
import { productFunctions } from './product.ts';
import { rowFunctions } from './rows.ts';
import { runFunction } from './sequence.ts';
import { advanceFunction, beforeFunction } from './stages.ts';
import type { Wat } from './wat.ts';

/** The module of a cell's gradients, which works in the memory of the one for inference, on the weights packed there. */
export function trainingModule(program: Program, lanes: Lanes): Wat {
  const recording = { ...program, schedule: program.adjoint.forward };
  const plan = planOf(recording, lanes);
  const { weights, scratch } = layoutOf(program, lanes.bytes);
  if (JSON.stringify([plan.layout.weights, plan.layout.scratch]) !== JSON.stringify([weights, scratch])) {
    throw new TypeError(`${program.cell.name}: a forward pass that records needs other weights or working memory`);
  }
  const back = adjointPlanOf(program, lanes);
  return [
    'module',
    ['import', '"inference"', '"memory"', ['memory', '1']],
    ...adjointSizeFunctions(back),
    ...runFunction(plan, 'record'),
    ...beforeFunction(plan),
    ...advanceFunction(plan),
    ...prepareAdjointFunction(back),
    ...pullBackFunction(back),
    ...stepBackFunction(back),
    ...afterStepsFunction(back),
    ...productFunctions(lanes),
    ...rowFunctions(lanes),
    ...storeUpToFunction(lanes),
  ];
}
