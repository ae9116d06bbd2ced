// Runs tasks of Nx and says so in one line; what a task printed is shown where it failed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const CACHE = '.nx/cache';
const RUN = join(CACHE, 'run.json');

/**
 * @param {string} doing  what the line says, e.g. `building`
 * @param {readonly string[]} args  of `nx`
 * @param {boolean} [each]  also a line for every task, where they take long
 * @returns whether all succeeded
 */
export async function runTasks(doing, args, each = false) {
  rmSync(RUN, { force: true });
  const start = performance.now();
  process.stdout.write(each ? `${doing} …\n` : `${doing} … `);
  const { status, printed } = await nx(args, (line) => {
    const task = /^\s*([✔✖])\s+nx run (.*)$/.exec(line);
    if (each && task) console.log(`  ${task[1]} ${task[2]}`);
  });
  const tasks = existsSync(RUN) ? JSON.parse(readFileSync(RUN, 'utf8')).tasks : [];
  const cached = tasks.filter(({ cacheStatus }) => /cache-hit|cache-kept/.test(cacheStatus)).length;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const count = `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}, ${cached} from the cache`;
  console.log(`${each ? '… ' : ''}${status === 0 ? 'done' : 'FAILED'} in ${seconds} s (${count})`);
  if (status !== 0) console.error(complaints(tasks) || printed);
  return status === 0;
}

/** Runs `nx`, giving each line of its output as it comes, and all of them at the end. */
function nx(args, onLine) {
  return new Promise((resolve, reject) => {
    // Nx's own colours and questions are for terminals.
    const child = spawn('nx', args, {
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NX_TUI: 'false' },
    });
    const lines = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        onLine(line);
      });
    }
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, printed: lines.join('\n') }));
  });
}

/** What the tasks that failed printed. */
function complaints(tasks) {
  return tasks
    .filter(({ status }) => status !== 0)
    .map(({ taskId, hash }) => {
      const file = join(CACHE, 'terminalOutputs', hash ?? '');
      return `\n── ${taskId}\n${hash && existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : ''}`;
    })
    .join('\n');
}
