// One contestant in a process of its own: `worker.js <contestant> <row>`. Makes itself ready, sends its results, then
// answers each message n with the nanoseconds that n runs took.
import { contestantCalled } from './contestants.ts';
import { resultsOf, time } from './peer.ts';
import { problemOf } from './problem.ts';
import { workCalled } from './works.ts';

const [, , contestant, row] = process.argv;
const peer = await contestantCalled(contestant!);
const problem = problemOf(workCalled(row!));
const open = await peer.prepare(problem);
const running = await open();
process.send!(await resultsOf(running, problem));

// The interval of a step's inputs; a sequence has one.
const inputs = problem.work.kind === 'step' ? problem.work.steps : 1;
process.on('message', async (times: number) => process.send!(await time(running, times, inputs, peer.onGpu)));
