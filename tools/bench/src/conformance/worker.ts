// Holds one contestant to the suite, in a process of its own, as some peers set globals: `worker.js <contestant>`.
import { judgeCalled } from './contestants.ts';

const judged = await judgeCalled(process.argv[2]!);
// Peers leave threads behind.
process.send!(judged, () => process.exit());
