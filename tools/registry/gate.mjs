// Counts checks and prints a line for each.
import { availableParallelism } from 'node:os';

export const total = { passed: 0, failed: 0 };
const MAX_LINES = 25;

/**
 * @param {string} name  what is checked
 * @param {() => Promise<string | void>} check  gives what there is to say besides, throws what is wrong
 * @returns {Promise<boolean>} whether it holds
 */
export async function check(name, check) {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const said = await check();
    total.passed++;
    console.log(`ok      ${name}${said ? `: ${said}` : ''} (${seconds()})`);
    return true;
  } catch (error) {
    total.failed++;
    const lines = String(error.message ?? error).split('\n');
    const rest = lines.length > MAX_LINES ? ['…', ...lines.slice(-MAX_LINES)] : lines.slice(1);
    console.log([`FAILED  ${name} (${seconds()}): ${lines[0]}`, ...rest].join('\n        '));
    return false;
  }
}

/** Runs jobs beside each other, as many as there are cores. */
export async function beside(jobs) {
  const queue = [...jobs];
  const work = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) await job();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}
