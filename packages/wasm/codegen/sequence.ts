import type { Buffer, Plan } from '@congruent/codegen';
import { inI32, scaled } from './extent.ts';
import { CAPACITY, scratchPieces, weightPieces, withPointers } from './memory.ts';
import type { PhaseFunction } from './phases.ts';
import { stagesOnce, type Target } from './stages.ts';
import {
  above,
  add,
  advance,
  and,
  below,
  define,
  get,
  i32,
  min,
  mul,
  repeat,
  set,
  sub,
  type Wat,
  when,
} from './wat.ts';

/** The buffers that a caller gives, in this order; what is recorded comes last, as some cells record nothing. */
function operandsOf({ direction, inputs, carries, outputs, residuals, gradients }: Plan): readonly string[] {
  const given = direction === 'forwards' ? [...carries, ...outputs] : [...outputs, ...carries, ...gradients];
  return [...inputs, ...given, ...(residuals ? [residuals] : [])].map(({ name }) => name);
}

/** One step on its own: every phase once, for its rows. */
export function stepFunction(plan: Plan, phases: readonly PhaseFunction[], { lanes }: Target): Wat[] {
  const calls = phases.map((phase) => phase.call(({ name }) => get(name), get('batch')));
  return define(
    {
      name: 'step',
      comment: 'One step of `batch` rows, all of it: for streams. Overwrites the states.',
      parameters: [...plan.dimensions, 'weights', 'scratch', 'batch', ...operandsOf(plan)],
      exported: true,
    },
    withPointers(scratchPieces(plan, lanes, 'batch', 'batch'), 'scratch', calls),
  );
}

/** All phases of a sequence, exported as `name`, and what comes after them. */
export function sequenceFunction(name: string, plan: Plan, phases: readonly PhaseFunction[], target: Target): Wat[] {
  const { lanes } = target;
  const backwards = plan.direction === 'backwards';
  const comment =
    'A sequence of `rows` rows: step t is `batch_sizes[t]` (i32) of them. With `reverse` = 1 the forward pass runs from the\n' +
    'last step to the first, and the backward pass the other way round. Overwrites the states, or their adjoints.';
  const finish = withPointers(weightPieces(plan, lanes), 'weights', stagesOnce(plan.finish, target));
  const loops = groupsOf(phases).flatMap((group) => loopOf(group, target));
  return define(
    {
      name,
      comment,
      parameters: [
        ...plan.dimensions,
        'weights',
        'scratch',
        'batch_sizes',
        'steps',
        'rows',
        'reverse',
        ...operandsOf(plan),
      ],
      exported: true,
    },
    [
      ...(backwards ? [set('reverse', ['i32.eqz', get('reverse')])] : []),
      ';; The first step of a packed sequence is its largest.',
      set('batch', sizeAt(i32(0))),
      set('capacity', inI32(CAPACITY)),
      ...withPointers(scratchPieces(plan, lanes, 'capacity'), 'scratch', [...loops, ...finish]),
    ],
  );
}

/** Phases of one loop: one for the rows of a chunk, and steps that read them while they are in the cache. */
interface Group {
  readonly rows?: PhaseFunction;
  readonly steps?: PhaseFunction;
}

/** Every loop over time, with the phase for rows that stands before it; other phases for rows alone. */
function groupsOf(phases: readonly PhaseFunction[]): readonly Group[] {
  return phases.flatMap((phase, index): readonly Group[] => {
    const [before, after] = [phases[index - 1], phases[index + 1]];
    if (phase.kind === 'steps') return [before?.kind === 'rows' ? { rows: before, steps: phase } : { steps: phase }];
    return after?.kind === 'steps' ? [] : [{ rows: phase }];
  });
}

function loopOf({ rows, steps }: Group, target: Target): Wat[] {
  const ofChunk = rows ? [rows.call((buffer) => rowOf(buffer, 'chunk', target), get('in_chunk'))] : [];
  if (!steps) {
    const size = set('in_chunk', min(sub(get('rows'), get('chunk')), get('capacity')));
    const chunk = [size, ...ofChunk, advance('chunk', get('in_chunk'))];
    return [set('chunk', i32(0)), repeat('chunks', chunk, below(get('chunk'), get('rows')))];
  }
  const start = [set('row', mul(get('rows'), get('reverse'))), set('t', i32(0))];
  const loop = repeat('next_step', stepOf(steps, target), above(get('end'), get('t')));
  if (!rows) return [...start, set('end', get('steps')), loop];
  return [...start, repeat('chunks', [...gather(), ...ofChunk, loop], above(get('steps'), get('t')))];
}

/** The next step. */
function stepOf(steps: PhaseFunction, target: Target): Wat[] {
  return [
    set('batch', sizeAfter(get('t'))),
    set('row', sub(get('row'), mul(get('batch'), get('reverse')))),
    steps.call((buffer) => rowOf(buffer, 'row', target), get('batch')),
    when(['i32.eqz', get('reverse')], [advance('row', get('batch'))]),
    advance('t', 1),
  ];
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

/** Where a buffer has the row that the local says, or the chunk the first of its rows. */
function rowOf({ name, rows, width }: Buffer, local: 'chunk' | 'row', { lanes }: Target): Wat {
  const rowsInFront = { one: undefined, step: undefined, chunk: sub(get('row'), get('chunk')), sequence: get(local) }[
    rows
  ];
  const isFirst = rowsInFront === undefined || (rows === 'chunk' && local === 'chunk');
  return isFirst ? get(name) : add(get(name), mul(rowsInFront, inI32(scaled(width, lanes.bytes))));
}
