// One contestant in a process of its own: `worker.js <contestant> <row> [<packages>]`. Makes itself ready, says what it
// has to offer, then answers each message with the nanoseconds that so many runs took.
import { contestantCalled } from './contestants.ts';
import { resultsOf, time } from './peer.ts';
import { problemOf } from './problem.ts';
import type { Demand, Ready } from './processes.ts';
import { workCalled } from './works.ts';

const [, , contestant, row, packages] = process.argv;
const peer = await contestantCalled(contestant!, packages);
const problem = problemOf(workCalled(row!));
const open = await peer.prepare(problem);
const running = await open();
const { parts, share = 1 } = running;
const names = Object.keys(parts ?? {});
const ready: Ready = { results: await resultsOf(running, problem), parts: names, share };
process.send!(ready);

// The interval of a step's inputs; a sequence has one.
const inputs = problem.work.kind === 'step' ? problem.work.steps : 1;
process.on('message', async ({ part, times }: Demand) => {
  const run = part === undefined ? running : parts![part]!;
  process.send!(await time(run, times, inputs, peer.onGpu));
});
