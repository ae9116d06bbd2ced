import { describe, expect, test } from 'vitest';
import {
  type Backend,
  defineGRU,
  defineGRUCell,
  defineLSTM,
  defineLSTMCell,
  defineRNN,
  defineRNNCell,
  type ErrorCode,
  type FloatArray,
  packSequence,
  type Tensor,
  tensor,
} from '../src/index.ts';
import { anyBackend, type TestCell } from './any-cell.ts';
import { gru, lstm, lstmProjected, rnnRelu, rnnTanh } from './cells.ts';
import { expectCode } from './expect-code.ts';
import { ramp } from './reference.ts';

const of = (cell: TestCell): Backend<'sync', FloatArray> => anyBackend(cell);
const lstmCells = { lstm: of(lstm), lstm_projected: of(lstmProjected) };
const rnnCells = { rnn_tanh: of(rnnTanh), rnn_relu: of(rnnRelu) };
const LSTM = defineLSTM(lstmCells);
const LSTMCell = defineLSTMCell(lstmCells);
const RNN = defineRNN(rnnCells);
const RNNCell = defineRNNCell(rnnCells);
const GRU = defineGRU({ gru: of(gru) });
const GRUCell = defineGRUCell({ gru: of(gru) });

const sizes = { inputSize: 2, hiddenSize: 4 } as const;
const zeros = (...shape: number[]): Tensor => tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
const x = zeros(5, 3, 2);

