import { type Extent, inI32, product } from './extent.ts';
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
  const { dimensions, scratch, places } = plan.layout;
  const [state] = plan.program.schedule.cell.states;
  const stateBytes = product(plan.lanes.bytes, ...state!.shape);
  const strides = new Map([...places.values()].map(({ pointer, stride }) => [pointer, stride]));
  const rowOf = (array: string): Wat => inI32(strides.get(array)!);
  const sizeAt = (index: Wat): Wat => ['i32.load', add(get('batch_sizes'), mul(index, 4))];
  const ahead = (count: Wat): Wat => sizeAt(['select', sub(sub(get('steps'), count), i32(1)), count, get('reverse')]);
  const taken = (array: { readonly name: string; readonly rowBytes: Extent; readonly per: string }): Wat =>
    array.per === 'chunk'
      ? add(get(array.name), mul(sub(get('row'), get('chunk')), inI32(array.rowBytes)))
      : get(array.name);
  return define(
    {
      name,
      comment:
        'A sequence of `rows` rows: step t is `batch_sizes[t]` (i32) of them. With `reverse` = 1 from the last step to the\n' +
        `first. Overwrites the states with the last ones; row r of \`output\` is the ${state!.name} after row r.`,
      parameters: [
        ...dimensions,
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
        repeat(
          'chunks',
          [
            ';; As many steps as fit the chunk, at least one.',
            set('in_chunk', i32(0)),
            set('end', get('t')),
            repeat(
              'gather',
              [advance('in_chunk', ahead(get('end'))), advance('end', 1)],
              and(
                above(get('steps'), get('end')),
                // behind the end of the list the index is one that exists
                [
                  'i32.le_u',
                  add(get('in_chunk'), ahead(['select', get('end'), i32(0), above(get('steps'), get('end'))])),
                  get('capacity'),
                ],
              ),
            ),
            set('chunk', sub(get('row'), mul(get('in_chunk'), get('reverse')))),
            call(
              'before',
              ...beforeOperands(plan),
              get('in_chunk'),
              ...[...plan.inputs, ...plan.trace].map((array) => add(get(array), mul(get('chunk'), rowOf(array)))),
            ),
            repeat(
              'next_step',
              [
                set('batch', ahead(get('t'))),
                set('row', sub(get('row'), mul(get('batch'), get('reverse')))),
                call(
                  'advance',
                  ...dimensions.map(get),
                  get('weights'),
                  ...scratch.map(taken),
                  get('batch'),
                  ...[...plan.carriedInputs, ...plan.trace].map((array) =>
                    add(get(array), mul(get('row'), rowOf(array))),
                  ),
                  ...plan.states.map(get),
                  add(get('output'), mul(get('row'), inI32(stateBytes))),
                ),
                when(['i32.eqz', get('reverse')], [advance('row', get('batch'))]),
                advance('t', 1),
              ],
              above(get('end'), get('t')),
            ),
          ],
          above(get('steps'), get('t')),
        ),
      ]),
    ],
  );
}
