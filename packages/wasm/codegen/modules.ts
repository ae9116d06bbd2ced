import { type Plan, type Plans, withoutRecording } from '@congruent/codegen';
import { inI32, scaled } from './extent.ts';
import type { Lanes } from './lanes.ts';
import { scratchSize, sizeFunction, sizeOf, weightPieces, withPointers } from './memory.ts';
import { packFunction } from './panels.ts';
import { phaseFunctions } from './phases.ts';
import { productFunctions } from './product.ts';
import { rowFunctions } from './rows.ts';
import { sequenceFunction, stepFunction } from './sequence.ts';
import { stagesOnce, type Target } from './stages.ts';
import { storeUpToFunction } from './store.ts';
import { define, get, i32, type Wat } from './wat.ts';

/** The module of a cell for one kind of lanes. */
export function inferenceModule({ forward, functions }: Plans, lanes: Lanes): Wat {
  const plan = withoutRecording(forward);
  const target = { lanes, functions };
  const phases = phaseFunctions(plan, target);
  const own = [
    ...sizeFunctions(plan, lanes, { weights: 'weights_bytes', scratch: 'scratch_bytes' }),
    ...prepareFunction('prepare', plan, target),
    ...stepFunction(plan, phases, target),
    ...sequenceFunction('run', plan, phases, target),
    ...phases.flatMap(({ code }) => code),
  ];
  return ['module', ['memory', ['export', '"memory"'], '1'], ...linked(own, lanes)];
}

/** The module of its gradients, which works in the memory of the one for inference, on the weights packed there. */
export function trainingModule({ forward, backward, functions }: Plans, lanes: Lanes): Wat {
  const target = { lanes, functions };
  const [there, back] = [phaseFunctions(forward, target), phaseFunctions(backward, target)];
  const own = [
    ...sizeFunction(
      'trace_bytes',
      'What `record` stores of each row.',
      forward.dimensions,
      scaled(forward.residuals?.width ?? 0, lanes.bytes),
    ),
    ...sizeFunctions(backward, lanes, { weights: 'adjoint_weights_bytes', scratch: 'adjoint_scratch_bytes' }),
    ...sequenceFunction('record', forward, there, target),
    ...there.flatMap(({ code }) => code),
    ...prepareFunction('prepare_adjoint', backward, target),
    ...sequenceFunction('pull_back', backward, back, target),
    ...back.flatMap(({ code }) => code),
  ];
  return ['module', ['import', '"inference"', '"memory"', ['memory', '1']], ...linked(own, lanes)];
}

/** How much memory a caller has to provide. */
function sizeFunctions(plan: Plan, lanes: Lanes, names: { readonly weights: string; readonly scratch: string }): Wat[] {
  const { dimensions } = plan;
  const weights = 'The bytes that are made of the parameters.';
  const scratch = 'Working memory for sequences of `rows` rows, at most `batch` of them in a step.';
  return [
    ...sizeFunction(names.weights, weights, dimensions, sizeOf(weightPieces(plan, lanes))),
    ...sizeFunction(names.scratch, scratch, [...dimensions, 'rows', 'batch'], scratchSize(plan, lanes)),
  ];
}

/** Once for a set of parameters. */
export function prepareFunction(name: string, plan: Plan, target: Target): Wat[] {
  const weights = weightPieces(plan, target.lanes);
  const comment =
    'Once for a set of parameters: computes what depends on nothing else, packs the matrices, and copies the rest.\n' +
    'The lanes that fill up a panel are zeros.';
  const parameters = [...plan.dimensions, 'weights', ...plan.tensors.map((tensor) => tensor.name)];
  return define({ name, comment, parameters, exported: true }, [
    ['memory.fill', get('weights'), i32(0), inI32(sizeOf(weights))],
    ...withPointers(weights, 'weights', stagesOnce(plan.prepare, target)),
  ]);
}

/** Functions with those of the library that they call, directly or not. */
export function linked(own: readonly Wat[], lanes: Lanes): Wat[] {
  const library = [...productFunctions(lanes), packFunction(lanes), ...rowFunctions(lanes), storeUpToFunction(lanes)];
  const functions = new Map(library.map((code) => [code.find((part) => part[0] === 'func')![1] as string, code]));
  const called = new Set<string>();
  const visit = (node: Wat): void => {
    if (typeof node === 'string') return;
    const name = node[0] === 'call' ? (node[1] as string) : '';
    if (functions.has(name) && !called.has(name)) {
      called.add(name);
      for (const part of functions.get(name)!) visit(part);
    }
    for (const part of node) visit(part);
  };
  for (const part of own) visit(part);
  return [...own, ...[...functions].flatMap(([name, code]) => (called.has(name) ? code : []))];
}
