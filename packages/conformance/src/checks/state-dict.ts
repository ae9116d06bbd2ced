import type { Tensor } from '@congruent/runtime';
import { SIZES, sample, small, smallCell, smallInput } from '../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../expect/expect.ts';
import { gatesOf, type Kind } from '../kinds/kind.ts';
import { parameterShapes, type Sizes } from '../kinds/sizes.ts';
import { referenceModule } from '../reference/backend.ts';
import { backendOf, subjectOf } from '../subject/open.ts';
import type { Subject } from '../subject/subject.ts';
import { check, type KindCheck } from './check.ts';
import { expectRefusal } from './refusal.ts';

const GROUP = 'state dict';

const full = { numLayers: 2, bidirectional: true } as const;

/** Parameters by torch's names. */
export const stateDictChecks = (kind: Kind): readonly KindCheck[] => [
  check(GROUP, "P7: names and shapes are torch's, in torch's order", expectAllNames),
  check(
    GROUP,
    'E9: parameters start uniform in ±1/√H, follow from the seed, and differ from each other',
    expectInitialParameters,
  ),
  check(GROUP, 'P7 C12: stateDict and loadStateDict copy, and a round trip gives the same bits', expectRoundTrip),
  check(
    GROUP,
    'C12: a missing parameter is refused with CONGRUENT_STATE_DICT, and nothing is loaded',
    async (subject) => {
      const words = ['Missing key(s) in state_dict: "weight_hh_l1"', `state_dict for ${kind.layerClass}`];
      await expectUnchanged(subject, words, (dict) => {
        delete dict['weight_hh_l1'];
      });
    },
  ),
  check(
    GROUP,
    'C12: an unexpected parameter is refused with CONGRUENT_STATE_DICT, and nothing is loaded',
    async (subject) => {
      await expectUnchanged(subject, 'Unexpected key(s) in state_dict: "weight_ho_l0"', (dict) => {
        dict['weight_ho_l0'] = sample([1], 1);
      });
    },
  ),
  check(
    GROUP,
    'C13: a parameter of another shape is refused with CONGRUENT_STATE_DICT, and nothing is loaded',
    async (subject) => {
      const rows = gatesOf(kind) * SIZES.hiddenSize;
      const sizes = [`torch.Size([${rows}, 4])`, `torch.Size([${rows}, 3])`];
      await expectUnchanged(subject, ['size mismatch for weight_ih_l0', ...sizes], (dict) => {
        dict['weight_ih_l0'] = sample([rows, 4], 1);
      });
      await expectUnchanged(subject, 'size mismatch for weight_ih_l0', (dict) => {
        dict['weight_ih_l0'] = sample([3, rows], 1);
      });
    },
  ),
  check(GROUP, 'C12: integers are skipped where they are no parameter, and refused where they are', expectIntegers),
  check(GROUP, 'C12 C13: strict: false is proposed only where nothing would stay random', expectProposal),
  check(GROUP, 'C12: without strict, other names are skipped and named', expectSkipped),
  ...(kind.cellClass
    ? [
        check(
          GROUP,
          `C12 C13: ${kind.cellClass} refuses a wrong state dict with CONGRUENT_STATE_DICT`,
          expectCellRefusals,
        ),
      ]
    : []),
];

async function expectAllNames(subject: Subject): Promise<void> {
  for (const bidirectional of [false, true]) {
    for (const bias of [false, true]) await expectNames(subject, { numLayers: 3, bidirectional, bias });
  }
  if (!subject.kind.cellClass) return;
  using cell = await smallCell(subject);
  const sizes = { ...SIZES, numLayers: 1, bias: true, bidirectional: false };
  const expected = [...parameterShapes(subject.kind, sizes, true)].map(([name, shape]) => [name, ...shape]);
  const got = Object.entries(cell.stateDict()).map(([name, { shape }]) => [name, ...shape]);
  expectEqual(subject.kind.cellClass, got, expected);
}

/** The names and shapes of a state dict are torch's, in torch's order. */
async function expectNames(
  subject: Subject,
  options: Pick<Sizes, 'numLayers' | 'bias' | 'bidirectional'>,
): Promise<void> {
  using layers = await small(subject, options);
  const sizes = { ...SIZES, ...subject.kind.options, ...options };
  const expected = [...parameterShapes(subject.kind, sizes)].map(([name, shape]) => [name, ...shape]);
  const got = Object.entries(layers.stateDict()).map(([name, { shape }]) => [name, ...shape]);
  expectEqual(`names and shapes with ${JSON.stringify(options)}`, got, expected);
}

