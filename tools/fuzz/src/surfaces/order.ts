import * as fc from 'fast-check';
import type { Backend, Method, Thing } from '../backends.ts';
import { settled } from '../engine/outcome.ts';
import { ACCEPTED, type Say, type Surface, surface } from '../engine/surface.ts';
import { anyBackend, backends } from './any-backend.ts';
import { textOf } from './results.ts';

/** A call on one of two layers; `value` decides what it is given, and whether that is wrong. */
interface Action {
  readonly on: 0 | 1;
  readonly call: keyof typeof CALLS;
  readonly value: number;
  readonly wrong: boolean;
}

interface Input {
  readonly backend: string;
  readonly kind: 'GRU' | 'LSTM' | 'RNN';
  readonly dropout: boolean;
  readonly actions: readonly Action[];
}

/** A layer with what was made of it. */
class Subject {
  readonly layer: Thing;
  streams: Thing[] = [];
  pullbacks: Method[] = [];

  constructor(layer: Thing) {
    this.layer = layer;
  }
}

const tensor = (value: number, ...shape: readonly number[]): object => ({
  data: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) =>
    Math.sin(i + value),
  ),
  shape,
});

const width = (wrong: boolean): number => (wrong ? 5 : 2);
const any = <T>(list: readonly T[], value: number): T | undefined => list[value % list.length];

/** Calls a method of one of several, where there is one. */
const onAny = (list: readonly Thing[], value: number, name: string, ...args: readonly unknown[]): unknown =>
  list.length === 0 ? undefined : any(list, value)![name]!(...args);

/** What is called, by name. Of what is not there yet nothing is called. */
const CALLS = {
  forward: ({ layer }: Subject, value: number, wrong: boolean) =>
    layer['forward']!(tensor(value, 1 + (value % 4), 1 + (value % 3), width(wrong))),
  vjp: async (subject: Subject, value: number, wrong: boolean) => {
    const found = (await subject.layer['vjp']!(tensor(value, 2, 2, width(wrong)))) as { pullback: Method };
    subject.pullbacks.push(found.pullback);
    return found;
  },
  pullback: ({ pullbacks }: Subject, value: number, wrong: boolean) =>
    any(pullbacks, value)?.({ output: tensor(value, 2, 2, wrong ? 7 : 3) }),
  load: async ({ layer }: Subject, value: number, wrong: boolean) => {
    const dict = layer['stateDict']!() as Record<string, { data: Float32Array }>;
    const [first, last] = [Object.keys(dict)[0]!, Object.keys(dict).at(-1)!];
    dict[first]!.data.fill(Math.sin(value));
    return layer['loadStateDict']!(wrong ? { ...dict, [last]: tensor(value, 1) } : dict);
  },
  stateDict: ({ layer }: Subject) => layer['stateDict']!(),
  train: ({ layer }: Subject) => void layer['train']!(),
  eval: ({ layer }: Subject) => void layer['eval']!(),
  stream: async (subject: Subject, _: number, wrong: boolean) => {
    subject.streams.push((await subject.layer['stream']!({ batchSize: wrong ? 0 : 1 })) as Thing);
  },
  step: ({ streams }: Subject, value: number, wrong: boolean) =>
    onAny(
      streams,
      value,
      'step',
      Float32Array.from({ length: width(wrong) }, (_, i) => Math.sin(i + value)),
    ),
  state: ({ streams }: Subject, value: number) =>
    (any(streams, value) as { readonly state?: unknown } | undefined)?.state,
  reset: ({ streams }: Subject, value: number, wrong: boolean) =>
    onAny(streams, value, 'reset', wrong ? tensor(value, 9) : undefined),
  closeStream: ({ streams }: Subject, value: number) => onAny(streams, value, 'dispose'),
  dispose: ({ layer }: Subject) => layer['dispose']!(),
} satisfies Record<string, (subject: Subject, value: number, wrong: boolean) => unknown>;

const names = Object.keys(CALLS) as (keyof typeof CALLS)[];
const lasting = names.filter((name) => name !== 'dispose');

const action: fc.Arbitrary<Action> = fc.record({
  on: fc.constantFrom(0, 1),
  call: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...lasting) }, fc.constant('dispose')),
  value: fc.nat(99),
  wrong: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
});

const inputs: fc.Arbitrary<Input> = fc.record({
  backend: anyBackend,
  kind: fc.constantFrom('GRU', 'LSTM', 'RNN'),
  dropout: fc.boolean(),
  actions: fc.array(action, { minLength: 1, maxLength: 30, size: 'max' }),
});

async function open({ classes, options }: Backend, { kind, dropout }: Input, seed: number): Promise<Subject> {
  const own = { inputSize: 2, hiddenSize: 3, numLayers: 2, dropout: dropout ? 0.4 : 0, seed };
  return new Subject((await classes[kind]!['create']!({ ...own, ...options })) as Thing);
}

/**
 * Two layers, and calls on them in any order, some of them wrong; then each layer once more from the start, alone, with the
 * calls that were right. All results have the same bits: no layer knows of the other, and none of a call that failed.
 */
async function check(input: Input, say: Say): Promise<void> {
  const backend = backends.get(input.backend)!;
  const subjects = [await open(backend, input, 1), await open(backend, input, 2)] as const;
  const right: { action: Action; text: string }[] = [];
  for (const action of input.actions) {
    const { value, refused } = await settled(() => run(subjects[action.on], action));
    if (refused === undefined) right.push({ action, text: textOf(value) });
    say(refused ?? ACCEPTED);
  }
  for (const on of [0, 1] as const) {
    const twin = await open(backend, input, on + 1);
    for (const { action, text } of right.filter((each) => each.action.on === on)) {
      const again = textOf(await run(twin, action));
      if (again !== text)
        throw new Error(`${action.call} gives ${text} beside another layer and after errors, ${again} alone`);
    }
    await twin.layer['dispose']!();
    await subjects[on].layer['dispose']!();
  }
}

const run = (subject: Subject, { call, value, wrong }: Action): unknown => CALLS[call](subject, value, wrong);

export const order: Surface = surface('order', inputs, check, { frozen: true });