/** Messages of torch 2, each with where it was and a remedy. */
describe('torch’s messages', () => {
  const refused = (title: string, act: () => unknown, code: ErrorCode, ...texts: string[]): void => {
    test(`${title} is refused with ${code}`, () => expectCode(act, code, ...texts));
  };
  const layer = LSTM.createSync({ ...sizes, numLayers: 2 });
  const projected = LSTM.createSync({ ...sizes, projSize: 3, bidirectional: true });
  refused(
    'an LSTM’s input of four dimensions',
    () => layer.forward(zeros(1, 5, 3, 2)),
    'CONGRUENT_SHAPE',
    'LSTM.forward: input: LSTM: Expected input to be 2D or 3D, got 4D instead',
  );
  refused(
    'an RNN’s input of one dimension',
    () => RNN.createSync(sizes).forward(zeros(2)),
    'CONGRUENT_SHAPE',
    'RNN.forward: input: RNN: Expected input to be 2D or 3D, got 1D tensor instead',
  );
  refused(
    'unbatched states for a batch',
    () => layer.forward(x, [zeros(2, 4), zeros(2, 3, 4)]),
    'CONGRUENT_SHAPE',
    'LSTM.forward: h0, c0: For batched 3-D input, hx and cx should also be 3-D but got (2-D, 3-D) tensors',
    'Give [2, 3, 4]',
  );
  refused(
    'batched states for one sequence',
    () => layer.forward(zeros(5, 2), [zeros(2, 1, 4), zeros(2, 1, 4)]),
    'CONGRUENT_SHAPE',
    'For unbatched 2-D input, hx and cx should also be 2-D but got (3-D, 3-D) tensors',
  );
  refused(
    'a first state of the wrong size',
    () => layer.forward(x, [zeros(2, 3, 5), zeros(2, 3, 4)]),
    'CONGRUENT_SHAPE',
    'LSTM.forward: h0: Expected hidden[0] size (2, 3, 4), got [2, 3, 5]',
  );
  refused(
    'a second state of the wrong size',
    () => projected.forward(x, [zeros(2, 3, 3), zeros(2, 3, 3)]),
    'CONGRUENT_SHAPE',
    'LSTM.forward: c0: Expected hidden[1] size (2, 3, 4), got [2, 3, 3]',
  );
  refused(
    'a state of the wrong size for one sequence',
    () => layer.forward(zeros(5, 2), [zeros(2, 4), zeros(3, 4)]),
    'CONGRUENT_SHAPE',
    'Expected hidden[1] size (2, 1, 4), got [3, 1, 4]',
  );
  refused(
    'a state of the wrong size for a packed input',
    () => layer.forward(packSequence([zeros(5, 2), zeros(2, 2)]), [zeros(2, 2, 4), zeros(2, 3, 4)]),
    'CONGRUENT_SHAPE',
    'Expected hidden[1] size (2, 2, 4), got [2, 3, 4]',
  );
  refused(
    'a single state',
    () => layer.forward(x, zeros(2, 3, 4) as never),
    'CONGRUENT_SHAPE',
    'LSTM.forward: the states must be an array [h0, c0]',
  );
  refused(
    'an array of one state',
    () => layer.forward(x, [zeros(2, 3, 4)] as never),
    'CONGRUENT_SHAPE',
    'the states must be an array [h0, c0], got Array(1).',
  );
  refused(
    'an array without the first state',
    () => layer.forward(x, [undefined, zeros(2, 3, 4)] as never),
    'CONGRUENT_SHAPE',
    'LSTM.forward: the states must be an array [h0, c0], got Array(2).',
  );
  refused(
    'an array with a hole, before anything is recorded',
    () => layer.vjp(x, Object.assign(new Array(2), [zeros(2, 3, 4)]) as never),
    'CONGRUENT_SHAPE',
    'LSTM.vjp: the states must be an array [h0, c0], got Array(2).',
  );
  refused(
    'an array of no states',
    () => layer.forward(x, [null, undefined] as never),
    'CONGRUENT_SHAPE',
    'the states must be an array [h0, c0], got Array(2).',
  );
  refused(
    'an array of three states',
    () => layer.forward(x, [zeros(2, 3, 4), zeros(2, 3, 4), zeros(2, 3, 4)] as never),
    'CONGRUENT_SHAPE',
    'the states must be an array [h0, c0], got Array(3).',
  );
  refused(
    'a float64 state',
    () => layer.forward(x, [zeros(2, 3, 4), ramp([2, 3, 4])]),
    'CONGRUENT_DTYPE',
    'LSTM.forward: c0 must have the type torch.float32, got type torch.float64',
  );
  refused(
    'a negative projSize',
    () => LSTM.createSync({ ...sizes, projSize: -1 }),
    'CONGRUENT_OPTION',
    'LSTM.create: proj_size should be a positive integer or zero to disable projections',
  );
  refused(
    'a projSize of hiddenSize',
    () => LSTM.createSync({ ...sizes, projSize: 4 }),
    'CONGRUENT_OPTION',
    'LSTM.create: proj_size has to be smaller than hidden_size',
  );
  for (const [name, create] of [
    ['GRU', () => GRU.createSync({ ...sizes, projSize: 2 } as never)],
    ['RNN', () => RNN.createSync({ ...sizes, projSize: 2 } as never)],
  ] as const) {
    refused(
      `projSize of a ${name}`,
      create,
      'CONGRUENT_OPTION',
      `proj_size argument is only supported for LSTM, not RNN or GRU`,
    );
  }
  refused(
    'an unknown nonlinearity of an RNN',
    () => RNN.createSync({ ...sizes, nonlinearity: 'sigmoid' as never }),
    'CONGRUENT_OPTION',
    "RNN.create: Unknown nonlinearity 'sigmoid'. Select from 'tanh' or 'relu'",
  );
  refused(
    'an unknown nonlinearity of an RNNCell',
    () => RNNCell.createSync({ ...sizes, nonlinearity: 'sigmoid' as never }),
    'CONGRUENT_OPTION',
    'RNNCell.create: Unknown nonlinearity: sigmoid',
  );
  refused(
    'a cell’s input of three dimensions',
    () => LSTMCell.createSync(sizes).forward(zeros(1, 1, 2)),
    'CONGRUENT_SHAPE',
    'LSTMCell.forward: x: LSTMCell: Expected input to be 1D or 2D, got 3D instead',
  );
  refused(
    'a cell’s second state of three dimensions',
    () => LSTMCell.createSync(sizes).forward(zeros(1, 2), [zeros(1, 4), zeros(1, 1, 4)]),
    'CONGRUENT_SHAPE',
    'LSTMCell.forward: cx: LSTMCell: Expected hx[1] to be 1D or 2D, got 3D instead',
  );
  refused(
    'an RNNCell’s state of three dimensions',
    () => RNNCell.createSync(sizes).forward(zeros(1, 2), zeros(1, 1, 4)),
    'CONGRUENT_SHAPE',
    'RNNCell.forward: hx: RNNCell: Expected hidden to be 1D or 2D, got 3D instead',
  );
  refused(
    'a cell’s single state',
    () => LSTMCell.createSync(sizes).forward(zeros(1, 2), zeros(1, 4) as never),
    'CONGRUENT_SHAPE',
    'LSTMCell.forward: the states must be an array [hx, cx], got Object.',
  );
  refused(
    'a cell’s first state alone',
    () => LSTMCell.createSync(sizes).vjp(zeros(1, 2), [zeros(1, 4), undefined] as never),
    'CONGRUENT_SHAPE',
    'LSTMCell.vjp: the states must be an array [hx, cx], got Array(2).',
  );
  refused(
    'the gradient of a cell’s first state alone',
    () =>
      LSTMCell.createSync(sizes)
        .vjp(zeros(1, 2))
        .pullback([zeros(1, 4)] as never),
    'CONGRUENT_SHAPE',
    'LSTMCell.vjp: pullback: the states must be an array [h1, c1], got Array(1).',
  );
  refused(
    'one gradient for a cell of two states',
    () =>
      LSTMCell.createSync(sizes)
        .vjp(zeros(1, 2))
        .pullback(zeros(1, 4) as never),
    'CONGRUENT_SHAPE',
    'LSTMCell.vjp: pullback: the states must be an array [h1, c1], got Object.',
  );
  refused(
    'a cell’s second state of another batch',
    () => LSTMCell.createSync(sizes).forward(zeros(3, 2), [zeros(3, 4), zeros(2, 4)]),
    'CONGRUENT_SHAPE',
    "Input batch size 3 doesn't match hidden1 batch size 2",
  );
  refused(
    'a cell’s second state of another width',
    () => LSTMCell.createSync(sizes).forward(zeros(3, 2), [zeros(3, 4), zeros(3, 5)]),
    'CONGRUENT_SHAPE',
    'hidden1 has inconsistent hidden_size: got 5, expected 4',
  );
  refused(
    'no gradient at all',
    () => layer.vjp(x).pullback({}),
    'CONGRUENT_OPTION',
    'LSTM.vjp: pullback: there is no gradient to go back from. Give { output, hn, cn } or some of them',
  );
  refused(
    'a gradient of another shape than its state',
    () => layer.vjp(x).pullback({ cn: zeros(2, 3, 5) }),
    'CONGRUENT_SHAPE',
    'LSTM.vjp: pullback: cn: Mismatch in shape: grad_output has a shape of [2, 3, 5] and output has a shape of [2, 3, 4]',
  );
  refused(
    'a stream’s state of the wrong size',
    () => layer.stream({ c0: zeros(2, 5) }),
    'CONGRUENT_SHAPE',
    'LSTM.stream: c0: Expected hidden[1] size (2, 1, 4), got [2, 1, 5]',
  );
  refused(
    'a reset with one state',
    () => layer.stream().reset(zeros(2, 4) as never),
    'CONGRUENT_SHAPE',
    'LSTMStream.reset: the states must be an array [h0, c0]',
  );
  refused(
    'a reset without the second state',
    () => layer.stream().reset([zeros(2, 4), undefined] as never),
    'CONGRUENT_SHAPE',
    'LSTMStream.reset: the states must be an array [h0, c0], got Array(2).',
  );
  refused(
    'a state of a GRU among an LSTM’s stream options',
    () => layer.stream({ d0: zeros(2, 4) } as never),
    'CONGRUENT_OPTION',
    "LSTM.stream: Unknown option 'd0'",
  );
});

