// In mode async, operations take effect in the order in which they were asked for.
import { describe, expect, test } from 'vitest';
import { defined } from './defined.ts';
import { expectCode } from './expect-code.ts';
import { linearBackend } from './linear-backend.ts';
import { ramp } from './reference.ts';

const [I, H, T, B] = [2, 3, 4, 3];
const small = { inputSize: I, hiddenSize: H, dtype: 'float64', seed: 1 } as const;
const input = ramp([T, B, I]);

describe('calls', () => {
  const { backend, probe } = linearBackend('async');
  const { GRU } = defined(backend);
  const options = { ...small, numLayers: 2 } as const;

  test('a state dict loaded while a call is under way is for later calls', async () => {
    const [gru, one, two] = [
      await GRU.create(options),
      await GRU.create(options),
      await GRU.create({ ...options, seed: 5 }),
    ];
    const first = gru.forward(input);
    gru.loadStateDict(two.stateDict());
    expect(gru.stateDict()).toEqual(two.stateDict());
    const second = gru.forward(input);
    expect(await first).toEqual(await one.forward(input));
    expect(await second).toEqual(await two.forward(input));
  });

  test('eval is for later calls', async () => {
    const [gru, twin] = [
      await GRU.create({ ...options, dropout: 0.5 }),
      await GRU.create({ ...options, dropout: 0.5 }),
    ];
    const first = gru.forward(input);
    gru.eval();
    expect(await first).toEqual(await twin.forward(input));
  });

  test('dispose waits for calls that are under way and refuses later ones', async () => {
    const gru = await GRU.create(options);
    const expected = await gru.forward(input);
    const engines = probe.engines;
    const replies = [gru.forward(input), gru.forward(input)];
    gru.dispose();
    expect(probe.engines).toBe(engines);
    await expectCode(() => gru.forward(input), 'CONGRUENT_DISPOSED');
    expect(await Promise.all(replies)).toEqual([expected, expected]);
    await Promise.resolve();
    expect(probe.engines).toBe(engines - 1);
    expect(probe.openCalls).toBe(0);
  });

  test('a call that fails does not hold up those after it', async () => {
    const gru = await GRU.create(options);
    const expected = await gru.forward(input);
    probe.fail = 'run';
    const [first, second] = await Promise.allSettled([gru.forward(input), gru.forward(input)]);
    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toEqual({ status: 'fulfilled', value: expected });
  });
});

describe('calls and pullbacks', () => {
  const { backend, probe } = linearBackend('async', { training: true });
  const { GRU } = defined(backend);
  /** What happened since, without downloads. */
  const happened = (): string[] => probe.log.splice(0).filter((name) => name !== 'download');

  test('calls, pullbacks, loads and releases, none of them awaited', async () => {
    const gru = await GRU.create(small);
    const { output, pullback } = await gru.vjp(input);
    happened();
    const replies = [gru.forward(input), pullback({ output }), gru.vjp(input)];
    gru.loadStateDict(gru.stateDict());
    const last = pullback({ output });
    pullback.dispose();
    await Promise.all([...replies, last]);
    await Promise.resolve();
    expect(happened()).toEqual(['run', 'pullback', 'record', 'load', 'pullback', 'release']);
    gru.dispose();
  });

  test('operands and gradients may change as soon as a call has returned', async () => {
    const gru = await GRU.create(small);
    const [x, busy] = [ramp([T, B, I]), gru.forward(input)];
    const reply = gru.vjp(x);
    x.data.fill(0);
    const { output, pullback } = await reply;
    const expected = await pullback({ output });
    const [g, other] = [{ ...output, data: output.data.slice() }, gru.forward(input)];
    const back = pullback({ output: g });
    g.data.fill(0);
    expect(await back).toEqual(expected);
    expect(output).toEqual((await other).output);
    await busy;
  });

  test('dispose waits for a call and a pullback that are under way', async () => {
    const gru = await GRU.create(small);
    const { output, pullback } = await gru.vjp(input);
    const expected = await pullback({ output });
    const engines = probe.engines;
    const replies = [pullback({ output }), gru.vjp(input)] as const;
    gru.dispose();
    expect(probe.engines).toBe(engines);
    const [gradients, late] = await Promise.all(replies);
    expect(gradients).toEqual(expected);
    await expectCode(() => late.pullback({ output }), 'CONGRUENT_DISPOSED');
    await Promise.resolve();
    expect(probe.engines).toBe(engines - 1);
  });

  test('a call that fails does not hold up those after it', async () => {
    const gru = await GRU.create(small);
    const { output, pullback } = await gru.vjp(input);
    const expected = await pullback({ output });
    probe.fail = 'pullback';
    const [first, second] = await Promise.allSettled([pullback({ output }), pullback({ output })]);
    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toEqual({ status: 'fulfilled', value: expected });
  });
});