async function expectInitialParameters(subject: Subject): Promise<void> {
  using layers = await small(subject, { hiddenSize: 64, seed: 3 });
  using same = await small(subject, { hiddenSize: 64, seed: 3 });
  using other = await small(subject, { hiddenSize: 64, seed: 4 });
  const values = flat(layers.stateDict());
  expectSameBits('parameters of the same seed', flat(same.stateDict()), values);
  const specified = subjectOf(backendOf(referenceModule(), {}, subject.random), subject.kind);
  using reference = await small(specified, { hiddenSize: 64, seed: 3 });
  expectSameBits('parameters on every backend', values, flat(reference.stateDict()));
  const shared = flat(other.stateDict()).filter((value, i) => value === values[i]).length;
  expect(shared < values.length / 100, `${shared} of ${values.length} parameters are those of another seed`);
  const bound = 1 / Math.sqrt(64);
  expect(
    values.every((value) => Math.abs(value) <= bound),
    `parameters must be within ±${bound}`,
  );
  // The mean of n values uniform in ±b has standard deviation b/√(3n), that of their squares b²·√(4/(45n)).
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const square = values.reduce((sum, value) => sum + value * value, 0) / n;
  expect(Math.abs(mean) < (6 * bound) / Math.sqrt(3 * n), `mean ${mean} of ${n} parameters`);
  const deviation = bound ** 2 * Math.sqrt(4 / (45 * n));
  expect(Math.abs(square - bound ** 2 / 3) < 6 * deviation, `mean square ${square} of ${n} parameters`);
}

async function expectRoundTrip(subject: Subject): Promise<void> {
  using layers = await small(subject, full);
  using other = await small(subject, { ...full, seed: 8 });
  const input = smallInput();
  const dict = layers.stateDict();
  const expected = (await layers.forward(input)).output.data;
  const loaded = other.loadStateDict(dict);
  expectEqual('skipped names', [loaded.missingKeys, loaded.unexpectedKeys], [[], []]);
  for (const { data } of Object.values(dict)) data.fill(99);
  expectSameBits('output after loading', (await other.forward(input)).output.data, expected);
  expectSameBits('output of the first', (await layers.forward(input)).output.data, expected);
  expectSameBits('state dict', flat(other.stateDict()), flat(layers.stateDict()));
}

async function expectSkipped(subject: Subject): Promise<void> {
  using layers = await small(subject);
  const before = layers.stateDict();
  const bias = sample(before['bias_hh_l0']!.shape, 5);
  const loaded = layers.loadStateDict({ bias_hh_l0: bias, other: sample([1], 1) }, { strict: false });
  const others = Object.keys(before).filter((name) => name !== 'bias_hh_l0');
  expectEqual('missing', loaded.missingKeys, others);
  expectEqual('unexpected', loaded.unexpectedKeys, ['other']);
  expectSameBits('loaded', layers.stateDict()['bias_hh_l0']!.data, bias.data);
  expectSameBits('not loaded', layers.stateDict()['weight_hh_l0']!.data, before['weight_hh_l0']!.data);
}

async function expectIntegers(subject: Subject): Promise<void> {
  using layers = await small(subject);
  const dict = layers.stateDict();
  const counter = { data: BigInt64Array.of(7n), shape: [] };
  const { unexpectedKeys } = layers.loadStateDict({ ...dict, counter } as never, { strict: false });
  expectEqual('unexpected', unexpectedKeys, ['counter']);
  const { data, shape } = dict['bias_hh_l0']!;
  const integers = { data: new Int8Array(data.length), shape };
  await expectRefusal(subject, 'CONGRUENT_STATE_DICT', ['"bias_hh_l0"', `Int8Array(${data.length})`], () =>
    layers.loadStateDict({ ...dict, bias_hh_l0: integers } as never),
  );
}

async function expectProposal(subject: Subject): Promise<void> {
  using layers = await small(subject);
  const dict = layers.stateDict();
  const messageOf = (given: object): string => {
    try {
      layers.loadStateDict(given as never);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  const { bias_hh_l0: _, ...missing } = dict;
  const other = sample([1], 1);
  for (const [given, proposed] of [
    [{ ...dict, other }, true],
    [{ ...missing, other }, false],
    [{ ...dict, other, bias_hh_l0: other }, false],
  ] as const) {
    const message = messageOf(given);
    expect(
      message.includes('strict: false') === proposed,
      `strict: false must ${proposed ? '' : 'not '}be proposed: ${message}`,
    );
    expect(message.length < 2000, `a message of ${message.length} characters`);
  }
}

async function expectCellRefusals(subject: Subject): Promise<void> {
  using cell = await smallCell(subject);
  const { weight_ih, ...rest } = cell.stateDict();
  await expectRefusal(subject, 'CONGRUENT_STATE_DICT', 'Missing key(s) in state_dict: "weight_ih"', () =>
    cell.loadStateDict(rest),
  );
  const wrong = sample([gatesOf(subject.kind) * SIZES.hiddenSize, SIZES.hiddenSize + 1], 1);
  await expectRefusal(subject, 'CONGRUENT_STATE_DICT', 'size mismatch for weight_hh', () =>
    cell.loadStateDict({ ...rest, weight_ih: weight_ih!, weight_hh: wrong }),
  );
}

async function expectUnchanged(
  subject: Subject,
  words: string | readonly string[],
  spoil: (dict: Record<string, Tensor>) => void,
): Promise<void> {
  using layers = await small(subject, full);
  using other = await small(subject, { ...full, seed: 8 });
  const before = (await layers.forward(smallInput())).output.data;
  const dict = other.stateDict();
  spoil(dict);
  await expectRefusal(subject, 'CONGRUENT_STATE_DICT', words, () => layers.loadStateDict(dict));
  expectSameBits('output after the refusal', (await layers.forward(smallInput())).output.data, before);
}

const flat = (dict: Record<string, Tensor>): number[] => Object.values(dict).flatMap(({ data }) => Array.from(data));
