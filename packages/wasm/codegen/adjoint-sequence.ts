import { adjointScratch } from './adjoint-memory.ts';
import { type AdjointPlan, rowOperands } from './adjoint-plan.ts';
import { sumStatements } from './adjoint-sums.ts';
import { CHUNK_ROWS, withPointers } from './memory.ts';
import {
  above,
  add,
  advance,
  below,
  call,
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

/** The loop over time, and what comes after it. */
export function pullBackFunction(plan: AdjointPlan): Wat[] {
  const { dimensions, incoming, weights } = plan.layout;
  const { after } = plan.program.adjoint;
  const comment =
    'A recorded sequence of `rows` rows backwards: step t is `batch_sizes[t]` (i32) of them. With `reverse` = 1 it was run\n' +
    "from the last step to the first. Overwrites the last states' adjoints with those of the initial ones, writes those of\n" +
    'the inputs, and the gradients of the parameters.';
  return define(
    {
      name: 'pull_back',
      comment,
      parameters: [
        ...dimensions,
        'weights',
        'scratch',
        'batch_sizes',
        'steps',
        'rows',
        'reverse',
        ...plan.sequences,
        ...incoming,
        ...plan.tensors,
      ],
      exported: true,
    },
    [
      ';; The first step of a packed sequence is its largest.',
      set('batch', ['i32.load', get('batch_sizes')]),
      ...withPointers(adjointScratch(plan), 'scratch', [
        ...steps(plan),
        ...(after.length > 0 ? chunks(plan) : []),
        ...withPointers(weights, 'weights', sumStatements(plan)),
      ]),
    ],
  );
}

function steps(plan: AdjointPlan): Wat[] {
  const index: Wat = ['select', get('t'), sub(sub(get('steps'), get('t')), i32(1)), get('reverse')];
  return [
    set('row', mul(get('rows'), ['i32.eqz', get('reverse')])),
    set('t', i32(0)),
    repeat(
      'next_step',
      [
        set('batch', ['i32.load', add(get('batch_sizes'), mul(index, 4))]),
        when(['i32.eqz', get('reverse')], [set('row', sub(get('row'), get('batch')))]),
        call('step_back', ...rowOperands(plan, 'step'), get('batch'), ...plan.layout.incoming.map(get)),
        when(get('reverse'), [advance('row', get('batch'))]),
        advance('t', 1),
      ],
      above(get('steps'), get('t')),
    ),
  ];
}

function chunks(plan: AdjointPlan): Wat[] {
  return [
    set('row', i32(0)),
    repeat(
      'next_chunk',
      [
        set('batch', min(sub(get('rows'), get('row')), i32(CHUNK_ROWS))),
        call('after_steps', ...rowOperands(plan, 'chunk'), get('batch')),
        advance('row', get('batch')),
      ],
      below(get('row'), get('rows')),
    ),
  ];
}
