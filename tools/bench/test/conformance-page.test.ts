import { readFile } from 'node:fs/promises';
import { checks } from '@congruent/conformance';
import { expect, test } from 'vitest';
import { contestantNames, peers } from '../src/conformance/contestants.ts';
import { judge } from '../src/conformance/judge.ts';
import { onnxruntimeNode } from '../src/conformance/onnxruntime.ts';
import { conformancePage } from '../src/conformance/page.ts';
import { pageFile, recordFile } from '../src/conformance/record.ts';
import { countsBy, type Standing, topicOf } from '../src/conformance/standing.ts';
import { peersInstalled, peerVersions } from '../src/folder.ts';
import { swappedGates } from './swapped-gates.ts';

const installed = peersInstalled();
if (!installed) console.warn('SKIPPED: the peers are not installed; npm run install:peers -w @congruent/bench');

const record: Standing[] = JSON.parse(await readFile(recordFile, 'utf8'));
const REMEDY = 'npm run conformance:peers writes the page anew';

/** Topics that are quick, and whose results are the same on every processor. */
const QUICK = ['shapes', 'streams'];

test('the page is what its record says', async () => {
  expect(await readFile(pageFile, 'utf8'), REMEDY).toBe(conformancePage(record));
});

test('the record is of the installed versions, and of every check', async () => {
  expect(
    record.map(({ name }) => name),
    REMEDY,
  ).toEqual(await contestantNames());
  const cells = [...new Set(checks.map(({ kind }) => kind.cell.name))];
  const counts = cells.map((cell) => checks.filter(({ kind }) => kind.cell.name === cell).length);
  for (const { name, cells: recorded, mode } of record) {
    const totals = cells.map((cell) => Object.values(recorded[cell]!).reduce((sum, count) => sum + count, 0));
    expect(totals, `${name}: ${REMEDY}`).toEqual(counts);
    const peer = peers.find((each) => each.name === name);
    if (peer) expect(mode, REMEDY).toBe(peerVersions()[peer.packageName]);
  }
});

for (const peer of peers) {
  test.skipIf(!installed)(
    `${peer.name} does what the page says, in ${QUICK.join(', ')}`,
    { timeout: 300_000 },
    async () => {
      const verdicts = await judge(peer, (check) => QUICK.includes(topicOf(check)));
      const { topics } = record.find(({ name }) => name === peer.name)!;
      const recorded = Object.fromEntries(QUICK.map((topic) => [topic, topics[topic]]));
      expect(countsBy(verdicts, topicOf), REMEDY).toEqual(recorded);
    },
  );
}

test.skipIf(!installed)('an adapter that swaps two gates fails', async () => {
  const select = ({ kind, group }: (typeof checks)[number]) =>
    kind.cell.name === 'gru' && group === 'vectors: configurations';
  const right = await judge(onnxruntimeNode, select);
  const wrong = await judge(swappedGates(onnxruntimeNode), select);
  expect(wrong.filter(({ status }) => status === 'passed')).toEqual([]);
  expect(right.every(({ status }) => status === 'passed')).toBe(true);
});
