// Does one thing on one backend for a time, in a process of its own, and says what memory did.
import { availableBackends } from '../backends.ts';
import { watch } from './flat.ts';
import { works } from './works.ts';

const [work = '', backend = '', milliseconds = ''] = process.argv.slice(2);
const found = (await availableBackends([backend]))[0]!;
process.send!(await watch(await works[work]!(found), Number(milliseconds)));
process.disconnect();
process.exit();
