import type { Plan } from '@congruent/codegen';
import { type Layout, pagesUpTo, type Region } from './export-layout.ts';
import { linked } from './modules.ts';
import { stagesOfRows, type Target } from './stages.ts';
import {
  add,
  advance,
  and,
  atLeast,
  below,
  call,
  define,
  get,
  i32,
  loopWhile,
  repeat,
  set,
  shr,
  sub,
  type Wat,
  when,
  withNumbers,
} from './wat.ts';

const PAGE_SHIFT = 16;

/** A model as a module without imports, every address a number; the weights are to be in its memory. */
export function exportModule(plan: Plan, layout: Layout, target: Target): Wat {
  const { input, output, initial, end } = layout;
  const own = [
    ...addressFunction('input', 'Where a step reads its inputs.', input),
    ...addressFunction('output', 'Where a step writes its outputs.', output),
    ...resetFunction(layout, target),
    ...stepFunction(plan, layout, target),
    ...copyFunction(target),
    ...runFunction(layout),
    ...allocFunction(),
  ];
  return [
    'module',
    ['memory', ['export', '"memory"'], `${pagesUpTo(end)}`],
    ['global', '$top', ['mut', 'i32'], i32(end)],
    // Memory begins with zeros, so that only others have to be put there.
    ...(isEmpty(initial) ? [] : [['start', '$reset']]),
    ...linked(own, target.lanes),
  ];
}

const addressFunction = (name: string, comment: string, { at }: Region): Wat[] =>
  define({ name, comment, parameters: [], result: 'i32', exported: true }, [i32(at)]);

const isEmpty = ({ at, end }: Region): boolean => at === end;

/** Makes the states what they are before the first step. */
function resetFunction({ states, initial }: Layout, { lanes }: Target): Wat[] {
  const { at, end } = states;
  const signature = { name: 'reset', parameters: [], exported: true };
  if (!isEmpty(initial)) {
    const copy = call('copy', i32(initial.at), i32(at), i32(end - at));
    return define({ ...signature, comment: 'The initial states.' }, [copy]);
  }
  const store: Wat = [lanes.store, get('at'), lanes.constant(0)];
  const zeros = [store, advance('at', lanes.vectorBytes)];
  const body = isEmpty(states) ? [] : [set('at', i32(at)), repeat('zeros', zeros, below(get('at'), i32(end)))];
  return define({ ...signature, comment: 'Zeros for all states.' }, body);
}

/** All phases once, for one row. */
function stepFunction(plan: Plan, { addresses }: Layout, target: Target): Wat[] {
  const code = plan.phases.flatMap(({ stages }) => stagesOfRows(stages, undefined, target));
  const body = code.map((node) => withNumbers(node, addresses));
  return define({ name: 'step', comment: 'One step: overwrites the states.', parameters: [], exported: true }, body);
}

/** Copies so many bytes, a multiple of 4; of `memory.copy` the engines that have no vectors know nothing. */
function copyFunction({ lanes }: Target): Wat[] {
  const move = (store: string, load: string, bytes: number): Wat =>
    loopWhile(`by_${bytes}`, atLeast(get('bytes'), bytes), [
      [store, get('to'), [load, get('from')]],
      advance('to', bytes),
      advance('from', bytes),
      set('bytes', sub(get('bytes'), i32(bytes))),
    ]);
  const comment = 'Copies `bytes` bytes, a multiple of 4, and touches no others.';
  return define({ name: 'copy', comment, parameters: ['from', 'to', 'bytes'] }, [
    ...(lanes.vectorBytes > 4 ? [move(lanes.store, lanes.load, lanes.vectorBytes)] : []),
    move('i32.store', 'i32.load', 4),
  ]);
}

function runFunction({ input, output }: Layout): Wat[] {
  const [inputs, outputs] = [input.end - input.at, output.end - output.at];
  const comment =
    'Steps from the current states on: rows of inputs at x to rows of outputs at y, each row without gaps. Rows of y may\n' +
    'lie where those of x do, as each is read before it is written.';
  return define({ name: 'run', comment, parameters: ['steps', 'x', 'y'], exported: true }, [
    loopWhile(
      'next',
      ['i32.gt_s', get('steps'), i32(0)],
      [
        call('copy', get('x'), i32(input.at), i32(inputs)),
        call('step'),
        call('copy', i32(output.at), get('y'), i32(outputs)),
        advance('x', inputs),
        advance('y', outputs),
        set('steps', sub(get('steps'), i32(1))),
      ],
    ),
  ]);
}

/** Memory from the end of what is in use. */
function allocFunction(): Wat[] {
  const top: Wat = ['global.get', '$top'];
  const comment =
    'The address of so many bytes, a multiple of 16, of which nobody else knows; the memory grows where it must. Traps where\n' +
    'the engine gives no more. What was given stays given.';
  return define({ name: 'alloc', comment, parameters: ['bytes'], result: 'i32', exported: true }, [
    set('end', and(add(add(top, get('bytes')), 15), -16)),
    when(['i32.or', ['i32.lt_s', get('bytes'), i32(0)], below(get('end'), top)], [['unreachable']]),
    set('missing', sub(add(shr(sub(get('end'), i32(1)), PAGE_SHIFT), 1), ['memory.size'])),
    when(
      ['i32.gt_s', get('missing'), i32(0)],
      [when(['i32.eq', ['memory.grow', get('missing')], i32(-1)], [['unreachable']])],
    ),
    set('at', top),
    ['global.set', '$top', get('end')],
    get('at'),
  ]);
}
