// A contestant's first result in a fresh process: `cold.js <contestant> [<packages>]`. The clock starts with the weights
// in memory and nothing of the contestant imported, and stops when the first step's result is there.
import { contestantCalled } from './contestants.ts';
import { arraysOf } from './peer.ts';
import { problemOf } from './problem.ts';
import { coldWork } from './works.ts';

const [, , contestant, packages] = process.argv;
const peer = await contestantCalled(contestant!, packages);
const open = await peer.prepare(problemOf(coldWork));
const start = process.hrtime.bigint();
const running = await open();
const result = await running.run(0);
const nanoseconds = Number(process.hrtime.bigint() - start);
process.send!({ nanoseconds, state: arraysOf(result)[0] }, undefined, undefined, () => process.exit());
