// The loop while one works (`npm run dev`): at every change of a file it generates anew, builds and tests what the work since
// the last commit touches, and what depends on that. Nx knows what that is; what did not change comes from its cache.
import { execFileSync, spawn } from 'node:child_process';
import { relative } from 'node:path';
import { createServer } from 'vite';

/** One after the other: what is built and tested is what was generated. */
const STEPS = [['generate'], ['build', 'test', 'generate:check']];
/** Editors save several files at once: milliseconds. */
const PAUSE = 200;
/** What is made, and would start the loop again: of builds, of tests, of `generate`. */
const MADE = [/node_modules/, /\/(dist|reports|\.nx|\.git)(\/|$)/, /\/packages\/\w+\/src\/generated(\/|$)/];

/** What runs; a change stops it. @type {import('node:child_process').ChildProcess | undefined} */
let child;
let pass = 0;
let ended = false;

/** Runs targets of what is affected; gives whether all succeeded. @type {(targets: readonly string[]) => Promise<boolean>} */
function affected(targets) {
  const args = ['affected', '--base=HEAD', '-t', ...targets];
  // In a process group of its own, which ends as a whole.
  const own = spawn('node_modules/.bin/nx', args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  own.stdout.pipe(process.stdout);
  own.stderr.pipe(process.stderr);
  child = own;
  return new Promise((resolve) => {
    own.on('close', (status) => {
      if (child === own) child = undefined;
      resolve(status === 0);
    });
  });
}

async function stop() {
  const running = child;
  if (running?.pid === undefined) return;
  const closed = new Promise((resolve) => running.once('close', resolve));
  try {
    process.kill(-running.pid, 'SIGTERM');
  } catch {} // it has ended
  await closed;
}

/** From the first step, unless a later change begins another pass meanwhile. */
async function start() {
  const own = ++pass;
  await stop();
  for (const targets of STEPS) {
    if (own !== pass || ended) return;
    if (!(await affected(targets))) break;
  }
  if (own === pass && !ended) console.log('\nWaiting for a change. Ctrl-C ends.');
}

/** Whether git ignores a file: what else programs write here. */
function isIgnored(/** @type {string} */ path) {
  try {
    execFileSync('git', ['check-ignore', '--quiet', path]);
    return true;
  } catch {
    return false;
  }
}

// Vite's watcher alone: it follows folders on every system and Node.
const server = await createServer({
  configFile: false,
  logLevel: 'silent',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, ws: false, watch: { ignored: MADE } },
});
/** @type {NodeJS.Timeout | undefined} */
let timer;
server.watcher.on('all', (event, path) => {
  const file = relative('.', path);
  if (/Dir$/.test(event) || ended || isIgnored(file)) return;
  console.log(`\n${file}: ${event}`);
  clearTimeout(timer);
  timer = setTimeout(start, PAUSE);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, async () => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    await Promise.all([stop(), server.close()]);
    process.exit();
  });
await start();
