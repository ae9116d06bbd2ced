import { describe, expect, test } from 'vitest';
import { collect } from '../../../tools/testing/collect.ts';
import { type Backend, backendInfo, type Engine, type FloatArray, type Layer, rowsOf } from '../src/index.ts';
import { backendOf, kernelsOver, MovingMemory, type Operands, overArrays, reference } from './host-cell.ts';

const [I, H] = [2, 3];
const dimensions = { I, H };
/** Numbers that are all different. */
const numbers = (length: number, seed: number): number[] =>
  Array.from({ length }, (_, i) => Math.sin(seed * 31 + i * 1.7));
const array = (values: readonly number[]): FloatArray => Float64Array.from(values);
const operandsFor = (batchSizes: readonly number[], seed = 1): Operands => ({
  x: numbers(rowsOf(batchSizes) * I, seed),
  h: numbers(batchSizes[0]! * H, seed + 1),
  c: numbers(batchSizes[0]! * H, seed + 2),
  W: numbers(H * I, seed + 3),
  b: numbers(H, seed + 4),
});
const tensors = ({ W, b }: Operands): Record<string, FloatArray> => ({ weight: array(W), bias: array(b) });

function runIn<B>(
  engine: Engine<'sync', B>,
  layer: Layer<'sync', B>,
  of: Operands,
  batchSizes: number[],
  reverse: boolean,
) {
  const call = engine.call();
  const states = [call.upload(array(of.h)), call.upload(array(of.c))];
  const { trace, ...run } = layer.record!(call, { inputs: [call.upload(array(of.x))], states, batchSizes, reverse });
  const found = [...run.outputs, ...run.states, ...states].map((buffer) => [...call.download(buffer)]);
  call.end();
  return { trace, found };
}

const MEMORIES: readonly (readonly [string, () => Backend<'sync', never>])[] = [
  ['arrays', () => backendOf(overArrays) as Backend<'sync', never>],
  ['a memory that moves', () => backendOf(overMoving(new MovingMemory(1000))) as Backend<'sync', never>],
];

const overMoving = (memory: MovingMemory) => () => kernelsOver(memory, memory);

