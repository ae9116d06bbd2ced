import { type Declaration, type Plan, type Plans, withoutRecording } from '@congruent/codegen';
import { functionOf, type Helper, typed, wordsOf } from './code.ts';
import type { Element } from './element.ts';
import { calledFunction, helpers } from './kernels.ts';
import { makeResiduals, memoryOf, memoryParameters, residualsOf, type Setting } from './memory.ts';
import { Phases, vectors } from './phases.ts';

const SEQUENCE = [...typed('readonly number[]', 'batchSizes'), ...typed('boolean', 'reverse')];

/** What a module exports: the functions of `HostKernels` and `BackwardKernels`, with arrays for buffers. */
const KERNELS = 'prepare, scratch, run, stepper, residuals, record, prepareBackward, backwardScratch, pullBack';

/** The module of one cell for one element type. */
export function moduleOf(plans: Plans, element: Element): Declaration[] {
  const { forward, backward, functions, lengths } = plans;
  const tensors = forward.tensors.map(({ name }) => `${name}: Vector`).join(', ');
  const dimensions = [...lengths.keys()].map((name) => `'${name}'`).join(' | ') || 'never';
  const setting = { ...element, lengths };
  const declarations = [
    makeResiduals(forward, setting),
    ...forwardFunctions(forward, setting),
    ...backwardFunctions(backward, setting),
    ...functions.map((called) => calledFunction(called, element)),
  ];
  return [
    { kind: 'import', names: ['Kernels'], from: '@congruent/scalar/define', typeOnly: true },
    { kind: 'type', name: 'Dimensions', type: `Readonly<Record<${dimensions}, number>>` },
    { kind: 'type', name: 'Vector', type: element.array },
    { kind: 'type', name: 'Tensors', type: `readonly [${tensors}]` },
    { kind: 'constant', name: 'kernels', exported: true, type: 'Kernels', value: [`{ ${KERNELS} }`] },
    ...declarations,
    ...usedBy(declarations, helpers(element)),
  ];
}

/** The helpers that code calls, or that those call. */
function usedBy(code: readonly Declaration[], all: readonly Helper[]): readonly Helper[] {
  const used: Helper[] = [];
  for (const helper of all.toReversed()) {
    if (wordsOf([...code, ...used]).has(helper.name)) used.unshift(helper);
  }
  return used;
}

function forwardFunctions(plan: Plan, setting: Setting): readonly Declaration[] {
  const phases = new Phases(plan, setting);
  const memory = memoryParameters(plan);
  const calls = phases.calls(withoutRecording(plan).phases, { rows: 'eachRow', steps: 'step' });
  const recording = phases.calls(plan.phases, { rows: 'recordEachRow', steps: 'recordStep' });
  const operands = vectors([...plan.inputs, ...plan.carries, ...plan.outputs]);
  const over = [...memory, ...SEQUENCE, ...operands];
  const whole = 'The whole sequence: overwrites the states with the last ones, writes the outputs.';
  const stepped = [...memory, ...typed('number', 'batch'), ...operands];
  const step = ['return () => {', calls.map(({ text }) => `${text('0', 'batch')};`), '};'];
  const recorded = [...over, ...typed('Vector', residualsOf(plan).name)];
  const functions = [
    ...phases.declarations,
    functionOf(whole, 'run', over, 'void', phases.overSequence(calls)),
    functionOf('A step of `batch` rows over these operands.', 'stepper', stepped, '() => void', step),
    functionOf('As `run`, and writes the residuals.', 'record', recorded, 'void', phases.overSequence(recording)),
  ];
  return [...memoryOf(plan, setting, functions), ...functions];
}

function backwardFunctions(plan: Plan, setting: Setting): readonly Declaration[] {
  const phases = new Phases(plan, setting);
  const { inputs, outputs, carries, gradients } = plan;
  const calls = phases.calls(plan.phases, { rows: 'eachRowBack', steps: 'stepBack' });
  const operands = vectors([...inputs, ...outputs, ...carries, ...gradients]);
  const doc =
    "The whole sequence backwards: writes the adjoints of inputs and tensors, overwrites the states' with the first ones.";
  const parameters = [...memoryParameters(plan), ...typed('Vector', residualsOf(plan).name), ...SEQUENCE, ...operands];
  const code = phases.overSequence([...calls, ...phases.finish('sumGradients')]);
  const functions = [...phases.declarations, functionOf(doc, 'pullBack', parameters, 'void', code)];
  return [...memoryOf(plan, setting, functions), ...functions];
}
