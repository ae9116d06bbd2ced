import type { Tensor } from '@congruent/runtime';
import { SIZES, small, smallCell, smallInput } from '../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../expect/expect.ts';
import type { Kind } from '../kinds/kind.ts';
import { isPromise } from '../subject/layers.ts';
import type { Subject } from '../subject/subject.ts';
import { check, type KindCheck, type Outcome } from './check.ts';
import { refuseFloat64, refuseTraining } from './gradients/training.ts';
import { expectRefusal } from './refusal.ts';

const refused = (title: string, words: string, options: object): KindCheck =>
  check('options', title, async (subject) => {
    await expectRefusal(subject, 'CONGRUENT_OPTION', words, () => small(subject, options));
    await small(subject);
  });

/** Options of `create`. */
export const optionChecks = (kind: Kind): readonly KindCheck[] => [
  check('options', "C8: defaults are torch's", async (subject) => {
    using layers = await subject.createLayers({ ...SIZES });
    const { numLayers, bias, batchFirst, dropout, bidirectional, dtype, seed } = layers.made.options;
    expectEqual(
      'numLayers, bias, batchFirst, dropout, bidirectional, dtype, seed',
      [numLayers, bias, batchFirst, dropout, bidirectional, dtype, seed],
      [1, true, false, 0, false, 'float32', 0],
    );
    expect(layers.made instanceof subject.layerClass, `made by ${kind.layerClass}.create, but no instance of it`);
    if (!kind.cellClass) return;
    using cell = await smallCell(subject);
    expect(cell.made instanceof subject.cellClass, `made by ${kind.cellClass}.create, but no instance of it`);
  }),
  refused('C8: inputSize 0 is refused with CONGRUENT_OPTION', 'input_size must be greater than zero', { inputSize: 0 }),
  refused('C8: hiddenSize -1 is refused with CONGRUENT_OPTION', 'hidden_size must be greater than zero', {
    hiddenSize: -1,
  }),
  refused('C8: hiddenSize 1.5 is refused with CONGRUENT_OPTION', 'hiddenSize', { hiddenSize: 1.5 }),
  refused('C8: numLayers 0 is refused with CONGRUENT_OPTION', 'num_layers must be greater than zero', { numLayers: 0 }),
  refused('C8: a missing inputSize is refused with CONGRUENT_OPTION', 'inputSize', { inputSize: undefined }),
  refused('C8: an unknown option is refused with CONGRUENT_OPTION, naming those that there are', 'hiddenSize', {
    hidenSize: 5,
  }),
  refused("C8: torch's spelling of an option is refused with CONGRUENT_OPTION, naming ours", 'batchFirst', {
    batch_first: true,
  }),
  refused('C8: numLayers 2³² is refused with CONGRUENT_OPTION', 'numLayers', { numLayers: 2 ** 32 }),
  ...ownRefusals(kind),
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
  check('options', 'C33: backend is the name of the one that runs it', async (subject) => {
    const { name, backends = [name] } = subject.backend;
    using layers = await small(subject);
    expectNamed(kind.layerClass, layers.made.backend, backends);
    if (!kind.cellClass) return;
    using cell = await smallCell(subject);
    expectNamed(kind.cellClass, cell.made.backend, backends);
  }),
];

const expectNamed = (where: string, got: string, backends: readonly string[]): void =>
  expect(backends.includes(got), `${where}: backend is '${got}', expected one of: ${backends.join(', ')}`);

/** Of options that some classes have. */
function ownRefusals({ layerClass }: Kind): KindCheck[] {
  if (layerClass !== 'LSTM') {
    const words = "Unknown option 'projSize'";
    return [
      refused('C8: projSize is refused with CONGRUENT_OPTION', words, { projSize: 2 }),
      ...(layerClass === 'RNN'
        ? [
            refused('C8: an unknown nonlinearity is refused with CONGRUENT_OPTION', 'Unknown nonlinearity', {
              nonlinearity: 'sigmoid',
            }),
          ]
        : [
            refused('C8: a resetAfter that is no boolean is refused with CONGRUENT_OPTION', 'resetAfter', {
              resetAfter: 1,
            }),
          ]),
    ];
  }
  return [
    refused(
      'C8: projSize of hiddenSize is refused with CONGRUENT_OPTION',
      'proj_size has to be smaller than hidden_size',
      { projSize: SIZES.hiddenSize },
    ),
    refused(
      'C8: projSize -1 is refused with CONGRUENT_OPTION',
      'proj_size should be a positive integer or zero to disable projections',
      { projSize: -1 },
    ),
  ];
}

async function expectFloat64(subject: Subject): Promise<Outcome> {
  if (!subject.backend.supports.float64) return await refuseFloat64(subject);
  using layers = await small(subject, { dtype: 'float64' });
  const { output, last } = await layers.forward(smallInput('float64'));
  const wide = [output, ...last].every(({ data }) => data instanceof Float64Array);
  expect(wide, 'results must be Float64Arrays');
  return 'passed';
}

async function expectSync(subject: Subject): Promise<Outcome> {
  const { kind, layerClass, cellClass } = subject;
  const options = { ...SIZES, ...kind.options, ...subject.options, seed: 7 };
  if (!subject.backend.supports.sync) {
    for (const made of kind.cellClass ? [layerClass, cellClass] : [layerClass]) {
      await expectRefusal(subject, 'CONGRUENT_UNSUPPORTED', 'createSync', () => made.createSync(options));
    }
    return 'refused';
  }
  using made = layerClass.createSync(options);
  const result = made.forward(smallInput());
  expect(!isPromise(result), 'supports.sync: forward must answer without a promise');
  using other = await small(subject);
  const { output } = result as Readonly<Record<string, Tensor>>;
  expectSameBits('output of createSync', output!.data, (await other.forward(smallInput())).output.data);
  if (!kind.cellClass) return 'passed';
  using cell = cellClass.createSync(options);
  expect(
    !isPromise(cell.forward(smallRow())),
    `supports.sync: ${kind.cellClass}.forward must answer without a promise`,
  );
  return 'passed';
}

const smallRow = () => ({ data: new Float32Array(SIZES.inputSize), shape: [SIZES.inputSize] });

async function expectTraining(subject: Subject): Promise<Outcome> {
  if (!subject.backend.supports.training) return await refuseTraining(subject);
  using layers = await small(subject);
  using given = (await layers.vjp(smallInput())).pullback;
  expect(typeof given === 'function', 'supports.training: vjp must give a pullback');
  if (!subject.kind.cellClass) return 'passed';
  using cell = await smallCell(subject);
  using back = (await cell.vjp(smallRow())).pullback;
  expect(typeof back === 'function', `supports.training: ${subject.kind.cellClass}.vjp must give a pullback`);
  return 'passed';
}