describe.each(MEMORIES)('a cell of two states on %s', (_, backend) => {
  const open = () => {
    const engine = backend().openSync!({ dtype: 'float64' });
    return { engine, layer: engine.layer(dimensions) };
  };

  test.each([
    [[2, 2, 2], false],
    [[3, 2, 1], false],
    [[3, 2, 1], true],
  ])(
    'batch sizes %j, reverse %s: run and record are the sequence, and leave the initial states alone',
    (batchSizes, reverse) => {
      const { engine, layer } = open();
      const of = operandsFor(batchSizes);
      layer.load(tensors(of));
      const { y, h, c } = reference(of, batchSizes, reverse);
      const recorded = runIn(engine, layer, of, batchSizes, reverse).found;
      expectClose(recorded.slice(0, 3), [y, h, c]);
      expect(recorded.slice(3)).toEqual([of.h, of.c]);
      const call = engine.call();
      const states = [call.upload(array(of.h)), call.upload(array(of.c))];
      const run = layer.run(call, { inputs: [call.upload(array(of.x))], states, batchSizes, reverse });
      expect([...run.outputs, ...run.states].map((buffer) => [...call.download(buffer)])).toEqual(recorded.slice(0, 3));
    },
  );

  test.each([false, true])(
    'reverse %s: a pullback is the slopes, also again, and after other parameters and runs',
    (reverse) => {
      const batchSizes = [3, 2, 1];
      const { engine, layer } = open();
      const of = operandsFor(batchSizes);
      layer.load(tensors(of));
      const { trace } = runIn(engine, layer, of, batchSizes, reverse);
      const other = operandsFor(batchSizes, 9);
      layer.load(tensors(other));
      runIn(engine, layer, other, batchSizes, reverse);
      const adjoints = {
        y: numbers((of.x.length / I) * H, 20),
        h: numbers(of.h.length, 21),
        c: numbers(of.c.length, 22),
      };
      for (let round = 0; round < 2; round++) {
        const call = engine.call();
        const given = {
          outputs: [call.upload(array(adjoints.y))],
          states: [adjoints.h, adjoints.c].map((g) => call.upload(array(g))),
        };
        const { inputs, states, parameters } = trace.pullback(call, tensors(of), given);
        const found = [...inputs, ...states, parameters['weight']!, parameters['bias']!].map((each) => [
          ...call.download(each),
        ]);
        call.end();
        expectClose(found, slopes(of, batchSizes, reverse, adjoints));
      }
      trace.dispose();
      trace.dispose();
    },
  );

  test('a stream of two layers steps as sequences run, and goes on from states that are set', () => {
    const batchSizes = [2, 2, 2];
    const engine = backend().openSync!({ dtype: 'float64' });
    const [low, high] = [engine.layer({ I, H }), engine.layer({ I: H, H })];
    const below = operandsFor(batchSizes);
    const first = reference(below, batchSizes, false);
    const above = { ...operandsFor(batchSizes, 5), x: first.y, W: numbers(H * H, 40) };
    low.load(tensors(below));
    high.load(tensors(above));
    const bottom = low.stream(2, undefined);
    const top = high.stream(2, bottom);
    bottom.setStates([array(below.h), array(below.c)]);
    top.setStates([array(above.h), array(above.c)]);
    const second = reference(above, batchSizes, false);
    const into = new Float64Array(2 * H);
    for (let step = 0; step < 3; step++) {
      bottom.write(0, array(below.x.slice(step * 2 * I, (step + 1) * 2 * I)));
      bottom.step();
      top.step();
      top.read(0, into);
      expectClose([[...into]], [second.y.slice(step * 2 * H, (step + 1) * 2 * H)]);
      runIn(engine, low, below, batchSizes, false); // in the same memory
    }
    const states = [0, 1].map((state) => {
      top.readState(state, into);
      return [...into];
    });
    expectClose(states, [second.h, second.c]);
    top.dispose();
    bottom.dispose();
  });

  test('an open stream steps with the parameters loaded last', () => {
    const { layer } = open();
    const [of, other] = [operandsFor([1]), operandsFor([1], 7)];
    const into = new Float64Array(H);
    layer.load(tensors(of));
    const stream = layer.stream(1, undefined);
    stream.write(0, array(of.x));
    stream.step();
    layer.load(tensors(other));
    stream.setStates([array(of.h), array(of.c)]);
    stream.step();
    stream.read(0, into);
    expectClose([[...into]], [reference({ ...of, W: other.W, b: other.b }, [1], false).y]);
  });

  test('a call joins directions under a mask, splits them again, and adds', () => {
    const { engine } = open();
    const call = engine.call();
    const [left, right] = [
      [1, 2, 3, 4],
      [5, 6],
    ].map((values) => call.upload(array(values)));
    const mask = array([1, 0, 2, 1, 1, 1]);
    expect([...call.download(call.join([left!, right!], 2, mask))]).toEqual([1, 0, 10, 3, 4, 6]);
    const whole = call.upload(array([1, 2, 3, 4, 5, 6, 7, 8]));
    const parts = call.split!(whole, 2, 2, array([1, 1, 1, 1, 0, 1, 1, 2]));
    expect(parts.map((part) => [...call.download(part)])).toEqual([
      [1, 2, 0, 6],
      [3, 4, 7, 16],
    ]);
    expect([...call.download(call.add!(parts[0]!, parts[1]!))]).toEqual([4, 6, 7, 22]);
    call.end();
  });
});

test('what a backend says of itself follows from what it is given', () => {
  const { training: _, ...supports } = backendInfo(backendOf(overArrays)).supports;
  expect(supports).toEqual({ sync: true, float64: true, deterministic: true, subnormals: true });
  expect(backendOf(overArrays).gradients).toBeDefined();
});

