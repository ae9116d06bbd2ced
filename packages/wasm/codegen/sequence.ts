import { inI32, product } from './extent.ts';
import type { ScratchArray } from './layout.ts';
import { chunkRows, scratchPieces, withPointers } from './memory.ts';
import { advanceOperands, beforeOperands, type Plan } from './plan.ts';
import { above, add, advance, and, call, define, get, i32, mul, repeat, set, sub, type Wat, when } from './wat.ts';

/** One step on its own. */
export function stepFunction(plan: Plan): Wat[] {
  const { dimensions } = plan.layout;
  const rows = 'batch';
  return define(
    {
      name: 'step',
      comment: 'One step of `batch` rows, all of it: for streams. Overwrites the state.',
      parameters: [...dimensions, 'weights', 'scratch', 'batch', ...plan.inputs, ...plan.states],
      exported: true,
    },
    [
      ...withPointers(scratchPieces(plan, rows), 'scratch', [
        call('before', ...beforeOperands(plan), get(rows), ...plan.inputs.map(get)),
        call(
          'advance',
          ...advanceOperands(plan),
          get('batch'),
          ...plan.carriedInputs.map(get),
          ...plan.states.map(get),
          get(plan.states[0]!),
        ),
      ]),
    ],
  );
}

/** The loop over time, exported as `name`; one that records also takes the address of the trace. */
export function runFunction(plan: Plan, name: string): Wat[] {
  const [state] = plan.program.schedule.cell.states;
  return define(
    {
      name,
      comment:
        'A sequence of `rows` rows: step t is `batch_sizes[t]` (i32) of them. With `reverse` = 1 from the last step to the\n' +
        `first. Overwrites the states with the last ones; row r of \`output\` is the ${state!.name} after row r.`,
      parameters: [
        ...plan.layout.dimensions,
        'weights',
        'scratch',
        'batch_sizes',
        'steps',
        'rows',
        'reverse',
        ...plan.inputs,
        ...plan.states,
        'output',
        ...plan.trace,
      ],
      exported: true,
    },
    [
      ';; The first step of a packed sequence is its largest.',
      set('batch', sizeAt(i32(0))),
      set('capacity', inI32(chunkRows('rows'))),
      ...withPointers(scratchPieces(plan, 'capacity'), 'scratch', [
        set('row', mul(get('rows'), get('reverse'))),
        set('t', i32(0)),
        repeat('chunks', [...gather(), beforeSteps(plan), advanceSteps(plan)], above(get('steps'), get('t'))),
      ]),
    ],
  );
}

/** The rows of the step at this index. */
const sizeAt = (index: Wat): Wat => ['i32.load', add(get('batch_sizes'), mul(index, 4))];

/** The rows of the step that is so many steps after the first one to be taken. */
const sizeAfter = (steps: Wat): Wat => sizeAt(['select', sub(sub(get('steps'), steps), i32(1)), steps, get('reverse')]);

/** The next chunk: its rows, its first row, and the step that is its end. */
function gather(): Wat[] {
  const more = above(get('steps'), get('end'));
  // Behind the end of the list the index is one that exists.
  const next = sizeAfter(['select', get('end'), i32(0), more]);
  return [
    ';; As many steps as fit the chunk, at least one.',
    set('in_chunk', i32(0)),
    set('end', get('t')),
    repeat(
      'gather',
      [advance('in_chunk', sizeAfter(get('end'))), advance('end', 1)],
      and(more, ['i32.le_u', add(get('in_chunk'), next), get('capacity')]),
    ),
    set('chunk', sub(get('row'), mul(get('in_chunk'), get('reverse')))),
  ];
}

/** What needs no state, for the chunk. */
const beforeSteps = (plan: Plan): Wat =>
  call('before', ...beforeOperands(plan), get('in_chunk'), ...rowsFrom(plan, [...plan.inputs, ...plan.trace], 'chunk'));

/** The steps of the chunk. */
function advanceSteps(plan: Plan): Wat {
  const { dimensions, scratch } = plan.layout;
  const [state] = plan.program.schedule.cell.states;
  const stateBytes = product(plan.lanes.bytes, ...state!.shape);
  const scratchOf = ({ name, rowBytes, per }: ScratchArray): Wat =>
    per === 'chunk' ? add(get(name), mul(sub(get('row'), get('chunk')), inI32(rowBytes))) : get(name);
  return repeat(
    'next_step',
    [
      set('batch', sizeAfter(get('t'))),
      set('row', sub(get('row'), mul(get('batch'), get('reverse')))),
      call(
        'advance',
        ...dimensions.map(get),
        get('weights'),
        ...scratch.map(scratchOf),
        get('batch'),
        ...rowsFrom(plan, [...plan.carriedInputs, ...plan.trace], 'row'),
        ...plan.states.map(get),
        add(get('output'), mul(get('row'), inI32(stateBytes))),
      ),
      when(['i32.eqz', get('reverse')], [advance('row', get('batch'))]),
      advance('t', 1),
    ],
    above(get('end'), get('t')),
  );
}

/** The addresses of a row of these arrays; `row` is the local with its index. */
function rowsFrom({ layout }: Plan, arrays: readonly string[], row: string): Wat[] {
  const strides = new Map([...layout.places.values()].map(({ pointer, stride }) => [pointer, stride]));
  return arrays.map((array) => add(get(array), mul(get(row), inI32(strides.get(array)!))));
}
