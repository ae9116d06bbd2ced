import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/train/main.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

/** Runs `npm run train:digits` as built; `meanwhile` sees it as soon as it trains. */
async function trainDigits(args: readonly string[], meanwhile?: (child: ChildProcess) => void): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args]);
  let printed = '';
  const hear = (chunk: Buffer): void => {
    if (printed === '' && meanwhile) setTimeout(() => meanwhile(child), 50);
    printed += chunk;
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed };
}

test('Ctrl-C saves and ends; the same command goes on, to the same file as a run that was left alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'digits-'));
  const [interrupted, whole] = [join(folder, 'interrupted.safetensors'), join(folder, 'whole.safetensors')];
  const epochs = ['--epochs', '4'];
  const first = await trainDigits([...epochs, '--checkpoint', interrupted], (child) => {
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGINT'), 3); // as npm does, beside the terminal
  });
  expect(first.printed).toContain('The same command goes on.');
  expect(first.code).toBe(130);
  const second = await trainDigits([...epochs, '--checkpoint', interrupted]);
  expect(second.printed).toContain('images it has not seen are read rightly');
  expect(second.code).toBe(0);
  expect((await trainDigits([...epochs, '--checkpoint', whole])).code).toBe(0);
  expect((await readFile(interrupted)).equals(await readFile(whole))).toBe(true);

  const third = await trainDigits([...epochs, '--checkpoint', whole]);
  expect(third.printed).toContain('holds a finished run');
  const other = await trainDigits(['--epochs', '5', '--checkpoint', whole]);
  expect(other.printed).toContain('holds a run with other settings');
  expect(other.code).toBe(2);
  await rm(folder, { recursive: true });
});

test.each([
  [['--epochs', '0'], '--epochs takes an integer from 1, got 0'],
  [['--backend', 'cuda'], '--backend must be one of'],
  [['--cell', 'rnn'], '--cell must be one of gru, lstm, got rnn'],
  [['--speed', '9'], "Unknown option '--speed'"],
])('%j is refused, with where to read on', async (args, words) => {
  const { code, printed } = await trainDigits(args);
  expect(printed).toContain(words);
  expect(printed).toContain('npm run train:digits -- --help');
  expect(code).toBe(2);
});