test('a call leaves nothing on the stack, nor does a load that fails, and a stream nothing behind', () => {
  const memory = new MovingMemory(200);
  const engine = backendOf(overMoving(memory)).openSync!({ dtype: 'float64' });
  const layer = engine.layer(dimensions);
  const of = operandsFor([2, 1]);
  layer.load(tensors(of));
  expect(memory.top).toBe(0);
  expect(() => layer.load({ ...tensors(of), bias: new Float64Array(1000) })).toThrow('no room');
  expect(memory.top).toBe(0);
  runIn(engine, layer, of, [2, 1], false);
  expect(memory.top).toBe(0);
  layer.stream(1, undefined).dispose();
  expect(memory.kept.size).toBe(0);
  expect(() => layer.stream(30, undefined)).toThrow('no room');
  expect(memory.kept.size).toBe(0);
});

test('a trace holds the inputs and residuals of its run, and not its states and results', () => {
  const engine = backendOf(overArrays).openSync!({ dtype: 'float64' });
  const layer = engine.layer(dimensions);
  const of = operandsFor([2, 1]);
  layer.load(tensors(of));
  const { trace, held, gone } = (() => {
    const call = engine.call();
    const states = [call.upload(array(of.h)), call.upload(array(of.c))];
    const inputs = [call.upload(array(of.x))];
    const run = layer.record!(call, { inputs, states, batchSizes: [2, 1], reverse: false });
    return {
      trace: run.trace,
      held: new WeakRef(inputs[0]!),
      gone: [...states, ...run.states, ...run.outputs].map((each) => new WeakRef(each)),
    };
  })();
  return Promise.resolve().then(async () => {
    await settle(() => gone.every((each) => each.deref() === undefined));
    expect(gone.map((each) => each.deref())).toEqual(gone.map(() => undefined));
    expect(held.deref()).toBeDefined();
    trace.dispose();
    await settle(() => held.deref() === undefined);
    expect(held.deref()).toBeUndefined();
  });
});

test('an engine lets go of its memory at disposal, whoever still holds its layers and traces', async () => {
  const { layer, trace, memory } = (() => {
    const own = new MovingMemory(1000);
    const engine = backendOf(overMoving(own)).openSync!({ dtype: 'float64' });
    const made = engine.layer(dimensions);
    const of = operandsFor([2]);
    made.load(tensors(of));
    const recorded = runIn(engine, made, of, [2], false).trace;
    engine.dispose();
    return { layer: made, trace: recorded, memory: new WeakRef(own) };
  })();
  await settle(() => memory.deref() === undefined);
  expect(memory.deref()).toBeUndefined();
  trace.dispose();
  expect(layer).toBeDefined();
});

/** Collects garbage until it has shown. */
async function settle(done: () => boolean): Promise<void> {
  for (let round = 0; round < 20 && !done(); round++) {
    await new Promise((resolve) => setTimeout(resolve));
    collect();
  }
}

/** The derivatives of the adjoints' sum with the results, by central differences: exact but for rounding, as it is linear in each. */
function slopes(
  of: Operands,
  batchSizes: readonly number[],
  reverse: boolean,
  adjoints: Pick<Operands, 'h' | 'c'> & { y: readonly number[] },
): number[][] {
  const dot = (left: readonly number[], right: readonly number[]) =>
    left.reduce((sum, value, i) => sum + value * right[i]!, 0);
  const loss = (operands: Operands): number => {
    const { y, h, c } = reference(operands, batchSizes, reverse);
    return dot(y, adjoints.y) + dot(h, adjoints.h) + dot(c, adjoints.c);
  };
  return (['x', 'h', 'c', 'W', 'b'] as const).map((name) =>
    of[name].map(
      (value, at) =>
        (loss({ ...of, [name]: of[name].with(at, value + 1) }) -
          loss({ ...of, [name]: of[name].with(at, value - 1) })) /
        2,
    ),
  );
}

function expectClose(got: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(got.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  const differences = got.flatMap((values, i) => values.map((value, j) => Math.abs(value - expected[i]![j]!)));
  expect(Math.max(...differences)).toBeLessThan(1e-12);
}
