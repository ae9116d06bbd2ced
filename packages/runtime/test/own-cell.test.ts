import { describe, expect, test } from 'vitest';
import {
  checkStack,
  defineCell,
  defineLayer,
  packPaddedSequence,
  packSequence,
  type Tensor,
  tensor,
} from '../src/index.ts';
import { anyBackend, anyBackendLater } from './any-cell.ts';
import { elementwise, network, several, stateless, twoOutputs } from './cells.ts';
import { expectCode } from './expect-code.ts';
import { ramp, row } from './reference.ts';
import { runStack } from './run-cell.ts';

const range = (n: number) => [...new Array(n).keys()];
const sizes = { I: 2, H: 3, O: 4 };
const T = 3;
const B = 2;

interface SeveralNames {
  readonly inputs: readonly ['x', 'dt'];
  readonly states: readonly ['h', 's'];
  readonly outputs: readonly ['y', 'v'];
  readonly sizes: 'I' | 'H' | 'O';
}

interface TwoOutputsNames {
  readonly inputs: readonly ['x'];
  readonly states: readonly ['h'];
  readonly outputs: readonly ['y', 'v'];
  readonly sizes: 'I' | 'H' | 'O';
}

interface NetworkNames {
  readonly inputs: readonly ['x'];
  readonly states: readonly ['g1.h'];
  readonly outputs: readonly ['y'];
  readonly sizes: never;
}

/** Element [i, j] of a tensor of two dimensions. */
const at = ({ data, shape }: Tensor, i: number, j: number): number => data[i * shape[1]! + j]!;

const Several = defineLayer<SeveralNames, 'sync'>(anyBackend(several), 'Several');
const SeveralCell = defineCell<SeveralNames, 'sync'>(anyBackend(several), 'SeveralCell');
const TwoOutputs = defineLayer<TwoOutputsNames, 'sync'>(anyBackend(twoOutputs), 'TwoOutputs');
const Network = defineLayer<NetworkNames, 'sync'>(anyBackend(network), 'Network');