test('a cell that the backend lacks is refused with CONGRUENT_UNSUPPORTED', async () => {
  await expectCode(
    () => GRU.createSync({ ...sizes, resetAfter: false }),
    'CONGRUENT_UNSUPPORTED',
    'GRU.create: this backend has no cell for resetAfter: false',
  );
  await expectCode(() => GRUCell.createSync({ ...sizes, resetAfter: false }), 'CONGRUENT_UNSUPPORTED');
  const Plain = defineLSTM({ lstm: of(lstm) });
  await expectCode(() => Plain.createSync({ ...sizes, projSize: 2 }), 'CONGRUENT_UNSUPPORTED', 'projSize');
});

test('the shapes of an LSTM with a projection are torch’s', () => {
  const layer = LSTM.createSync({ ...sizes, projSize: 3, numLayers: 2, bidirectional: true });
  const shapes = Object.fromEntries(Object.entries(layer.stateDict()).map(([name, { shape }]) => [name, shape]));
  expect(Object.keys(shapes).slice(0, 5)).toEqual([
    'weight_ih_l0',
    'weight_hh_l0',
    'bias_ih_l0',
    'bias_hh_l0',
    'weight_hr_l0',
  ]);
  expect(shapes).toMatchObject({ weight_hr_l0: [3, 4], weight_hh_l1_reverse: [4, 3], weight_ih_l1: [4, 6] });
  const { output, hn, cn } = layer.forward(x);
  expect([output.shape, hn.shape, cn.shape]).toEqual([
    [5, 3, 6],
    [4, 3, 3],
    [4, 3, 4],
  ]);
});

test('of states and gradients that are given by name, those left out are zeros', () => {
  const layer = LSTM.createSync({ ...sizes, dtype: 'float64' });
  const c0 = ramp([1, 4]);
  const alone = layer.stream({ c0 });
  const both = layer.stream({ h0: ramp([1, 4], 0), c0 });
  expect(alone.state).toEqual(both.state);
  const x = ramp([2, 1, 2]);
  const cn = ramp([1, 1, 4]);
  expect(layer.vjp(x).pullback({ cn })).toEqual(layer.vjp(x).pullback({ cn, hn: ramp([1, 1, 4], 0) }));
});

test('an LSTMCell takes [hx, cx] and gives [h1, c1], and so do its gradients', () => {
  const cell = LSTMCell.createSync({ ...sizes, dtype: 'float64' });
  const [input, hx, cx] = [ramp([3, 2]), ramp([3, 4], 0.1), ramp([3, 4], 0.2)];
  const [h1, c1] = cell.forward(input, [hx, cx]);
  expect([h1.shape, c1.shape]).toEqual([
    [3, 4],
    [3, 4],
  ]);
  expect(h1.data).toEqual(c1.data.map((value, i) => value + hx.data[i]! / 4));
  const { output, pullback } = cell.vjp(input, [hx, cx]);
  expect(output).toEqual([h1, c1]);
  const gradients = pullback([{ ...h1, data: h1.data.map(() => 0) }, c1]);
  gradients.cx.data.forEach((value, i) => {
    expect(value).toBeCloseTo(c1.data[i]! / 2, 12);
  });
  expect([gradients.input.shape, gradients.hx.shape]).toEqual([
    [3, 2],
    [3, 4],
  ]);
  const row = cell.forward(ramp([2]));
  expect(row.map(({ shape }) => shape)).toEqual([[4], [4]]);
});
