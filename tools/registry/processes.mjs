// The programs that the checks start: each has a time limit, and none outlives the gate.
import { spawn } from 'node:child_process';

const running = new Set();
const MAX_OUTPUT = 2 ** 24;

/**
 * Runs a program to its end, with nothing of npm's configuration of this repository in its environment.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: Record<string, string | undefined>, seconds?: number }} options
 * @returns {Promise<string>} what it printed to stdout and stderr
 */
export async function run(command, args, { cwd, env = {}, seconds = 180 }) {
  const child = start(command, args, { cwd, env });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      if (printed.length < MAX_OUTPUT) printed += text;
    });
  const timer = setTimeout(() => stop(child), seconds * 1000);
  const [status, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...ending) => resolve(ending));
  }).finally(() => clearTimeout(timer));
  if (status === 0) return printed;
  const why = signal ? `was stopped by ${signal} (limit ${seconds} s)` : `ended with ${status}`;
  throw Object.assign(new Error(`${command} ${args.join(' ')} ${why}\n${printed.trimEnd()}`), { printed });
}

/** Starts a program in a process group of its own, so that it is stopped with all that it starts. */
export function start(command, args, { cwd, env = {} }) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$|INIT_CWD$)/i.test(name));
  const child = spawn(command, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  child.on('close', () => running.delete(child));
  return child;
}

function stop(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {} // it has ended
}

export const stopAll = () => running.forEach(stop);
