import { type Check, referenceModule } from '@congruent/conformance';
import { packPaddedSequence, padPackedSequence, type Tensor } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { judge, type Verdict } from '../src/conformance/judge.ts';
import {
  type Batch,
  type BatchResult,
  type LayersWanted,
  NotOffered,
  type PeerAdapter,
  type PeerModel,
} from '../src/conformance/peer-adapter.ts';
import { swappedGates } from './swapped-gates.ts';

const { GRU } = referenceModule();

/** A peer that is right by construction: the interpreter's GRU, and nothing else. */
const interpreter: PeerAdapter = {
  name: 'interpreter',
  packageName: '',
  reading: '',
  documentation: [],
  withoutGradients: 'none here',
  withoutFloat64: 'none here',
  async open(wanted) {
    if (wanted.cell.name !== 'gru') throw new NotOffered(`the cell ${wanted.cell.name}`);
    return modelOf(wanted);
  },
};

function modelOf({ inputSize, hiddenSize, bias, weights }: LayersWanted): PeerModel {
  const bidirectional = weights[0]!.length === 2;
  const gru = GRU.createSync({ inputSize, hiddenSize, bias, numLayers: weights.length, bidirectional });
  const named = weights.flatMap((sides, layer) =>
    sides.flatMap((side, direction) =>
      Object.entries(side).map(
        ([name, tensor]) => [`${name}_l${layer}${direction ? '_reverse' : ''}`, tensor] as const,
      ),
    ),
  );
  gru.loadStateDict(Object.fromEntries(named));
  return {
    async forward({ steps, batch, input, lengths, initial }: Batch): Promise<BatchResult> {
      const x: Tensor = { data: input, shape: [steps, batch, inputSize] };
      const h0 = initial && { data: initial[0]!, shape: [weights.flat().length, batch, hiddenSize] };
      if (!lengths) {
        const { output, hn } = gru.forward(x, h0);
        return { output: output.data, last: [hn.data] };
      }
      const { output, hn } = gru.forward(packPaddedSequence(x, lengths, { enforceSorted: false }), h0);
      return { output: padPackedSequence(output).output.data, last: [hn.data] };
    },
    dispose: () => gru.dispose(),
  };
}

/** The same peer with something done to what its calls give, which are numbered. */
const changed = (change: (value: number, call: number) => number): PeerAdapter => ({
  ...interpreter,
  async open(wanted) {
    const model = await interpreter.open(wanted);
    let call = 0;
    return {
      ...model,
      async forward(batch) {
        call++;
        const { output, last } = await model.forward(batch);
        const result = (data: BatchResult['output']) => data.map((value) => change(value, call));
        return { output: result(output), last: last.map(result) };
      },
    };
  },
});

const gruIn =
  (...groups: readonly string[]) =>
  ({ kind, group }: Check): boolean =>
    kind.cell.name === 'gru' && groups.includes(group);

const titled =
  (text: string) =>
  ({ kind, title }: Check): boolean =>
    kind.cell.name === 'gru' && title.includes(text);

const count = (verdicts: readonly Verdict[], status: Verdict['status']) =>
  verdicts.filter((verdict) => verdict.status === status).length;

test('a peer that is right fails at nothing, and passes what it is asked', async () => {
  const verdicts = await judge(interpreter, gruIn('shapes', 'streams', 'packed sequences', 'vectors: configurations'));
  expect(verdicts.filter(({ status }) => status === 'failed')).toEqual([]);
  expect(count(verdicts, 'passed')).toBeGreaterThan(50);
});

test('a peer with two gates swapped fails, by the first difference and its bound', async () => {
  const verdicts = await judge(swappedGates(interpreter), gruIn('vectors: configurations'));
  expect(count(verdicts, 'passed')).toBe(0);
  expect(verdicts[0]!.reason).toMatch(/got .*, expected .*, off by .*, bound /);
});

test('what an adapter says that its peer does not offer is not failed', async () => {
  const [verdict] = await judge(
    interpreter,
    ({ kind, group }) => kind.cell.name === 'lstm' && group === 'vectors: lstm',
  );
  expect(verdict).toMatchObject({ status: 'not offered', reason: 'the cell lstm' });
  const [gradients] = await judge(interpreter, gruIn('gradients: packed'));
  expect(gradients).toMatchObject({ status: 'not offered', reason: 'gradients: none here' });
});

test("congruent's own surface is asked of no peer", async () => {
  const verdicts = await judge(interpreter, gruIn('options', 'state dict'));
  expect(count(verdicts, 'not offered')).toBe(verdicts.length);
  const [refusal] = await judge(interpreter, titled('an input of 1 dimension is refused'));
  expect(refusal).toMatchObject({ status: 'not offered' });
});

test('other bits of the same values are not failed, other values are', async () => {
  const twice = titled('C21: the same call twice gives the same bits');
  const rounded = await judge(
    changed((value, call) => value * (1 + (call % 2) * 2 ** -23)),
    twice,
  );
  expect(rounded).toMatchObject([{ status: 'not offered' }]);
  const off = await judge(
    changed((value, call) => value * (1 + (call % 2) * 2 ** -12)),
    twice,
  );
  expect(off).toMatchObject([{ status: 'failed' }]);
});