describe('several inputs, states and outputs, of which some are one number a row', () => {
  const layer = Several.createSync({ sizes, dtype: 'float64' });
  const x = ramp([T, B, 2]);
  const dt = ramp([T, B], 0.1);
  const states = [ramp([1, B, 3]), ramp([1, B], 0.5)] as const;
  const expectedOf = (b: number, steps: readonly number[] = range(T)) =>
    runStack(several, layer.stateDict(), {
      steps: steps.map((t) => ({ x: row(x, t, b), dt: [at(dt, t, b)] })),
      states: [{ h: row(states[0], 0, b), s: [at(states[1], 0, b)] }],
    });

  test('forward takes and gives them by name', () => {
    const { outputs, hn, sn } = layer.forward({ x, dt }, states);
    expect([outputs.y.shape, outputs.v.shape, hn.shape, sn.shape]).toEqual([
      [T, B, 4],
      [T, B],
      [1, B, 3],
      [1, B],
    ]);
    for (const b of range(B)) {
      const expected = expectedOf(b);
      for (const t of range(T)) {
        expect(row(outputs.y, t, b)).toEqual(expected.outputs[t]!['y']);
        expect([at(outputs.v, t, b)]).toEqual(expected.outputs[t]!['v']);
      }
      expect(row(hn, 0, b)).toEqual(expected.states[0]!['h']);
      expect([at(sn, 0, b)]).toEqual(expected.states[0]!['s']);
    }
  });

  test('batchFirst, unbatched and packed inputs give the same numbers', () => {
    const { outputs } = layer.forward({ x, dt });
    const first = Several.createSync({ sizes, dtype: 'float64', batchFirst: true });
    const swapped = (of: Tensor): Tensor => {
      const width = of.data.length / T / B;
      const data = of.data.slice();
      for (const t of range(T)) {
        for (const b of range(B)) {
          data.set(of.data.subarray((t * B + b) * width, (t * B + b + 1) * width), (b * T + t) * width);
        }
      }
      return { data, shape: [B, T, ...of.shape.slice(2)] };
    };
    expect(first.forward({ x: swapped(x), dt: swapped(dt) }).outputs).toEqual({
      y: swapped(outputs.y),
      v: swapped(outputs.v),
    });
    const packed = layer.forward({ x: packPaddedSequence(x, [T, T]), dt: packPaddedSequence(dt, [T, T]) });
    expect(packed.outputs.y.data.data).toEqual(outputs.y.data);
    expect(packed.outputs.v.data.shape).toEqual([T * B]);
    const alone = layer.forward({
      x: tensor(Float64Array.from(range(T).flatMap((t) => row(x, t, 0))), [T, 2]),
      dt: tensor(Float64Array.from(range(T).map((t) => at(dt, t, 0))), [T]),
    });
    expect([alone.outputs.v.shape, alone.sn.shape, alone.hn.shape]).toEqual([[T], [1], [1, 3]]);
    expect([...alone.outputs.v.data]).toEqual(range(T).map((t) => at(outputs.v, t, 0)));
  });

  test('two directions stand side by side in every output, also where one is a number', () => {
    const both = Several.createSync({ sizes, dtype: 'float64', bidirectional: true });
    const { outputs, sn } = both.forward({ x, dt });
    expect([outputs.y.shape, outputs.v.shape, sn.shape]).toEqual([
      [T, B, 8],
      [T, B, 2],
      [2, B],
    ]);
    const expected = runStack(
      several,
      both.stateDict(),
      {
        steps: range(T).map((t) => ({ x: row(x, t, 1), dt: [at(dt, t, 1)] })),
        states: range(2).map(() => ({ h: [0, 0, 0], s: [0] })),
      },
      { bidirectional: true },
    );
    for (const t of range(T)) expect(row(outputs.v, t, 1)).toEqual(expected.outputs[t]!['v']);
  });

  test('gradients of some outputs are those by name, and of what is left out zeros', () => {
    const { pullback, outputs } = layer.vjp({ x, dt }, states);
    const gradients = pullback({ outputs: { v: outputs.v } });
    expect(gradients.input.x.data.every((value) => value === 0)).toBe(true);
    expect(gradients.input.dt.shape).toEqual([T, B]);
    // v = s' + k at each step, s' = s / 2 + dt
    const v = range(T).map((t) => at(outputs.v, t, 0));
    expect(at(gradients.input.dt, T - 1, 0)).toBeCloseTo(v[2]!, 9);
    expect(at(gradients.input.dt, 0, 0)).toBeCloseTo(v[0]! + v[1]! / 2 + v[2]! / 4, 9);
    expect(at(gradients.s0, 0, 0)).toBeCloseTo((v[0]! + v[1]! / 2 + v[2]! / 4) / 2, 9);
    expect(gradients.parameters['k_l0']!.shape).toEqual([]);
    expect(gradients.parameters['k_l0']!.data[0]).toBeCloseTo(
      [...outputs.v.data].reduce((a, b) => a + b),
      9,
    );
  });

  test('a stream steps arrays by name, and gives the same ones at every step', () => {
    const { outputs, hn, sn } = layer.forward({ x, dt }, states);
    const stream = layer.stream({ batchSize: B, h0: states[0], s0: states[1] });
    let given: object | undefined;
    for (const t of range(T)) {
      const result = stream.step({
        x: x.data.slice(t * B * 2, (t + 1) * B * 2),
        dt: dt.data.slice(t * B, (t + 1) * B),
      });
      expect([...result.y]).toEqual([...outputs.y.data.slice(t * B * 4, (t + 1) * B * 4)]);
      expect([...result.v]).toEqual([...outputs.v.data.slice(t * B, (t + 1) * B)]);
      if (t > 0) expect(result).toBe(given);
      given = result;
    }
    expect(stream.state).toEqual([hn, sn]);
  });

  test('a caller that transfers one of the arrays gets fresh ones', () => {
    const stream = layer.stream();
    const step = () => stream.step({ x: Float64Array.of(1, 2), dt: Float64Array.of(3) });
    const { v } = step();
    structuredClone(v, { transfer: [v.buffer as ArrayBuffer] });
    stream.reset();
    const fresh = step();
    const other = layer.stream().step({ x: Float64Array.of(1, 2), dt: Float64Array.of(3) });
    expect(fresh).toEqual(other);
  });

  test('the same with promises', async () => {
    const Later = defineLayer<SeveralNames, 'async'>(anyBackendLater(several), 'Several');
    const other = await Later.create({ sizes, dtype: 'float64' });
    expect((await other.forward({ x, dt }, states)).outputs).toEqual(layer.forward({ x, dt }, states).outputs);
    const step = { x: Float64Array.of(1, 2), dt: Float64Array.of(3) };
    expect(await other.stream().step(step)).toEqual(layer.stream().step(step));
  });

  test('a single step gives outputs and next states by name, and goes back', () => {
    const cell = SeveralCell.createSync({ sizes, dtype: 'float64' });
    const [hx, sx] = [ramp([B, 3]), ramp([B], 0.5)];
    const given = { x: ramp([B, 2]), dt: ramp([B], 0.1) };
    const { outputs, h1, s1 } = cell.forward(given, [hx, sx]);
    expect([outputs.y.shape, outputs.v.shape, h1.shape, s1.shape]).toEqual([[B, 4], [B], [B, 3], [B]]);
    const { output, pullback } = cell.vjp(given, [hx, sx]);
    expect(output).toEqual({ outputs, h1, s1 });
    const gradients = pullback({ s1 });
    expect(gradients.input.dt).toEqual(s1);
    expect(gradients.sx.data).toEqual(s1.data.map((value) => value / 2));
    expect(Object.keys(cell.stateDict())).toEqual(['W', 'C', 'k']);
  });

  const refused = (title: string, act: () => unknown, ...texts: string[]): void => {
    test(`${title} with CONGRUENT_SHAPE`, () => expectCode(act, 'CONGRUENT_SHAPE', ...texts));
  };
  refused(
    'one input alone is refused',
    () => layer.forward(x as never),
    'Several.forward: input must be an object { x, dt }',
    'got { data, shape }',
  );
  refused('an input that is missing is refused', () => layer.forward({ x } as never), 'got { x }');
  refused(
    'inputs of different lengths are refused',
    () => layer.forward({ x, dt: ramp([T + 1, B]) }),
    'Several.forward: input: dt must have the steps and sequences of x, batched, 3 steps of 2 rows, got batched, 4 steps',
  );
  refused(
    'an input with a dimension too many is refused',
    () => layer.forward({ x, dt: ramp([T, B, 1, 1]) }),
    'Several.forward: input.dt: Several: Expected input to be 1D or 2D, got 4D instead. Give [T] for one sequence',
  );
  refused(
    'states that are no array are refused',
    () => layer.forward({ x, dt }, states[0] as never),
    'Several.forward: the states must be an array [h0, s0]',
  );
  refused(
    'states of the wrong rank are refused',
    () => layer.forward({ x, dt }, [states[0], ramp([1, B, 1])]),
    'should also be 3-D and 2-D but got (3-D, 3-D) tensors',
  );
  test('packed inputs of different sequences are refused with CONGRUENT_PACKED', () => {
    const act = () =>
      layer.forward({
        x: packSequence([ramp([2, 2]), ramp([1, 2])]),
        dt: packSequence([ramp([1]), ramp([2])], { enforceSorted: false }),
      });
    return expectCode(act, 'CONGRUENT_PACKED', 'dt must have the steps and sequences of x');
  });
  test('a gradient of no output is refused with CONGRUENT_OPTION', () => {
    const { pullback } = layer.vjp({ x, dt });
    return expectCode(
      () => pullback({ outputs: { z: x } } as never),
      'CONGRUENT_OPTION',
      "outputs: Unknown option 'z'",
    );
  });
});

