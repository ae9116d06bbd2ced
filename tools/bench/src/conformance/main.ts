// `npm run conformance:peers [-- <contestant>…]`: holds every backend and every peer to the suite, or those that are named and
// keeps what is recorded of the others; one after the other, each in a process of its own. Writes docs/conformance.md and its
// record.
import { readFile, writeFile } from 'node:fs/promises';
import { installPeers } from '../install.ts';
import { answerOf } from '../processes.ts';
import { contestantNames, type Judged } from './contestants.ts';
import { conformancePage } from './page.ts';
import { pageFile, recordFile } from './record.ts';
import { type Standing, standingOf, sumOf } from './standing.ts';

const names = await contestantNames();
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !names.includes(name));
if (unknown === undefined) await writePage();
else {
  console.error(`There is no contestant '${unknown}'. There are: ${names.join(', ')}.`);
  process.exitCode = 2;
}

async function writePage(): Promise<void> {
  installPeers();
  const recorded: Standing[] = wanted.length > 0 ? JSON.parse(await readFile(recordFile, 'utf8')) : [];
  const standings: Standing[] = [];
  for (const name of names) {
    const kept = wanted.includes(name) ? undefined : recorded.find((standing) => standing.name === name);
    standings.push(kept ?? (await judged(name)));
  }
  await writeFile(recordFile, `${JSON.stringify(standings, undefined, 2)}\n`);
  await writeFile(pageFile, conformancePage(standings));
  console.error('Wrote docs/conformance.md.');
}

async function judged(name: string): Promise<Standing> {
  const found = await answerOf<Judged>('conformance/worker', name);
  if ('unavailable' in found) {
    throw new Error(`The page is about everyone, and ${name} is not on this machine: ${found.unavailable}`);
  }
  const standing = standingOf(name, found.mode, found.verdicts);
  const { passed, failed, notOffered } = sumOf(Object.values(standing.cells));
  console.error(`${name}: ${passed} passed, ${failed} failed, ${notOffered} not offered`);
  return standing;
}
