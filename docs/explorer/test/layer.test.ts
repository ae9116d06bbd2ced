import { compile, signatureOf } from '@congruent/codegen';
import { referenceBackend } from '@congruent/conformance';
import { defineLayer, dimensionNames, type OwnNames, type Tensor, tensor, widthOf } from '@congruent/runtime';
import * as scalar from '@congruent/scalar';
import { type Cell, defineCell, gru, lstm } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import { expect, test } from 'vitest';
import { numbers } from '../../../tools/testing/numbers.ts';
import { given, taken } from '../src/run/by-name.ts';
import { layersOf } from '../src/run/layer.ts';
import { traced } from '../src/run/traced.ts';

const [STEPS, BATCH, INPUT, HIDDEN] = [7, 3, 5, 6];

const input = tensor(numbers('float32', STEPS * BATCH * INPUT, 1), [STEPS, BATCH, INPUT]);
const options = { inputSize: INPUT, hiddenSize: HIDDEN, numLayers: 2, bidirectional: true };
const sizes = { sizes: { I: INPUT, H: HIDDEN }, numLayers: 2, bidirectional: true };

test.each([
  ['gru', gru, () => scalar.GRU.createSync(options)],
  ['lstm', lstm, () => scalar.LSTM.createSync(options)],
] as const)(
  '%s, made of its text, has the bits of @congruent/scalar, forwards and backwards',
  async (_, cell, wanted) => {
    const own = await layersOf(cell).create(sizes);
    const packaged = wanted();
    packaged.loadStateDict(own.stateDict());
    const [a, b] = [own.vjp(input as never), packaged.vjp(input)];
    expect({ ...a, pullback: undefined }).toEqual({ ...b, pullback: undefined });
    const { output } = b;
    expect(a.pullback({ output } as never)).toEqual(b.pullback({ output }));
  },
);

/** Whatever steps: the names of what it takes and gives, and a step of it. */
async function stepping(cell: Cell, Layer: ReturnType<typeof layersOf>, parameters?: Readonly<Record<string, Tensor>>) {
  const { inputs, outputs, ...signature } = signatureOf(compile(cell));
  const dimensions = Object.fromEntries(
    dimensionNames({ inputs, outputs, ...signature }).map((name, i) => [name, 3 + i]),
  );
  const layer = await Layer.create({ sizes: dimensions, seed: 4 });
  if (parameters) layer.loadStateDict(parameters);
  const stream = layer.stream();
  const [taking, giving] = [inputs.map(({ name }) => name), outputs.map(({ name }) => name)];
  return {
    parameters: layer.stateDict(),
    /** The outputs of the `t`-th step, then the states. */
    step: (t: number): readonly number[][] => {
      const x = inputs.map((each, i) => numbers('float32', widthOf(each, dimensions), 10 * t + i));
      const values = taken(giving, stream.step(given(taking, x)));
      return [...values, ...[stream.state as Tensor | readonly Tensor[]].flat().map(({ data }) => data)].map((data) => [
        ...data,
      ]);
    },
  };
}

test.each(cells.map((cell) => [cell.name, cell] as const))(
  '%s has the bits of the interpreter in every equation, and they are those of the cell without its trace',
  async (_, cell) => {
    const shown = traced(compile(cell));
    const wasm = await stepping(shown, layersOf(shown));
    const reference = defineLayer<OwnNames>(referenceBackend({ cell: shown }), cell.name);
    const interpreted = await stepping(shown, reference as never, wasm.parameters);
    const plain = await stepping(cell, layersOf(cell), wasm.parameters);
    for (let t = 0; t < STEPS; t++) {
      const values = wasm.step(t);
      expect(values).toHaveLength(cell.equations.length + cell.states.length);
      expect(values).toEqual(interpreted.step(t));
      const states = plain.step(t).slice(cell.outputs.length);
      expect(values.slice(cell.equations.length)).toEqual(states);
    }
  },
);

test('a trace has the gates of the cells that a network calls, by their names in it', () => {
  const network = defineCell('net(x[8]) -> y\ng[3] = ${gru}(x)\ny[2] = W @ g\nlayout plain\nW = [W]', { gru });
  expect(traced(compile(network)).outputs.map(({ name }) => name)).toEqual(['g.r', 'g.z', 'g.n', "g.h'", 'y']);
});

test('sizes that are none are refused by name', async () => {
  await expect(layersOf(gru).create({ sizes: { I: 3, H: 0 } })).rejects.toMatchObject({ code: 'CONGRUENT_OPTION' });
});
