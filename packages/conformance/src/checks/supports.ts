import { SIZES } from '../examples/samples.ts';
import { expect } from '../expect/expect.ts';
import type { Subject } from '../subject/subject.ts';
import { check, type KindCheck, type Outcome } from './check.ts';
import { expectRefusal } from './refusal.ts';

/** What a backend says of itself, where no other check asks, is so; and what it says it is not. Of the GRU. */
export const supportChecks: readonly KindCheck[] = [
  check(
    'options',
    "C31: math: 'relaxed' where backend.supports.relaxed, else refused with CONGRUENT_UNSUPPORTED, or CONGRUENT_OPTION where there is no such option",
    (subject) => expectRelaxed(subject),
  ),
  check('options', 'C32: numbers below 2^-126 are kept where backend.supports.subnormals, else kept or 0', (subject) =>
    expectSubnormals(subject),
  ),
];

async function expectRelaxed(subject: Subject): Promise<Outcome> {
  const { relaxed } = subject.backend.supports;
  const options = { ...SIZES, ...subject.options };
  const make = (math: string) => [
    () => subject.layerClass.create({ ...options, math } as typeof options),
    () => subject.cellClass.create({ ...options, math } as typeof options),
  ];
  const code = relaxed === undefined ? 'CONGRUENT_OPTION' : 'CONGRUENT_UNSUPPORTED';
  for (const attempt of make('relaxed')) {
    if (relaxed) (await attempt()).dispose();
    else await expectRefusal(subject, code, relaxed === undefined ? 'math' : 'relaxed', attempt);
  }
  if (relaxed === undefined) return 'refused';
  for (const attempt of make('exact')) (await attempt()).dispose();
  for (const attempt of make('quick')) await expectRefusal(subject, 'CONGRUENT_OPTION', 'math', attempt);
  return relaxed ? 'passed' : 'refused';
}

/** 2^-140, a number that only subnormals have room for. */
const TINY = 2 ** -140;

async function expectSubnormals(subject: Subject): Promise<Outcome> {
  const { subnormals } = subject.backend.supports;
  // With an update gate of 1 the state stays what it was; with 0 it is tanh(2^-70 · 2^-70).
  for (const [updateBias, h0, x] of [
    [1000, TINY, 0],
    [-1000, 0, 2 ** -70],
  ] as const) {
    using gru = await subject.createLayers({ inputSize: 1, hiddenSize: 1 });
    const weights = (...values: number[]) => subject.tensor(Float32Array.from(values), [3, 1]);
    gru.loadStateDict({
      weight_ih_l0: weights(0, 0, 2 ** -70),
      weight_hh_l0: weights(0, 0, 0),
      bias_ih_l0: subject.tensor(Float32Array.of(0, updateBias, 0)),
      bias_hh_l0: subject.tensor(new Float32Array(3)),
    });
    const one = (value: number) => subject.tensor(Float32Array.of(value), [1, 1]);
    const got = (await gru.forward(one(x), [one(h0)])).output.data[0]!;
    // 8 ulp, as of any result.
    const kept = Math.abs(got - TINY) <= 8 * 2 ** -149;
    const words = subnormals ? `${TINY}` : `${TINY} or 0`;
    expect(kept || (!subnormals && got === 0), `state from x ${x} and h0 ${h0}: got ${got}, expected ${words}`);
  }
  return subnormals ? 'passed' : 'refused';
}
