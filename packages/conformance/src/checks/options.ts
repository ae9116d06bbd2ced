import { SIZES, small, smallCell, smallInput } from '../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../expect/expect.ts';
import type { Subject } from '../subject/subject.ts';
import { type Check, check, type Outcome } from './check.ts';
import { refuseFloat64, refuseTraining } from './gradients/training.ts';
import { expectRefusal } from './refusal.ts';

const refused = (title: string, words: string, options: object): Check =>
  check('options', title, async (subject) => {
    await expectRefusal(subject, 'CONGRUENT_OPTION', words, () => small(subject, options));
    await small(subject);
  });

/** Options of `create`. */
export const optionChecks: readonly Check[] = [
  check('options', "C8: defaults are torch's", async (subject) => {
    using gru = await subject.createGRU({ ...SIZES });
    const { numLayers, bias, batchFirst, dropout, bidirectional, dtype, seed } = gru.options;
    expectEqual(
      'numLayers, bias, batchFirst, dropout, bidirectional, dtype, seed',
      [numLayers, bias, batchFirst, dropout, bidirectional, dtype, seed],
      [1, true, false, 0, false, 'float32', 0],
    );
    expect(gru instanceof subject.GRU, 'a GRU is an instance of the class GRU');
    using cell = await smallCell(subject);
    expect(cell instanceof subject.GRUCell, 'a GRUCell is an instance of the class GRUCell');
  }),
  refused('C8: inputSize 0 is refused with CONGRUENT_OPTION', 'input_size must be greater than zero', { inputSize: 0 }),
  refused('C8: hiddenSize -1 is refused with CONGRUENT_OPTION', 'hidden_size must be greater than zero', {
    hiddenSize: -1,
  }),
  refused('C8: hiddenSize 1.5 is refused with CONGRUENT_OPTION', 'hiddenSize', { hiddenSize: 1.5 }),
  refused('C8: numLayers 0 is refused with CONGRUENT_OPTION', 'num_layers must be greater than zero', { numLayers: 0 }),
  refused('C8: a missing inputSize is refused with CONGRUENT_OPTION', 'inputSize', { inputSize: undefined }),
  refused('C8: an unknown option is refused with CONGRUENT_OPTION, naming the nearest', "'hiddenSize'", {
    hidenSize: 5,
  }),
  refused("C8: torch's spelling of an option is refused with CONGRUENT_OPTION, naming ours", "'batchFirst'", {
    batch_first: true,
  }),
  refused('C8: projSize is refused with CONGRUENT_OPTION', 'proj_size argument is only supported for LSTM', {
    projSize: 2,
  }),
  refused('C8: a bias that is no boolean is refused with CONGRUENT_OPTION', 'bias', { bias: 1 }),
  refused('C8: an unknown dtype is refused with CONGRUENT_OPTION', 'float16', { dtype: 'float16' }),
  refused('C8: a seed that is no safe integer is refused with CONGRUENT_OPTION', 'seed', { seed: 0.5 }),
  refused(
    'C8: dropout above 1 is refused with CONGRUENT_OPTION',
    'dropout should be a number in range [0, 1] representing the probability of an element being zeroed',
    { dropout: 1.5 },
  ),
  refused('C8: dropout NaN is refused with CONGRUENT_OPTION', 'dropout', { dropout: Number.NaN }),
  check('options', 'C9: float64 where backend.supports.float64, else refused with CONGRUENT_UNSUPPORTED', (subject) =>
    expectFloat64(subject),
  ),
  check('options', 'C10: createSync where backend.supports.sync, else refused with CONGRUENT_UNSUPPORTED', (subject) =>
    expectSync(subject),
  ),
  check(
    'options',
    'C11: vjp where backend.supports.training, else absent or refused with CONGRUENT_UNSUPPORTED',
    (subject) => expectTraining(subject),
  ),
];

async function expectFloat64(subject: Subject): Promise<Outcome> {
  if (!subject.backend.supports.float64) return await refuseFloat64(subject);
  using gru = await small(subject, { dtype: 'float64' });
  const { output, hn } = await gru.forward(smallInput('float64'));
  expect(output.data instanceof Float64Array && hn.data instanceof Float64Array, 'results must be Float64Arrays');
  return 'passed';
}

async function expectSync(subject: Subject): Promise<Outcome> {
  const options = { ...SIZES, ...subject.options, seed: 7 };
  if (!subject.backend.supports.sync) {
    await expectRefusal(subject, 'CONGRUENT_UNSUPPORTED', 'createSync', () => subject.GRU.createSync(options));
    await expectRefusal(subject, 'CONGRUENT_UNSUPPORTED', 'createSync', () => subject.GRUCell.createSync(options));
    return 'refused';
  }
  using gru = subject.GRU.createSync(options);
  const result = gru.forward(smallInput());
  expect(!('then' in result), 'supports.sync: forward must answer without a promise');
  using other = await small(subject);
  expectSameBits('output of createSync', result.output.data, (await other.forward(smallInput())).output.data);
  using cell = subject.GRUCell.createSync(options);
  expect(!('then' in cell.forward(smallRow())), 'supports.sync: GRUCell.forward must answer without a promise');
  return 'passed';
}

const smallRow = () => ({ data: new Float32Array(SIZES.inputSize), shape: [SIZES.inputSize] });

async function expectTraining(subject: Subject): Promise<Outcome> {
  if (!subject.backend.supports.training) return await refuseTraining(subject);
  using gru = await small(subject);
  using given = (await gru.vjp(smallInput())).pullback;
  expect(typeof given === 'function', 'supports.training: vjp must give a pullback');
  using cell = await smallCell(subject);
  using back = (await cell.vjp(smallRow())).pullback;
  expect(typeof back === 'function', 'supports.training: GRUCell.vjp must give a pullback');
  return 'passed';
}
