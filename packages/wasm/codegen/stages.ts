import type { Stage } from '@congruent/codegen';
import { elementwise } from './elementwise.ts';
import { inI32, product } from './extent.ts';
import { addressOf, copyStage, keepingStage, type Place } from './layout.ts';
import { withPointers } from './memory.ts';
import { vectorsIn } from './panels.ts';
import type { Plan } from './plan.ts';
import { call, define, get, i32, type Wat } from './wat.ts';

/** What needs no state. */
export function beforeFunction(plan: Plan): Wat[] {
  return define(
    {
      name: 'before',
      comment: 'Everything that does not need the state, for `rows` rows.',
      parameters: [...plan.layout.dimensions, 'weights', ...plan.chunkArrays, 'rows', ...plan.inputs, ...plan.trace],
    },
    withPointers(
      plan.layout.weights,
      'weights',
      plan.program.schedule.before.flatMap((stage) => stageOf(plan, stage, 'rows', new Map())),
    ),
  );
}

/** What needs the state. */
export function advanceFunction(plan: Plan): Wat[] {
  const { dimensions, commits, places } = plan.layout;
  const [state] = plan.program.schedule.cell.states;
  const output: Place = { pointer: 'output', start: 0, stride: product(plan.lanes.bytes, ...state!.shape) };
  // In `step` the output is the state itself, so it is written when the state may be.
  const copies = new Map([[`${state!.name}${commits.has(state!.name) ? '.next' : "'"}`, [output]]]);
  const committed = [...commits].flatMap(([name, next]) => {
    const { shape } = plan.program.schedule.cell.states.find((each) => each.name === name)!;
    return elementwise(copyStage(`${name}.next`, next, shape), {
      lanes: plan.lanes,
      functions: [],
      places: new Map([...places, [`${name}.next`, places.get(name)!]]),
      copies,
      rows: 'batch',
    });
  });
  return define(
    {
      name: 'advance',
      comment: `One step of \`batch\` rows: overwrites the state${plan.states.length > 1 ? 's' : ''}; the next ${state!.name} also goes to \`output\`.`,
      parameters: [
        ...dimensions,
        'weights',
        ...plan.scratchArrays,
        'batch',
        ...plan.carriedInputs,
        ...plan.trace,
        ...plan.states,
        'output',
      ],
    },
    withPointers(plan.layout.weights, 'weights', [
      ...plan.program.schedule.step.flatMap((stage) => stageOf(plan, stage, 'batch', copies)),
      ...committed,
    ]),
  );
}

/** A stage for so many rows. */
function stageOf(plan: Plan, stage: Stage, rows: string, copies: ReadonlyMap<string, readonly Place[]>): Wat[] {
  const { products, places } = plan.layout;
  if (stage.kind === 'elementwise') {
    const loop = { lanes: plan.lanes, functions: plan.functions, places, copies, rows };
    return elementwise(keepingStage(stage), loop);
  }
  const { matrix, bias, result, rowBytes, columns } = products.get(stage)!;
  const operand = places.get(stage.operand.name)!;
  const list = (names: readonly string[]): string => (names.length > 1 ? `[${names.join('; ')}]` : `${names[0]}`);
  const biases = bias ? ` + ${list(stage.blocks.map((block) => block.bias!.name))}` : '';
  const names = list(stage.blocks.map(({ name }) => name));
  return [
    `;; ${names} = ${list(stage.blocks.map((block) => block.matrix.name))} @ ${stage.operand.name}${biases}`,
    call(
      'product',
      get(matrix),
      vectorsIn(inI32(rowBytes)),
      get(columns),
      addressOf(operand),
      inI32(operand.stride),
      get(rows),
      get(result),
      bias ? get(bias) : i32(0),
      i32(0),
    ),
  ];
}