describe('several outputs and one input', () => {
  test('the layer above reads the first output, both directions side by side', () => {
    const options = { numLayers: 3, bidirectional: true };
    const layer = TwoOutputs.createSync({ sizes, dtype: 'float64', ...options });
    const x = ramp([T, B, 2]);
    const { outputs, hn } = layer.forward(x);
    expect(layer.stateDict()['W_l2_reverse']!.shape).toEqual([3, 8]);
    const states = range(6).map(() => ({ h: [0, 0, 0] }));
    for (const b of range(B)) {
      const steps = range(T).map((t) => ({ x: row(x, t, b) }));
      const expected = runStack(twoOutputs, layer.stateDict(), { steps, states }, options);
      for (const t of range(T)) {
        row(outputs.v, t, b).forEach((value, i) => {
          expect(value).toBeCloseTo(expected.outputs[t]!['v']![i]!, 9);
        });
      }
      for (const k of range(6)) {
        row(hn, k, b).forEach((value, i) => {
          expect(value).toBeCloseTo(expected.states[k]!['h']![i]!, 9);
        });
      }
    }
  });

  test('gradients come through every layer', () => {
    const layer = TwoOutputs.createSync({ sizes, dtype: 'float64', numLayers: 2, bidirectional: true });
    const x = ramp([T, B, 2]);
    const { outputs, pullback } = layer.vjp(x);
    const loss = (given: Tensor) =>
      [...layer.forward(given).outputs.v.data].reduce((sum, value) => sum + value * value, 0) / 2;
    const { input } = pullback({ outputs: { v: outputs.v } });
    for (const i of range(x.data.length)) {
      const moved = (by: number) => ({ shape: x.shape, data: x.data.map((value, j) => value + (i === j ? by : 0)) });
      expect(input.data[i]).toBeCloseTo((loss(moved(1e-4)) - loss(moved(-1e-4))) / 2e-4, 5);
    }
  });
});

