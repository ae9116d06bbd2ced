import { definitionsOf, type ProductStage, type Program, type Schedule, type Stage } from '@congruent/codegen';
import { equation, fused, type Kernel, kernelOf } from './fused.ts';
import { type Place, type Places, placesOf, rowsOf, stackOf } from './places.ts';
import { Writer } from './writer.ts';

/** The kernels before the loop over time: one for each product and for each other value that is kept. */
export function beforeKernels({ schedule }: Program): Kernel[] {
  const { before } = schedule;
  const places = placesOf(schedule);
  return before.flatMap((stage) =>
    stage.kind === 'product'
      ? [hoistedProduct(stage, before, places)]
      : stage.stores.map((name) => fused({ names: [name], stages: [stage], places, rows: 'row' })),
  );
}

/** The kernels of a step: one for each next state, and for each other value that a product needs as a whole. */
export function stepKernels({ schedule }: Program): Kernel[] {
  const { step, cell } = schedule;
  const places = placesOf(schedule);
  const states = new Map(cell.states.map(({ name }) => [`${name}'`, places.get(name)!]));
  const operands = operandsOf(schedule);
  const whole = definitionsOf(step).filter(({ name }) => states.has(name) || operands.includes(name));
  return whole.map(({ name, value }) => {
    const kernel = fused({ names: [name], stages: step, places, rows: 'first + row', past: states.get(name) });
    places.set(name, { plane: kernel.result, rows: 'step', offset: [], shape: value.shape });
    return kernel;
  });
}

/** What the products of a step multiply. */
export const operandsOf = ({ step }: Schedule): readonly string[] =>
  step.flatMap((stage) => (stage.kind === 'product' ? [stage.operand.name] : []));

/** All rows of a stacked matrix times the rows of all steps. */
export function hoistedProduct(stage: ProductStage, stages: readonly Stage[], places: Places): Kernel {
  const stack = stackOf(stage, stages);
  const writer = new Writer(places, 'row');
  writer.sums([{ name: 'sum', offset: [] }], stage, `W_${stack}`);
  const bias: Place = { plane: `b_${stack}`, rows: 'one', offset: [], shape: ['rows'] };
  writer.lines.push(`return sum${stage.biased ? ` + ${writer.element(bias)}` : ''};`);
  return kernelOf(`W${stack}`, equation(stage), rowsOf(stage), writer);
}
