import type { AdjointStage, TransposedStage } from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import { type AdjointPlan, rowParameters } from './adjoint-plan.ts';
import { elementwise } from './elementwise.ts';
import { inI32, product } from './extent.ts';
import { copyStage, type Place } from './layout.ts';
import { withPointers } from './memory.ts';
import { vectorsIn } from './panels.ts';
import { call, define, get, i32, type Wat } from './wat.ts';

/** One step backwards. */
export function stepBackFunction(plan: AdjointPlan): Wat[] {
  const { incoming, commits, places, weights } = plan.layout;
  const { step } = plan.program.adjoint;
  const committed = commits.flatMap(({ incoming: { name, shape }, outgoing }) =>
    copies(plan, outgoing.name, shape, [places.get(name)!]),
  );
  return define(
    {
      name: 'step_back',
      comment:
        'One step backwards of `batch` rows: overwrites the adjoints of the states after it with those before it.',
      parameters: [...rowParameters(plan, 'step'), 'batch', ...incoming],
    },
    withPointers(weights, 'weights', [...step.flatMap((stage) => stageOf(plan, stage)), ...committed]),
  );
}

/** What no step waits for. */
export function afterStepsFunction(plan: AdjointPlan): Wat[] {
  const { after } = plan.program.adjoint;
  if (after.length === 0) return [];
  return define(
    {
      name: 'after_steps',
      comment: 'What no step waits for, for `batch` rows.',
      parameters: [...rowParameters(plan, 'chunk'), 'batch'],
    },
    withPointers(
      plan.layout.weights,
      'weights',
      after.flatMap((stage) => stageOf(plan, stage)),
    ),
  );
}

function stageOf(plan: AdjointPlan, stage: AdjointStage): Wat[] {
  const { lanes, functions, layout } = plan;
  if (stage.kind === 'elementwise') {
    return elementwise(stage, { lanes, functions, places: layout.places, copies: layout.copies, rows: 'batch' });
  }
  const shape = stage.matrices[0]!.shape.slice(1);
  return [...transposedProduct(plan, stage), ...copies(plan, stage.name, shape, layout.copies.get(stage.name) ?? [])];
}

function transposedProduct({ lanes, layout }: AdjointPlan, stage: TransposedStage): Wat[] {
  const { matrix, stack, result, rowBytes, columns } = layout.products.get(stage)!;
  const list = (all: readonly { readonly name: string }[]): string => `[${all.map(({ name }) => name).join('; ')}]`;
  return [
    `;; ${stage.name} = ${list(stage.vectors)} @ ${list(stage.matrices)}`,
    call(
      'product',
      get(matrix),
      vectorsIn(inI32(rowBytes)),
      inI32(columns),
      get(stack),
      inI32(product(lanes.bytes, columns)),
      get('batch'),
      get(result),
      i32(0),
      i32(0),
    ),
  ];
}

/** Stores the rows of a value in more places. */
function copies(
  { lanes, functions, layout }: AdjointPlan,
  name: string,
  shape: Shape,
  [first, ...others]: readonly Place[],
): Wat[] {
  if (first === undefined) return [];
  const copy = `${name}.copy`;
  return elementwise(copyStage(copy, name, shape), {
    lanes,
    functions,
    places: new Map([...layout.places, [copy, first]]),
    copies: new Map([[copy, others]]),
    rows: 'batch',
  });
}