test('the sizes among the options are a frozen copy of the caller’s', () => {
  const given = { ...sizes };
  for (const { options } of [
    TwoOutputs.createSync({ sizes: given, numLayers: 2 }),
    SeveralCell.createSync({ sizes: given }),
  ]) {
    given.H = 99;
    expect(options.sizes).toEqual(sizes);
    expect([options, options.sizes].every(Object.isFrozen)).toBe(true);
    given.H = sizes.H;
  }
});

describe('a network with sizes in numbers', () => {
  test('needs no sizes, and names its states and parameters after its cells', () => {
    for (const layer of [Network.createSync(), Network.createSync({}), Network.createSync({ sizes: {} })]) {
      expect(Object.keys(layer.stateDict())).toEqual(['g1.weight_l0', 'fc.weight', 'fc.bias']);
      const { output, 'g1.hn': hn } = layer.forward(tensor(new Float32Array(T * B * 2), [T, B, 2]));
      expect([output.shape, hn.shape]).toEqual([
        [T, B, 2],
        [1, B, 3],
      ]);
    }
  });

  test('its gradients and streams have the same names', () => {
    const layer = Network.createSync({ dtype: 'float64' });
    const { output, pullback } = layer.vjp(ramp([T, B, 2]));
    const gradients = pullback({ output });
    expect(gradients['g1.h0'].shape).toEqual([1, B, 3]);
    expect(Object.keys(gradients.parameters)).toEqual(['g1.weight_l0', 'fc.weight', 'fc.bias']);
    const stream = layer.stream({ 'g1.h0': ramp([1, 3]) });
    expect(stream.state).toEqual(ramp([1, 1, 3]));
  });

  test.each([{ numLayers: 2 }, { bidirectional: true }])('%o is refused with the reason', (options) =>
    expectCode(
      () => Network.createSync(options),
      'CONGRUENT_OPTION',
      'Network.create:',
      'is not possible with the cell network: it has no states of its own',
      'fc.weight',
    ),
  );
});

test('a cell with states that calls one without is refused with that reason', () => {
  const states = [{ name: 'h', shape: [3] }];
  return expectCode(
    () => checkStack('Own.create', { numLayers: 2, bidirectional: false }, { ...network.signature, states }, {}),
    'CONGRUENT_OPTION',
    'Own.create: numLayers 2 is not possible with the cell network: it calls a cell that has no states',
    'fc.weight is there once',
  );
});

