import type { Program } from '@congruent/codegen';
import { type Lanes, storeUpToFunction } from './lanes.ts';
import { sizeFunctions } from './memory.ts';
import { packFunction } from './panels.ts';
import { planOf } from './plan.ts';
import { prepareFunction } from './prepare.ts';
import { productFunctions } from './product.ts';
import { runFunction, stepFunction } from './sequence.ts';
import { advanceFunction, beforeFunction } from './stages.ts';
import type { Wat } from './wat.ts';

/** The module of one cell for one kind of lanes. */
export function kernelModule(program: Program, lanes: Lanes): Wat {
  const plan = planOf(program, lanes);
  return [
    'module',
    ['memory', ['export', '"memory"'], '1'],
    ...sizeFunctions(plan),
    ...prepareFunction(plan),
    ...stepFunction(plan),
    ...runFunction(plan, 'run'),
    ...beforeFunction(plan),
    ...advanceFunction(plan),
    ...productFunctions(lanes),
    ...packFunction(lanes),
    ...storeUpToFunction(lanes),
  ];
}