test('a cell without states has no suffix, no states and no second layer', () => {
  const Stateless = defineLayer<{ inputs: ['x']; states: []; outputs: ['y']; sizes: 'I' | 'O' }, 'sync'>(
    anyBackend(stateless),
    'Stateless',
  );
  const layer = Stateless.createSync({ sizes: { I: 2, O: 3 }, dtype: 'float64' });
  expect(Object.keys(layer.stateDict())).toEqual(['W']);
  expect(Object.keys(layer.forward(ramp([T, B, 2])))).toEqual(['output']);
  const { pullback, output } = layer.vjp(ramp([T, B, 2]));
  expect(Object.keys(pullback({ output }))).toEqual(['input', 'parameters']);
  expect(layer.stream().state).toEqual([]);
  return expectCode(
    () => Stateless.createSync({ sizes: { I: 2, O: 3 }, numLayers: 2 }),
    'CONGRUENT_OPTION',
    'numLayers 2 is not possible with the cell stateless',
  );
});

describe('layers and directions that do not fit are refused with CONGRUENT_OPTION', () => {
  const Elementwise = defineLayer<{ inputs: ['x']; states: ['h']; outputs: ['h']; sizes: 'H' }, 'sync'>(
    anyBackend(elementwise),
    'Elementwise',
  );

  test('a second layer needs one input', () =>
    expectCode(
      () => Several.createSync({ sizes, numLayers: 2 }),
      'CONGRUENT_OPTION',
      'a second layer would need its inputs x, dt, and there is one output',
    ));

  test('an input as wide as the state allows layers in one direction', () => {
    const layer = Elementwise.createSync({ sizes: { H: 3 }, numLayers: 2 });
    expect(layer.forward(tensor(new Float32Array(6), [2, 3])).output.shape).toEqual([2, 3]);
    return expectCode(
      () => Elementwise.createSync({ sizes: { H: 3 }, numLayers: 2, bidirectional: true }),
      'CONGRUENT_OPTION',
      'with an input 6 wide its states would be h[6] and not h[3]',
    );
  });

  test('an input whose size is a number needs an output of that size', () => {
    const { inputs, parameters, ...rest } = twoOutputs.signature;
    const signature = {
      ...rest,
      inputs: inputs.map(({ name }) => ({ name, shape: [2] })),
      parameters: { ...parameters, W: { blocks: ['W'], shape: ['H', 2] } },
    };
    const Fixed = defineLayer<TwoOutputsNames, 'sync'>(anyBackend({ ...twoOutputs, signature }), 'Fixed');
    return expectCode(
      () => Fixed.createSync({ sizes: { H: 3, O: 4 } as never, numLayers: 2 }),
      'CONGRUENT_OPTION',
      'the output below is 4 wide, its input x is 2',
    );
  });
});

describe('sizes', () => {
  const refused = (title: string, given: unknown, ...texts: string[]): void => {
    test(`${title} with CONGRUENT_OPTION`, () =>
      expectCode(() => Several.createSync({ sizes: given } as never), 'CONGRUENT_OPTION', 'Several.create', ...texts));
  };
  refused('none are refused', undefined, "Option sizes must be an object of the cell's sizes, { I, H, O }");
  refused('a missing one is refused', { I: 2, H: 3 }, 'Option O must be a positive integer, got undefined');
  refused('an unknown one is refused', { ...sizes, h: 3 }, "Unknown option 'h'. All: I, H");
  refused('zero is refused', { ...sizes, H: 0 }, 'Option H must be a positive integer, got 0');

  test('any are refused where the cell says all in numbers', () =>
    expectCode(
      () => Network.createSync({ sizes: { H: 3 } as never }),
      'CONGRUENT_OPTION',
      'all of its sizes in numbers',
    ));

  test('initial parameters are uniform in ±1/√ of the first state’s width, or of the first input’s', () => {
    const largest = (dict: Record<string, Tensor>) =>
      Math.max(...Object.values(dict).flatMap(({ data }) => [...data].map(Math.abs)));
    const wide = Several.createSync({ sizes: { I: 50, H: 100, O: 50 } });
    expect(largest(wide.stateDict())).toBeCloseTo(0.1, 3);
    const Stateless = defineLayer<{ inputs: ['x']; states: []; outputs: ['y']; sizes: 'I' | 'O' }, 'sync'>(
      anyBackend(stateless),
      'Stateless',
    );
    expect(largest(Stateless.createSync({ sizes: { I: 400, O: 50 } }).stateDict())).toBeCloseTo(0.05, 3);
  });
});
